import type { CauseCode, CauseSubject } from "../../../src/diagnosis/cause.ts";

/** How ECS words one cause, from AWS's pages and from public reports, and what has to come of it. */
export interface Wordings {
  readonly code: CauseCode;
  /** Each text with what it names. */
  readonly texts: readonly (readonly [text: string, about?: CauseSubject])[];
  /** What the sentence about it says. */
  readonly what: RegExp;
  /** `undefined`: no advice, for the texts name no cause. */
  readonly advice: RegExp | undefined;
}

export const USER = "User: arn:aws:sts::123456789012:assumed-role/web-execution/4f1e2d3c";
export const ROLE = "web-execution";
export const PULL = "ResourceInitializationError: unable to pull secrets or registry auth: ";
