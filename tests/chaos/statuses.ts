import { AWS_JSON, HTML, JSON_TEXT, type Misbehaviour, named, page, say } from "./misbehaviour.ts";
import { type Act, encode } from "./wire.ts";

/** Answers that are not AWS's: of a proxy, a load balancer, a firewall, a captive portal. And the refusals that are. */

const html = (status: number, title: string, headers: Record<string, string> = {}) =>
  say(status, { ...HTML, ...headers }, page(title));
const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  say(status, { ...JSON_TEXT, ...headers }, JSON.stringify(body));
const empty = (status: number, headers: Record<string, string> = {}) => say(status, headers);

/** As AWS says no, under its own header. */
const aws = (status: number, type: string, message: string, dateOffsetMs = 0): Act => ({ socket }) => {
  const date = new Date(Date.now() + dateOffsetMs).toUTCString();
  const headers = { ...AWS_JSON, date, "x-amzn-requestid": crypto.randomUUID() };
  socket.write(encode(status, headers, JSON.stringify({ __type: type, message })));
};

const GATEWAYS: Readonly<Record<number, string>> = {
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Time-out",
};

const BUSY = "too many requests";

export const STATUSES: readonly Misbehaviour[] = [
  ...Object.entries(GATEWAYS).flatMap(([status, title]) =>
    named("trouble", "either", {
      [`${status} HTML`]: html(Number(status), title),
      [`${status} JSON`]: json(Number(status), { error: title }),
      [`${status} empty`]: empty(Number(status)),
    })
  ),
  ...named("trouble", "either", {
    "400 HTML": html(400, "Bad Request"),
    "401 HTML": html(401, "Please log in", { "www-authenticate": 'Basic realm="hotel"' }),
    "403 HTML": html(403, "Blocked by policy"),
    "404 HTML": html(404, "Not Found"),
    "403 JSON": json(403, { message: "Forbidden" }),
    "404 JSON": json(404, { message: "no Route matched with those values" }),
    "403 empty": empty(403),
    "405 HTML": html(405, "Method Not Allowed", { allow: "GET" }),
    "408": empty(408, { connection: "close" }),
    "413 HTML": html(413, "Request Entity Too Large"),
    "421": empty(421),
    "425": empty(425),
    "431 HTML": html(431, "Request Header Fields Too Large"),
    "451 HTML": html(451, "Unavailable For Legal Reasons"),
    "503 with Retry-After": html(503, "Service Unavailable", { "retry-after": "1" }),
    "511 HTML": html(511, "Network Authentication Required"),
    "520 HTML": html(520, "Web server is returning an unknown error"),
    "599 empty": empty(599),
  }),
  // A proxy that wants a login first has passed nothing on: RFC 9110, 15.5.8.
  ...named("trouble", "never", {
    "407": html(407, "Proxy Authentication Required", { "proxy-authenticate": 'Basic realm="proxy"' }),
  }),
  ...named("busy", "never", {
    "429 HTML": html(429, "Too Many Requests"),
    "429 empty": empty(429),
    "429 JSON": json(429, { message: BUSY }),
    "429 with Retry-After": empty(429, { "retry-after": "1" }),
    "429 with Retry-After of an hour": empty(429, { "retry-after": "3600" }),
    "AWS throttles": aws(400, "ThrottlingException", "Rate exceeded"),
    "AWS throttles under 429": aws(429, "TooManyRequestsException", BUSY),
    "AWS says that the clock is wrong": aws(403, "InvalidSignatureException", "Signature expired", 3_600_000),
  }),
  ...named("trouble", "either", {
    "AWS is unavailable": aws(503, "ServiceUnavailableException", "Service is unavailable"),
    "AWS has an error": aws(500, "ServerException", "Service Unavailable. Please try again later."),
    "AWS has a nameless error": say(500, { ...AWS_JSON, "x-amzn-requestid": "0" }, "{}"),
    "an XML error of a load balancer": say(
      503,
      { "content-type": "application/xml" },
      "<?xml version='1.0'?><Error><Code>ServiceUnavailable</Code></Error>",
    ),
  }),
  // What AWS never does: what it means under 200 is anybody's guess.
  ...named("trouble", "never", {
    "AWS throttles under 200": aws(200, "ThrottlingException", "Rate exceeded"),
    "AWS denies under 200": aws(200, "AccessDeniedException", "not authorized"),
  }),
  ...named("refused", "never", {
    "AWS denies": aws(400, "AccessDeniedException", "User: x is not authorized to perform: x on resource: *"),
    "AWS denies under 403": aws(403, "AccessDeniedException", "explicit deny in a service control policy"),
    "AWS knows no cluster": aws(400, "ClusterNotFoundException", "Cluster not found."),
    "AWS says the token has expired": aws(400, "ExpiredTokenException", "The security token has expired"),
  }),
];
