import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { Readable } from "node:stream";
import type { AwsError } from "../errors.ts";
import type { Clock } from "../host.ts";
import { boundStream, LARGEST_ANSWER_BYTES, LARGEST_FILE_BYTES, readBounded, TooLarge } from "../host/read_bounded.ts";
import { HEAVIEST_BYTE, weighJson } from "../model/json.ts";
import type { AttemptedCall } from "../problems/aws_failure.ts";
import type { CallRates } from "./call_rates.ts";
import { explainHandler, guardHandler, type RequestHandler } from "./guard_handler.ts";
import { RefusedAnswerError } from "./refused_answer.ts";

/** How AWS is reached. What is left out resolves as in the AWS CLI: environment, profile, SSO, container, metadata. */
export interface ConnectionOptions {
  readonly region: string | undefined;
  /** What CloudTrail records as the user agent: names, each with a version. */
  readonly userAgent?: readonly (readonly [name: string, version: string])[];
  /** Gets a line for every attempt: operation, number, result, milliseconds; never a body. */
  readonly onAttempt: (attempt: AttemptedCall) => void;
  /** Called for each failure that may pass, with the milliseconds that the operation has been failing. */
  readonly onTrouble: (error: AwsError, failingForMs: number) => void;
  /** Called once where AWS refuses to show tags: what is read lacks them from then on. */
  readonly onTagsRefused: (error: AwsError) => void;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** What `fetch` takes besides the request. */
  readonly fetchOptions: Readonly<Record<CallKind, object>>;
  /** Stands in for the network in tests; the SDK's own when left out. */
  readonly requestHandler?: RequestHandler;
  /** The AWS profile that the environment names, if it does not exist. */
  readonly missingProfile?: string;
  readonly changesNothing?: boolean;
  /** The proxy that a URL is fetched through, without its login. */
  readonly proxyOf?: (url: string) => string | undefined;
  readonly mask?: (text: string) => string;
  /** Keys of the environment; when left out, the SDK looks for credentials elsewhere. */
  readonly keys?: Keys;
  /** Whether a program of the user's is getting credentials; it has a time limit of its own. */
  readonly isGettingCredentials?: () => boolean;
  /** The role that all calls are made in; when left out, the credentials are used as they are. */
  readonly role?: Role;
  /** Holds calls to AWS's rates, in this account and region. Given in runs with many services. */
  readonly rates?: CallRates;
}

/** What calls are signed with. All but the first are secrets. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Role {
  /** What the SDK's clients sign with, after the first `renew`. */
  readonly credentials: ECSClientConfig["credentials"];
  /** Renews credentials that would not last for a call. Throws an `AwsError` where there are none to get. */
  renew(signal: AbortSignal): Promise<void>;
}

/**
 * Whether a call may be sent over a connection that has been used. A call that must be sent once may not: where such a
 * connection turns out to be closed, fetch sends the call a second time, unasked, and the late copy of a change could
 * take effect after the next change.
 */
type CallKind = "ordinary" | "once";

export interface HandlerOptions {
  readonly abortSignal?: AbortSignal;
  /** Left out by the SDK itself, where it fetches credentials. */
  readonly kind?: CallKind;
}

/** The client configuration that all services have in common. */
export function clientConfig({ region, userAgent = [], requestHandler, fetchOptions, keys, role }: ConnectionOptions) {
  boundNodeHttp();
  const network = requestHandler ?? fetchHandler(fetchOptions);
  return {
    ...(region !== undefined && { region }),
    ...(keys !== undefined && { credentials: keys }),
    ...(role !== undefined && { credentials: role.credentials }),
    customUserAgent: userAgent.map(([name, version]): [string, string] => [name, version]),
    // `Api` repeats calls: it knows which may be repeated, and has the run's clock.
    maxAttempts: 1,
    // A bucket is often in another region than the service; S3 says in which. The other clients ignore this option.
    followRegionRedirects: true,
    logger: SILENT,
    requestHandler: guardHandler(network),
    // The SDK's own clients, which fetch credentials, inherit all of the above, but those of SSO take only this. Over
    // node:https they would know neither the proxy nor the certificate authorities.
    clientConfig: { requestHandler: explainHandler(network) },
  };
}

/**
 * Sends requests over fetch, not over node:http, the SDK's default: there, Deno 2.6 does not report a connection that is
 * closed without an answer, and crashes on one that is closed in the middle of it.
 */
function fetchHandler(fetchOptions: ConnectionOptions["fetchOptions"]): RequestHandler {
  const handlerOf = (kind: CallKind): RequestHandler =>
    new FetchHttpHandler({
      // A redirect would take the session token elsewhere, and might carry an order out twice.
      requestInit: () => ({ ...fetchOptions[kind], redirect: "manual" }),
      // The request itself: a copy would lose what Deno alone knows about it.
      customFetch: (request) => boundFetch(request as Request),
    });
  const handlers = { ordinary: handlerOf("ordinary"), once: handlerOf("once") };
  return {
    handle: (request, options: HandlerOptions = {}) => handlers[options.kind ?? "ordinary"].handle(request, options),
  };
}

