import type { Revision } from "../../model/arn.ts";
import type { Doubt } from "../read/revision_choice.ts";
import { SOURCES, type Unread, type UnreadPart } from "../read/unread.ts";
import type { Intent } from "./refusal.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

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
