import { ANSWER_TOO_LARGE, AwsError, ConfigError, NOT_FROM_AWS, UNREADABLE } from "../errors.ts";
import type { AwsErrorKind, AwsFailure, RefusedAnswer } from "../problems/aws_failure.ts";
import type { ConnectionOptions } from "./connection.ts";
import { whyNoCredentials } from "./guard_handler.ts";
import { foreignOf, NO_CREDENTIALS, refusedAnswerIn } from "./refused_answer.ts";

const TOO_MANY = "TooManyRequests";

/** AWS's names for "not now": nothing was applied. */
const THROTTLED = new Set([
  ...["ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded"],
  ...["RequestThrottled", "RequestThrottledException", "SlowDown", TOO_MANY],
  // Application Auto Scaling is busy with another change of the same target.
  "ConcurrentUpdateException",
]);

/** Whether AWS or a proxy is too busy: the call works later. Not so a wrong clock, which the SDK corrects at once. */
export function isThrottling({ code, kind }: AwsError): boolean {
  return THROTTLED.has(code) || (kind === "throttled" && code === NOT_FROM_AWS);
}

/** The SDK's names for missing credentials: AWS has said nothing. */
const LACKING_CREDENTIALS = new Set([NO_CREDENTIALS, "TokenProviderError"]);

/** Whether the source of the credentials (a process, SSO, the metadata of a container) has not given any. */
export function lacksCredentials({ code }: AwsError): boolean {
  return LACKING_CREDENTIALS.has(code);
}

/** AWS's names for a session that has ended. */
const EXPIRED_SESSION = new Set(["ExpiredToken", "ExpiredTokenException"]);

/** Whether AWS has refused a call because the session that signed it has ended. */
export function isSessionExpired({ code }: AwsError): boolean {
  return EXPIRED_SESSION.has(code);
}

/** AWS's and the SDK's names for credentials that are missing or wrong: waiting does not help. */
const CREDENTIALS = new Set([
  ...LACKING_CREDENTIALS,
  ...EXPIRED_SESSION,
  ...["UnrecognizedClientException", "InvalidClientTokenId"],
  ...["InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException"],
  ...["MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotAuthorized", "UnauthorizedException"],
  "OptInRequired",
]);

/** The system's names for "no connection was made", so the request cannot have been applied. */
const UNREACHABLE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** The runtime's words where credentials are not JSON, or JSON of another shape; SSO's errors are wrapped in another. */
const NO_JSON = /is not valid JSON$|JSON input$| in JSON at position /;
const NO_OBJECT = /^Cannot read propert/;
/** The runtime's words where a profile names an SSO session that does not exist: the SDK reads on without it. */
const NO_SESSION = /^Cannot read propert.* of undefined \(reading 'sso_/;

/** The runtime's words for a variable that is not text; they quote its value. */
const NO_TEXT = /^environment variable was not valid unicode/;

/** What Deno's fetch says of a request that failed: where it went, at which stage it failed, and why. */
const FETCH_FAILURE = /for (?:url \()?(\S+?)\)?(?: \(\S+\))?: client error \((\w+)\): (.*)$/;
/** Fetch refuses some ports outright: https://fetch.spec.whatwg.org/#port-blocking */
const BLOCKED_PORT = /Requests to port \d+ are blocked/;

/** What the SDK throws; every member may be missing, and those that AWS sends may be of any type. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: string;
  readonly cause?: unknown;
  readonly $response?: unknown;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    /** The clock of this machine was off; the SDK has learnt AWS's time from the refusal and signs with that now. */
    readonly clockSkewCorrected?: boolean;
  };
}

/** What Deno says of a header that HTTP does not allow. It quotes the header, which may be a session token. */
const UNSENDABLE = /^Invalid header value|not a valid ByteString/;

type Explaining = Pick<ConnectionOptions, "region" | "mask" | "missingProfile" | "proxyOf">;

/** Turns whatever a call threw into an error that names the cause, even where only the environment shows it. */
export function toCallError(operation: string, thrown: unknown, options: Explaining): AwsError | ConfigError {
  return explainRegion(thrown, options.region) ?? explain(toAwsError(operation, thrown, options.mask), options);
}

