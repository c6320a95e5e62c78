import type { CauseCode } from "./cause.ts";

export interface TextRules {
  /** What these texts have in common. */
  readonly within: RegExp;
  /** Codes with the words that ECS has for them: the first one that fits decides. */
  readonly rules?: readonly (readonly [code: CauseCode, pattern: RegExp])[];
  /** The code where no rule fits; without it, the next set of rules is tried. */
  readonly otherwise?: CauseCode;
}

/** What Go, the AWS SDKs and ECS itself say where no connection was made. */
export const NO_CONNECTION = new RegExp(
  [
    "i/o timeout|dial tcp|no route to host|network is unreachable|connection (?:refused|reset|timed out|issue between)",
    "request canceled|context canceled|(?:context )?deadline exceeded|send request failed|TLS handshake timeout",
    "signal: killed|client\\.timeout exceeded|check your (?:task )?network configuration",
  ].join("|"),
  "i",
);

/** What DNS says. */
export const NOT_RESOLVED = /no such host|server misbehaving|name resolution|could not resolve host/i;

/** What IAM, S3 and KMS say. */
export const DENIED = new RegExp(
  "access ?denied|not authorized to perform|no identity-based policy|UnauthorizedOperation|\\b403\\b|forbidden" +
    "|explicit deny|is not allowed",
  "i",
);