const nothing = () => {};
/**
 * Without a logger, the SDK writes advice for programmers to stderr. A logger without `info` and `error` also keeps it
 * from logging each call, for which it would walk through all of the request and the answer.
 */
const SILENT = { trace: nothing, debug: nothing, warn: nothing } as NonNullable<ECSClientConfig["logger"]>;

/** How much memory a parsed answer may take, in bytes: the SDK and its readers parse it several times. */
const HEAVIEST_ANSWER = 16_777_216;
/** How much memory an XML tag takes, in bytes: the SDK makes objects of elements, and texts of their paths. */
const WEIGHT_OF_TAG = 400;
const LESS_THAN = 0x3c;

/** Answers larger than this are read one after the other: until it is parsed, each is in memory several times. */
const LARGE_BYTES = 1_048_576;
const IS_PARSED_WITHIN_MS = 250;

let lastLarge = Promise.resolve();

class LargeAnswerTurn {
  #bytes = 0;
  #release: (() => void) | undefined;

  async count(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#release !== undefined || this.#bytes < LARGE_BYTES) return;
    const before = lastLarge;
    const { promise, resolve } = Promise.withResolvers<void>();
    lastLarge = promise;
    this.#release = resolve;
    await before;
  }

  end(afterMs: number): void {
    if (this.#release !== undefined) setTimeout(this.#release, afterMs);
  }
}

/**
 * `fetch`, with answers of a bounded size: 32 MiB, and 64 MiB for an object of S3, which may be a Terraform state. The
 * bytes are counted after decompression.
 *
 * @throws RefusedAnswerError as soon as the limit is passed; for an object, its stream does
 */
async function boundFetch(request: Request): Promise<Response> {
  const response = await fetch(request);
  const { body } = response;
  if (body === null) return response;
  const host = new URL(request.url).host;
  if (request.method === "GET" && response.ok) {
    return new Response(boundStream(body, LARGEST_FILE_BYTES, (error) => refuse(host, error)), response);
  }
  const turn = new LargeAnswerTurn();
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readBounded(body, LARGEST_ANSWER_BYTES, (count) => turn.count(count));
    turn.end(IS_PARSED_WITHIN_MS);
  } catch (error) {
    turn.end(0);
    throw refuse(host, error);
  }
  if (isTooHeavy(bytes)) {
    throw new RefusedAnswerError({ code: "answerTooHeavy", host, bytes: bytes.length });
  }
  // The bytes themselves are the body: the SDK's handler only passes it on, and a stream would be made and read once
  // more.
  const { status, statusText, headers } = response;
  return { status, statusText, headers, body: bytes } as unknown as Response;
}

function refuse(host: string, error: unknown): unknown {
  if (!(error instanceof TooLarge)) return error;
  return new RefusedAnswerError({ code: "answerTooLarge", host, mostBytes: error.mostBytes });
}

/** Whether an answer would take too much memory. Most are too short for that, whatever they hold, and not scanned. */
function isTooHeavy(bytes: Uint8Array): boolean {
  const isXml = bytes.find((byte) => byte > 0x20 && byte < 0x80) === LESS_THAN;
  const mostWeight = bytes.length * (isXml ? WEIGHT_OF_TAG + 1 : HEAVIEST_BYTE);
  return mostWeight > HEAVIEST_ANSWER && weigh(bytes, isXml) > HEAVIEST_ANSWER;
}

/** Estimates the memory that an answer takes, in bytes. A text that is not ASCII takes two bytes a character. */
function weigh(bytes: Uint8Array, isXml: boolean): number {
  let weight = bytes.length + (isXml ? 0 : weighJson(bytes));
  for (const byte of bytes) {
    if (byte >= 0x80) weight += 2;
    else if (isXml && byte === LESS_THAN) weight += WEIGHT_OF_TAG;
  }
  return weight;
}

/** Credentials and the metadata of a machine take a few kilobytes. */
const LARGEST_CREDENTIALS_BYTES = 1_048_576;

let isNodeHttpBound = false;

/**
 * Bounds the answers that come over `node:http`: the SDK fetches the credentials of containers and instances over it
 * alone, and keeps all that it gets. All bytes go through `push()` of `Readable`: Deno has had two classes for answers,
 * and the older one has no public name.
 */
function boundNodeHttp(): void {
  if (isNodeHttpBound) return;
  isNodeHttpBound = true;
  const taken = new WeakMap<Readable, number>();
  const push = Readable.prototype.push;
  Readable.prototype.push = function (this: Readable, ...args: Parameters<typeof push>) {
    if (!("statusCode" in this)) return push.apply(this, args);
    const [chunk] = args;
    const bytes = (taken.get(this) ?? 0) + (chunk?.length ?? 0);
    taken.set(this, bytes);
    if (bytes <= LARGEST_CREDENTIALS_BYTES) return push.apply(this, args);
    this.destroy(new RefusedAnswerError({ code: "credentialsTooLarge", mostBytes: LARGEST_CREDENTIALS_BYTES }));
    return false;
  };
}
