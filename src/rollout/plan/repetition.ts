import type { Revision } from "../../model/arn.ts";
import type { ChosenRevision, RevisionChoice } from "../read/revision_choice.ts";

/** `previous` is counted from what runs; this is counted from what the rollback leaves, or names where it goes. */
export interface Repetition {
  readonly from: Revision;
  readonly to: Revision;
  /** The ARN of the deployment to go back to, or that its number says it; left out: it is counted. */
  readonly names?: "number" | string;
}

/**
 * `previous` is counted from what runs, so the plan names the command that is counted from what the rollback leaves. What is
 * chosen by time, or by what else has happened, is named.
 */
export function repetitionOf(
  { kind }: RevisionChoice,
  { deployment }: ChosenRevision,
  counted: Repetition,
): Repetition | undefined {
  if (kind === "previous") return counted;
  const isFound = kind === "stable" || kind === "at" || kind === "imageTag";
  return isFound ? { ...counted, names: deployment ?? "number" } : undefined;
}
