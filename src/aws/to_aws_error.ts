import { AwsError, type AwsErrorKind } from "../errors.ts";

/** AWS's names for "not now": nothing was applied. */
const THROTTLED = new Set([
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  // Application Auto Scaling is at another change of the same target.
  "ConcurrentUpdateException",
]);

/** AWS's and the SDK's names for "I do not know you": waiting does not mend them. */
const CREDENTIALS = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "UnauthorizedException",
  "OptInRequired",
]);

/** The system's names for "no connection was made", so the request cannot have been applied. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** What `fetch` says when no connection was made, TLS included. */
const NOT_CONNECTED = /client error \(Connect\)|dns error/;

/** What the SDK throws; every member may be missing. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly errno?: string | number;
  readonly cause?: unknown;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    /** The clock of this machine was off; the SDK has learnt AWS's time from the refusal and signs with that now. */
    readonly clockSkewCorrected?: boolean;
  };
}

/**
 * Turns whatever an SDK call threw into an `AwsError`. Matches AWS's error names, for the HTTP status of one and the
 * same error differs between services and over time.
 */
export function toAwsError(operation: string, thrown: unknown): AwsError {
  const error = (typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) }) as SdkError;
  const kind = classify(error);
  const code = kind === "unreachable" || kind === "lost"
    ? systemCode(error) ?? error.name ?? "Error"
    : error.name ?? "Error";
  return new AwsError({
    operation,
    kind,
    code,
    detail: describe(kind, error),
    requestId: error.$metadata?.requestId,
  });
}

function classify(error: SdkError): AwsErrorKind {
  const name = error.name ?? "";
  const status = error.$metadata?.httpStatusCode;
  if (THROTTLED.has(name) || error.$metadata?.clockSkewCorrected) return "throttled";
  if (CREDENTIALS.has(name)) return "credentials";
  if (name.startsWith("AccessDenied")) return "denied";
  if (
    UNREACHABLE.has(systemCode(error) ?? "") ||
    NOT_CONNECTED.test(error.message ?? "")
  ) {
    return "unreachable";
  }
  if (status !== undefined && status >= 500) return "server";
  // AWS names what it refuses and says so with a 4xx. All else (a reset connection, a timeout, half an answer) leaves
  // open whether the request was applied.
  return status !== undefined && status >= 400 ? "rejected" : "lost";
}

function systemCode(error: SdkError, depth = 0): string | undefined {
  if (typeof error.code === "string") return error.code;
  const cause = error.cause;
  return depth < 3 && typeof cause === "object" && cause !== null
    ? systemCode(cause as SdkError, depth + 1)
    : undefined;
}

function describe(kind: AwsErrorKind, { message = "" }: SdkError): string {
  // The SDK appends advice for programmers, on lines of their own, to what it could not read.
  const firstLine = message.split("\n", 1)[0]!.trim();
  return kind === "lost" && firstLine === "" ? "the answer did not come, or not whole" : firstLine;
}
