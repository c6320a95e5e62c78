import type { AwsError } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { Doubt } from "../read/revision_choice.ts";
import type { Intent } from "./refusal.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** Something optional that may not be read: what is not known without it, and AWS's denial. */
export interface Unread {
  readonly part: UnreadPart;
  readonly denial: AwsFailure;
}

/** What may not be read, and its source: one warning for each source is enough. */
const SOURCES = {
  /** What becomes of the deployment under way. */
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

/** What else the message about unread parts needs. */
interface UnreadContext {
  readonly target?: Revision;
  /** A new deployment starts the target's images by their tags. */
  readonly startsByTags?: boolean;
  /** `--restore service` was given, and restores nothing. */
  readonly restoresNothing?: boolean;
  /** The members of the service definition that cannot be compared. */
  readonly members?: readonly string[];
}

/** The parts of one source that a plan does without; `alsoDenied`: other operations that were denied. */
export interface NotRead extends UnreadContext {
  readonly code: "notRead";
  readonly denial: AwsFailure;
  readonly alsoDenied: readonly string[];
  readonly parts: readonly UnreadPart[];
  readonly intent: Intent;
}

/** ECS has no record of what ran with the target, and with which settings. */
export interface NotOnRecord extends Pick<UnreadContext, "startsByTags" | "restoresNothing"> {
  readonly code: "notOnRecord";
  readonly target: Revision;
}

/** One notice for each source that may not be read. Pure. */
export function noticeUnread(unread: readonly Unread[], intent: Intent, context: UnreadContext = {}): NotRead[] {
  return [...Map.groupBy(unread, ({ part }) => SOURCES[part]).values()].map((ofSource) => {
    const { denial } = ofSource[0]!;
    const operations = new Set(ofSource.map(({ denial }) => denial.operation));
    const alsoDenied = [...operations].filter((operation) => operation !== denial.operation);
    const parts = [...new Set(ofSource.map(({ part }) => part))];
    return { code: "notRead", denial, alsoDenied, parts, intent, ...context };
  });
}

const RECORD_DOUBTS: Partial<Record<Doubt["code"], UnreadPart>> = {
  deploymentsNotRead: "succeeded",
  earliestNotRead: "earliest",
};

/** The doubts of a choice, without those about ECS's record: these are returned as unread parts of it. */
export function splitDoubts(doubts: readonly Doubt[]) {
  const unread = doubts.flatMap((doubt) => {
    const part = RECORD_DOUBTS[doubt.code];
    return part !== undefined && "denial" in doubt ? [{ part, denial: doubt.denial }] : [];
  });
  return { unread, others: doubts.filter(({ code }) => RECORD_DOUBTS[code] === undefined) };
}
