import type { AwsError } from "../../errors.ts";
import type { HistoryEntry } from "../../model/history.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import { DeploymentRecord } from "./deployment_record.ts";
import { runningRevision } from "./read_current_state.ts";
import { type DescribedEntry, describeEntries } from "./read_history.ts";
import { findMarked, markRevisions, type Marks } from "./read_marks.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** The deployments that somebody may choose from to go back to. */
export interface PastChoices {
  /** Newest first; what runs now is among them, where it is on record. Each is of a task definition that ECS still knows. */
  readonly entries: readonly DescribedEntry[];
  readonly marks: Marks;
  /** The ARNs of the deployments that the marks mean, where they are on record. */
  readonly marked: Readonly<Record<"previous" | "stable", string | undefined>>;
  /** What may not be read of how they ended, or of what ran before them, in AWS's words; the first of it. */
  readonly unread: AwsFailure | undefined;
}

interface Reading {
  readonly ref: ServiceRef;
  readonly ecs: EcsReader;
  /** Where tags are looked up. */
  readonly checker: LimitedChecker;
  readonly signal: AbortSignal;
}

/** As many as are seen at a glance; what is older is found by `history`. */
const NEWEST = 15;

/**
 * Reads the newest deployments of a service from ECS's record, what runs now and what rollback calls them.
 *
 * @returns the denial where the record may not be read; `undefined` where there is no service that could be rolled back
 */
export async function readPastChoices(
  { ref, ecs, checker, signal }: Reading,
): Promise<PastChoices | { readonly denied: AwsError } | undefined> {
  const record = new DeploymentRecord(ref, ecs, signal);
  record.begin("most");
  const service = await ecs.describeService(ref, signal);
  if (service === undefined || runningRevision(service) === undefined) return undefined;
  const { value: past, denied } = await record.read("most");
  if (past === undefined) return { denied };
  const [described, marks] = await Promise.all([
    describeEntries(past, newestOf, ecs, signal),
    markRevisions(service, { ref, ecs, record, checker, signal }),
  ]);
  const { previous, stable } = marks;
  const marked = { previous: findMarked(previous, past)?.arn, stable: findMarked(stable, past)?.arn };
  const { ends, copies } = described.denied;
  const unread = (ends ?? copies)?.failure ?? marks.doubt?.denial;
  return { entries: described.entries, marks, marked, unread };
}

/** The newest deployments, and what runs now: many may have failed since. */
function newestOf(all: readonly HistoryEntry[]): HistoryEntry[] {
  const known = all.filter(({ taskDefinition }) => taskDefinition !== undefined);
  const newest = known.slice(0, NEWEST);
  const live = known.find(({ isLive }) => isLive);
  return live === undefined || newest.includes(live) ? newest : [...newest.slice(0, -1), live];
}

/** Whether one of them could be gone back to: it has served, and something else was deployed since. Pure. */
export function leadsBack({ entries }: Pick<PastChoices, "entries">): boolean {
  return entries.some(({ status, isLive }, index) => status === "SUCCESSFUL" && !(isLive && index === 0));
}