/**
 * Turns whatever an SDK call threw into an `AwsError`. Matches AWS's error names, because the HTTP status of the same
 * error differs between services and over time.
 *
 * @param mask hides secret values in AWS's words, before these are shortened: that would leave a part of a value
 */
export function toAwsError(
  operation: string,
  thrown: unknown,
  mask: (text: string) => string = (text) => text,
): AwsError {
  const error = (typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) }) as SdkError;
  const message = mask(messageOf(error));
  const requestId = error.$metadata?.requestId;
  return new AwsError({ operation, requestId, ...findLocalProblem(error, message) ?? describe(error, message) });
}

type Problem = Omit<AwsFailure, "operation">;

/** A problem of this machine or of something between it and AWS; `undefined`: AWS or the network names the problem. */
function findLocalProblem(error: SdkError, message: string): Problem | undefined {
  // An error with an HTTP status has AWS's words: these are not taken for the data of a refused answer.
  const mayBeWithin = error.$metadata?.httpStatusCode === undefined || LACKING_CREDENTIALS.has(nameOf(error));
  const refused = mayBeWithin ? refusedAnswerIn(error) : undefined;
  if (refused !== undefined) return fromRefusedAnswer(refused, error);
  if (NO_TEXT.test(message)) {
    return { kind: "rejected", code: "NotText", detail: "", trouble: { code: "variableNotText" } };
  }
  if (UNSENDABLE.test(message)) {
    return { kind: "credentials", code: "UnusableCredentials", detail: "", trouble: { code: "keysNotSendable" } };
  }
  if (error instanceof RangeError) {
    return { kind: "lost", code: UNREADABLE, detail: "", trouble: { code: "answerTooDeep" } };
  }
  if (!isNoCredentials(error, message)) return undefined;
  const known = { kind: "credentials", code: NO_CREDENTIALS, detail: "" } as const;
  if (NO_SESSION.test(message)) return { ...known, trouble: { code: "noSsoSession" } };
  // These errors quote the answer of the metadata of an instance or container, which may be a secret.
  return { ...known, trouble: { code: "credentialsNotFromAws" }, foreign: "other" };
}

function fromRefusedAnswer(answer: RefusedAnswer, error: SdkError): Problem {
  const said = { detail: "", trouble: answer };
  if (LACKING_CREDENTIALS.has(nameOf(error))) return { kind: "credentials", code: nameOf(error), ...said };
  if (answer.code === "foreignAnswer") {
    return { kind: kindOfForeignAnswer(answer.status), code: NOT_FROM_AWS, foreign: foreignOf(answer), ...said };
  }
  return { kind: "lost", code: answer.code === "contradictoryAnswer" ? UNREADABLE : ANSWER_TOO_LARGE, ...said };
}

// A proxy that limits requests, or wants a login first, has not passed this one on (RFC 6585, 4; RFC 9110, 15.5.8). In
// any other case it may have reached AWS: what filters answers has let the request through.
function kindOfForeignAnswer(status: number): AwsErrorKind {
  if (status === 429) return "throttled";
  return status === 407 ? "unreachable" : "lost";
}

// Whether the SDK could not parse what came in place of credentials, from the metadata of an instance or a container.
// Then the call itself was not made, or the error would have its answer.
function isNoCredentials(error: SdkError, message: string): boolean {
  if (LACKING_CREDENTIALS.has(nameOf(error))) return NO_JSON.test(message);
  if (error.$response !== undefined || error.$metadata !== undefined) return false;
  return error.name === "SyntaxError" || error.code === "ERR_UNESCAPED_CHARACTERS" || NO_OBJECT.test(message);
}

/** The SDK's name for an error that AWS has not named: the answer to HEAD has no body. */
const NO_NAME = "Unknown";
/** The SDK's message where AWS sends none: the name of the error says more. */
const NO_WORDS = "UnknownError";

/** Returns one line. Fetch keeps what happened in the cause; the SDK adds advice for programmers on further lines. */
function messageOf({ message, cause }: SdkError): string {
  const said = message === "fetch failed" && cause instanceof Error ? cause.message : message;
  if (typeof said !== "string" || said === NO_WORDS) return "";
  // The SDK wraps SSO's errors in another of the same name.
  return said.split("\n", 1)[0]!.trim().replace(new RegExp(`^${NO_CREDENTIALS}: `), "");
}

