import type { AwsError } from "../../errors.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** Something optional that may not be read: what is not known without it, and AWS's denial. */
export interface Unread {
  readonly part: UnreadPart;
  readonly denial: AwsFailure;
}

/** What may not be read, and its source: one warning for each source is enough. */
export const SOURCES = {
  /** Whether ECS is rolling back the deployment under way, and to what. */
  underWay: "record",
  /** What ran with a rollback's target. */
  ran: "record",
  succeeded: "record",
  earliest: "record",
  /** What the service was rolled back from. */
  rolledBackFrom: "record",
  shippedBefore: "definition",
  /** What ECS shows in service revisions only. */
  settings: "record",
  /** Whether the task definition that runs is registered. */
  status: "definition",
  /** What changes from the task definition that runs. */
  changes: "definition",
  registered: "definition",
  /** Whether ECS has rolled the newest deployment back. */
  reversal: "record",
} as const;

export type UnreadPart = keyof typeof SOURCES;

/** Returns a function that notes denials of one part. */
export function noteTo(unread: Unread[], part: UnreadPart): (denial: AwsError) => void {
  return ({ failure: denial }) => void unread.push({ part, denial });
}
