import { type AwsError, isClusterMissing, optional } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import { type HistoryEntry, totalServedMs } from "../../model/history.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { newestFirst, type PastDeployment } from "../../model/service_deployment.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import { DeploymentRecord, type RecordReading } from "./deployment_record.ts";
import { chooseRevision, runningRevision } from "./choose_revision.ts";
import { readRunningImages } from "./read_running_images.ts";
import { cacheTaskDefinitions } from "./cache_task_definitions.ts";
import type { ChosenRevision, Doubt } from "./chosen_revision.ts";
import { type SoughtChoice, STABLE_AFTER_MS } from "./revision_choice.ts";
import { type DescribedEntry, describeEntries } from "./read_history.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** What `rollback` calls the revisions of a service, and how long they have served. */
export interface Marks {
  /** What the service runs, or is to run. */
  readonly current?: Revision | undefined;
  /** What `--revision previous` and `--revision stable` mean. */
  readonly previous?: ChosenRevision | undefined;
  readonly stable?: ChosenRevision | undefined;
  /** How long each task definition has served in all, in milliseconds, by its ARN; without those that never have. */
  readonly servedMs: ReadonlyMap<string, number>;
  /** The first denial of anything but the service and the record itself. */
  readonly doubt?: Unread | undefined;
}

type Unread = Extract<Doubt, { readonly code: "earliestNotRead" | "copyNotRead" }>;

interface Reading extends RecordReading {
  /** Where tags are looked up. */
  readonly checker: LimitedChecker;
}

export const NO_MARKS: Marks = { servedMs: new Map() };

/**
 * Reads which revisions `rollback` would choose, by the same functions. Without the service, or ECS's record of its
 * deployments, there are no marks: nothing guesses them.
 */
export async function readMarks(reading: Reading): Promise<Marks> {
  const { ref, ecs, record, signal } = reading;
  record.begin("most");
  const { value: service } = await optional(ecs.describeService(ref, signal), isClusterMissing);
  return service === undefined ? NO_MARKS : await markRevisions(service, reading);
}

/** The same for a service that has been read. */
async function markRevisions(service: ServiceSnapshot, reading: Reading): Promise<Marks> {
  const { ecs, record } = reading;
  const current = runningRevision(service);
  const { value: past } = await record.read("most");
  if (past === undefined) return { ...NO_MARKS, current };
  reading.checker.startLimit();
  const once = { ...reading, ecs: cacheTaskDefinitions(ecs), registry: reading.checker };
  const readImagesNow = () => readRunningImages(service, once);
  const choose = async (choice: SoughtChoice) => {
    const search = current && { ...once, from: undefined, service, running: current, readImagesNow };
    const chosen = search && await chooseRevision(choice, search);
    return chosen?.kind === "chosen" ? chosen : undefined;
  };
  const [previous, stable, { value: earliest }] = await Promise.all([
    choose({ kind: "previous" }),
    choose({ kind: "stable", minServedMs: STABLE_AFTER_MS }),
    optional(record.findEarliest()),
  ]);
  // The record may be empty because what runs was deployed before it begins.
  const unrecorded = past.length > 0 ? undefined : sinceDeployed(service);
  const servedMs = totalServedMs(past, earliest ?? unrecorded, ecs.now());
  const isUnread = (doubt: Doubt): doubt is Unread => doubt.code === "earliestNotRead" || doubt.code === "copyNotRead";
  const doubt = previous?.doubts?.find(isUnread);
  return { current, previous, stable, servedMs, doubt };
}

/** The deployment on record that the chosen revision means; `undefined` where it is not on record. Pure. */
function findMarked(chosen: ChosenRevision | undefined, past: readonly PastDeployment[]): PastDeployment | undefined {
  if (chosen === undefined) return undefined;
  const { ran } = chosen;
  if (ran !== undefined) return past.find(({ revision }) => revision?.arn === ran.arn);
  const isOfTarget = ({ status, taskDefinition }: PastDeployment) =>
    status === "SUCCESSFUL" && taskDefinition === chosen.arn;
  return newestFirst(past).find(isOfTarget);
}

function sinceDeployed(service: ServiceSnapshot) {
  const { taskDefinition } = service;
  const { createdAtMs } = primaryDeployment(service) ?? {};
  return taskDefinition !== undefined && createdAtMs !== undefined ? { taskDefinition, createdAtMs } : undefined;
}

/** The past deployments that somebody may choose from to go back to. */
export interface PastChoices {
  /** Newest first, with what runs now where that is on record; each of a task definition that ECS still knows. */
  readonly entries: readonly DescribedEntry[];
  readonly marks: Marks;
  /** The ARNs of the marked deployments, where they are on record. */
  readonly marked: Readonly<Record<"previous" | "stable", string | undefined>>;
  /** The first denial, in AWS's words, of how they ended, or of what ran before them. */
  readonly unread: AwsFailure | undefined;
}

/** As many as are taken in at a glance; `history` shows older ones. */
const NEWEST = 15;

/**
 * Reads the newest deployments of a service from ECS's record, with what runs now and what `rollback` calls them.
 *
 * @returns the denial where the record may not be read; `undefined` where there is no service that could be rolled back
 */
export async function readPastChoices(
  { ref, ecs, checker, signal }: Omit<Reading, "record">,
): Promise<PastChoices | { readonly denied: AwsError } | undefined> {
  const record = new DeploymentRecord({ ref, ecs, signal });
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

/** The newest deployments, and the live one, which may be older: many may have failed since. */
function newestOf(all: readonly HistoryEntry[]): HistoryEntry[] {
  const known = all.filter(({ taskDefinition }) => taskDefinition !== undefined);
  const newest = known.slice(0, NEWEST);
  const live = known.find(({ isLive }) => isLive);
  return live === undefined || newest.includes(live) ? newest : [...newest.slice(0, -1), live];
}

/** Whether one of them could be gone back to: it has served, and something else was deployed since. Pure. */
export function hasRollbackTarget({ entries }: Pick<PastChoices, "entries">): boolean {
  return entries.some(({ status, isLive }, index) => status === "SUCCESSFUL" && !(isLive && index === 0));
}