function nameOf({ name }: SdkError): string {
  return typeof name === "string" && name !== "" ? name : "Error";
}

function classify(error: SdkError, message: string): AwsErrorKind {
  const name = nameOf(error);
  const status = error.$metadata?.httpStatusCode;
  if (THROTTLED.has(name) || status === 429 || error.$metadata?.clockSkewCorrected) return "throttled";
  if (CREDENTIALS.has(name)) return "credentials";
  // UnauthorizedOperation: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html
  if (name.startsWith("AccessDenied") || name === "UnauthorizedOperation" || (name === NO_NAME && status === 403)) {
    return "denied";
  }
  const isConnecting = FETCH_FAILURE.exec(message)?.[2] === "Connect" || BLOCKED_PORT.test(message);
  if (isConnecting || UNREACHABLE.has(systemCode(error) ?? "")) return "unreachable";
  if (status !== undefined && status >= 500) return "server";
  // AWS refuses with a 4xx that names the error. Anything else (a reset connection, a timeout, half an answer) leaves
  // open whether the request was applied.
  return status !== undefined && status >= 300 && status !== 408 ? "rejected" : "lost";
}

function systemCode(error: SdkError, depth = 0): string | undefined {
  if (typeof error.code === "string") return error.code;
  return depth < 3 && error.cause instanceof Object ? systemCode(error.cause, depth + 1) : undefined;
}

/** Describes an error by AWS's own name and words. Errors of the network have no name, and get one here. */
function describe(error: SdkError, message: string): Problem {
  const kind = classify(error, message);
  const name = nameOf(error);
  if (kind === "throttled" && error.$metadata?.httpStatusCode === 429) {
    return { kind, code: THROTTLED.has(name) ? name : TOO_MANY, detail: message };
  }
  if (kind !== "unreachable" && kind !== "lost") return { kind, code: name, detail: message };
  const [, url, , why] = FETCH_FAILURE.exec(message) ?? [];
  const detail = why === undefined ? message : `${url}: ${why}`;
  if (kind === "unreachable") return { kind, code: systemCode(error) ?? "NotConnected", detail };
  const isAborted = error.name === "AbortError";
  const isCutOff = why !== undefined || isAborted || /reading a body/.test(message);
  const code = systemCode(error) ?? (isCutOff ? "AnswerLost" : name);
  return isAborted ? { kind, code, detail: "", trouble: { code: "noAnswerInTime" } } : { kind, code, detail };
}

/**
 * Returns the error for a region that the SDK does not accept; `undefined` for any other error.
 *
 * @param region the region that the SDK was given; only one that it has looked for itself is the user's setting
 */
export function explainRegion(error: unknown, region: string | undefined): ConfigError | undefined {
  if (region !== undefined || !(error instanceof Error)) return undefined;
  if (/^Region is missing$/.test(error.message)) return new ConfigError({ code: "regionNotSet" });
  return /^Region not accepted/.test(error.message) ? new ConfigError({ code: "profileRegion" }) : undefined;
}

/** Adds a cause that only the environment shows, and that the SDK and the runtime do not name. */
function explain(error: AwsError, { missingProfile, proxyOf }: Explaining): AwsError {
  const { kind, code, detail } = error;
  if (code === NO_CREDENTIALS) {
    if (missingProfile !== undefined) {
      return new AwsError({ ...error, detail: "", trouble: { code: "noProfile", profile: missingProfile } });
    }
    const failure = whyNoCredentials();
    if (failure === undefined) return error;
    const { why, foreign } = failure;
    const isSaid = typeof why === "string"
      ? detail.includes(why)
      : JSON.stringify(error.trouble) === JSON.stringify(why);
    const trouble = isSaid ? error.trouble : { code: "askedForCredentials", why } as const;
    return new AwsError({ ...error, trouble, foreign });
  }
  const url = kind === "unreachable" ? /^https?:\/\/\S+(?=: )/.exec(detail)?.[0] : undefined;
  const proxy = url && proxyOf?.(url);
  return proxy ? new AwsError({ ...error, trouble: { code: "byProxy", proxy } }) : error;
}
