/**
 * Faults in which something between the client and AWS answers in AWS's place, or AWS's own answer does not say what it
 * should. Each is an effect for `Emulator.inject()`.
 *
 * `applied` says whether AWS has carried the call out all the same: what filters answers has let the request through.
 */
import type { Answer } from "./exchange.ts";
import type { FaultEffect } from "./faults.ts";

/** Any answer in place of the emulator's own, from which it may take something. */
function answerInstead(
  name: string,
  by: (own: Answer) => Answer,
  { applied = false }: Applied = {},
): FaultEffect {
  return { kind: "replace", name, by, applied };
}

interface Applied {
  readonly applied?: boolean;
}

const PAGE =
  "<!DOCTYPE html>\n<html><head><title>Blocked</title></head><body><h1>Your network says no</h1></body></html>\n";

/** The page of a proxy (403, 404, 502), or of a captive portal (200). */
export const htmlPage = (status = 403, options?: Applied): FaultEffect =>
  answerInstead(`htmlPage ${status}`, () => ({
    status,
    headers: { "content-type": "text/html; charset=utf-8", server: "squid/5.7", via: "1.1 proxy.example (squid/5.7)" },
    body: PAGE,
  }), options);

/** A status without a body and without AWS's headers: 408, 429, 503 and the like. */
export const bareStatus = (status: number): FaultEffect =>
  answerInstead(`bareStatus ${status}`, () => ({ status, headers: { server: "squid/5.7" }, body: "" }));

/** A proxy that wants to know who asks. */
export const proxyLogin = (): FaultEffect =>
  answerInstead("proxyLogin", () => ({
    status: 407,
    headers: { "content-type": "text/html", server: "squid/5.7", "proxy-authenticate": 'Basic realm="proxy"' },
    body: PAGE,
  }));

/** A redirect to elsewhere: `location` as it stands in the header. */
export const redirect = (location: string, status = 307, options?: Applied): FaultEffect =>
  answerInstead(`redirect ${status}`, () => ({
    status,
    headers: { location, server: "portal", "content-type": "text/html" },
    body: PAGE,
  }), options);

/** `{}`, with all of AWS's headers. */
export const emptyAnswer = (options?: Applied): FaultEffect =>
  answerInstead("emptyAnswer", ({ headers }) => ({ status: 200, headers, body: "{}" }), options);

/** Nothing at all under 200, with all of AWS's headers. */
export const emptyBody = (options?: Applied): FaultEffect =>
  answerInstead("emptyBody", ({ headers }) => ({ status: 200, headers, body: "" }), options);

/** The name of an error under 200, with all of AWS's headers. */
export const errorUnder200 = (type = "InternalFailure", message = "", options?: Applied): FaultEffect =>
  answerInstead("errorUnder200", ({ headers }) => ({
    status: 200,
    headers,
    body: JSON.stringify({ __type: type, message }),
  }), options);
