import { inFull, type Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { newestFirst, type PastDeployment } from "../../model/service_deployment.ts";
import { findLatestRollback } from "./latest_rollback.ts";
import {
  findPrevious,
  findShownPrevious,
  findShownRollback,
  type HistoryQuery,
  type Previous,
  type ShownRollback,
} from "./find_previous.ts";
import { type PastReading, type PastRecord, readPastRecord } from "./deployment_record.ts";
import { type Chosen, chosen, type ChosenRevision, type Doubt, nameDeployment, noneChosen } from "./chosen_revision.ts";
import { STABLE_AFTER_MS } from "./revision_choice.ts";

/** What the search for an earlier revision works with. */
export interface RevisionSearch extends PastReading {
  /** The revision to leave; `undefined`: whatever runs. */
  readonly from: Revision | undefined;
  /**
   * A service that was rolled back already stays where it is, however long ago that was: with many services, the same
   * command goes on with the others.
   */
  readonly staysBack?: boolean | undefined;
}

/** A rollback more recent than this may be by the same script, or by a colleague. */
const RECENT_ROLLBACK_MS = 3_600_000;

/**
 * Finds what ran before the running revision, or before the one to leave: by what the service shows, then by ECS's
 * record of its deployments, and finally by the registered revisions.
 */
export async function choosePrevious(search: RevisionSearch): Promise<Chosen> {
  const { service, running, from = running } = search;
  const shown = from.arn === running.arn ? findShownRollback(service) : undefined;
  if (shown !== undefined && shown.eventAtMs === undefined && search.from === undefined && !search.staysBack) {
    return chosen(shown.target, shown.reason);
  }
  const record = await readPastRecord(search, from);
  const { chosen: back, doubts, stays } = chooseAfterRollback(record, search);
  if (back !== undefined) return back;
  if (stays === "yes" && shown !== undefined && stillCounts(shown, record, search)) {
    return chosen(shown.target, shown.reason);
  }
  const previous = findInRecord(record, search, { stays }) ?? findShown(service, from);
  if (previous !== undefined) {
    return toChosen(previous, [...doubts, ...doubtBrief(previous, record, search, stays)], search);
  }
  const { lower, isNewest } = await findNextLower(from, search);
  if (lower === undefined) return noneChosen({ code: "noLower", from, doubt: doubts[0] });
  const target = inFull({ family: from.family, revision: lower }, running);
  const nothingBefore = doubts.length > 0 ? undefined : from;
  const all = [...doubts, { code: "mayNeverHaveRun", revision: target } as const];
  return {
    ...chosen(target, { code: "nextLower", revision: lower, nothingBefore }, all),
    isUnproven: true,
    // Where a higher revision is ACTIVE, somebody may have rolled back to the running one.
    leavesRollback: !isNewest && leavesRollback(primaryDeployment(service)?.createdAtMs, search),
  };
}

/** Finds, by ECS's record alone, what served for `minServedMs` before what runs, or before the revision to leave. */
export async function chooseStable(minServedMs: number, search: RevisionSearch): Promise<Chosen> {
  const { running, from = running } = search;
  const record = await readPastRecord(search, from);
  if (record.denial !== undefined) return noneChosen({ code: "recordNotRead", denial: record.denial });
  const { chosen: back, doubts, stays } = chooseAfterRollback(record, search, minServedMs);
  if (back !== undefined) return back;
  const found = findInRecord(record, search, { stays, minServedMs });
  if (found === undefined) return noneChosen({ code: "noneServedLong", minServedMs, running: from });
  const { target, reason, servedMs = 0 } = found;
  const made = toChosen(found, doubts, search);
  if (reason.code !== "deployedBefore") return made;
  const deployed = { arn: found.deployment, taskDefinition: target.arn, revision: found.ran };
  const why = { code: "servedLong", target, minServedMs, servedMs } as const;
  return { ...made, ...nameDeployment(deployed, record.past), reason: why };
}

/**
 * With `staysBack`, chooses the running revision where a rollback brought it, and none where that rollback has failed.
 * Otherwise `chosen` is left out, and the search goes on.
 */
function chooseAfterRollback(
  record: PastRecord,
  { running, ecs, staysBack }: RevisionSearch,
  minServedMs = 0,
): { readonly chosen?: Chosen; readonly doubts: readonly Doubt[]; readonly stays: "yes" | "ifDeployedOnceMore" } {
  const { past, doubts } = record;
  const back = staysBack ? findLatestRollback(past, running, { ...record, minServedMs, nowMs: ecs.now() }) : undefined;
  if (back?.kind === "turnedBack") return { doubts: [...doubts, back.doubt], stays: "ifDeployedOnceMore" };
  const asRead = { doubts, stays: "yes" } as const;
  if (back === undefined) return asRead;
  if (back.kind === "stays") return { ...asRead, chosen: chosen(running, back.reason) };
  const { from, atMs } = back;
  return { ...asRead, chosen: noneChosen({ code: "wayBackFailed", running, from, atMs }) };
}

function toChosen(
  { target, reason, ran, rolledBackAtMs }: Previous,
  doubts: readonly Doubt[],
  search: RevisionSearch,
): ChosenRevision {
  return { ...chosen(target, reason, doubts), ran, leavesRollback: leavesRollback(rolledBackAtMs, search) };
}

/** A doubt where what ran before served only briefly, and something else served for long. */
function doubtBrief(
  { target, servedMs = Infinity, ran }: Previous,
  record: PastRecord,
  search: RevisionSearch,
  stays: HistoryQuery["stays"],
): Doubt[] {
  if (servedMs >= STABLE_AFTER_MS) return [];
  const stable = findInRecord(record, search, { stays, minServedMs: STABLE_AFTER_MS });
  const isOther = stable !== undefined && (stable.target.arn !== target.arn || stable.ran?.arn !== ran?.arn);
  return isOther ? [{ code: "servedBriefly", revision: target, servedMs, stable: stable.target }] : [];
}

/**
 * Whether the rollback by ECS that the service shows still decides: not where what runs was deployed after ECS's event.
 * Where the user has named what runs as the revision to leave, only if its newest deployment has not succeeded.
 */
function stillCounts({ eventAtMs }: ShownRollback, { past }: PastRecord, { from, running }: RevisionSearch): boolean {
  const [newest] = newestFirst(past);
  const isOfRunning = newest?.taskDefinition === running.arn;
  if (eventAtMs !== undefined && isOfRunning && newest.createdAtMs > eventAtMs) return false;
  return from === undefined || (isOfRunning && newest.status !== "SUCCESSFUL");
}

function findInRecord(
  record: PastRecord,
  { running, from, ecs }: RevisionSearch,
  { stays = "yes", minServedMs = 0 }: Pick<HistoryQuery, "stays" | "minServedMs">,
): Previous | undefined {
  const { past } = record;
  const known = { ...record, minServedMs, nowMs: ecs.now() };
  if (from === undefined) return findPrevious(past, running, { ...known, stays });
  if (from.arn === running.arn) return findPrevious(past, from, { ...known, stays: "ifDeployedOnceMore" });
  const until = upTo(from, past);
  // No deployment of it is on record, so nothing is known to have run before it.
  if (past.length > 0 && until.length === 0) return undefined;
  return findPrevious(until, from, { ...known, stays: "never" });
}

/** The revision that ran before `from`, by what the service itself shows. */
function findShown(service: ServiceSnapshot, from: Revision): Previous | undefined {
  if (primaryDeployment(service)?.taskDefinition === from.arn) return findShownPrevious(service);
  // The service is already leaving it: ECS is rolling back, or a rollback was ordered.
  const isLeaving = service.deployments.some(({ taskDefinition }) => taskDefinition === from.arn);
  return isLeaving ? findShownRollback(service) : undefined;
}

/** The deployments up to a revision's newest one, as if nothing had happened since. */
function upTo({ arn }: Revision, past: readonly PastDeployment[]): readonly PastDeployment[] {
  const times = past.filter(({ taskDefinition }) => taskDefinition === arn).map(({ createdAtMs }) => createdAtMs);
  const newestMs = Math.max(-Infinity, ...times);
  return past.filter(({ createdAtMs }) => createdAtMs <= newestMs);
}

/** Whether this would leave what a rollback brought. Only the user may decide that: by `--from`, a number, a prompt. */
function leavesRollback(sinceMs: number | undefined, { from, staysBack, ecs }: RevisionSearch): boolean {
  return from === undefined && sinceMs !== undefined && (staysBack || ecs.now() - sinceMs < RECENT_ROLLBACK_MS);
}

/** The next lower ACTIVE revision number, and whether no ACTIVE one is higher. */
async function findNextLower(
  { family, revision }: Revision,
  { ecs, signal }: RevisionSearch,
): Promise<{ readonly lower: number | undefined; readonly isNewest: boolean }> {
  let isNewest = true;
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    isNewest &&= page.every((candidate) => candidate.revision <= revision);
    const lower = page.map((candidate) => candidate.revision).filter((candidate) => candidate < revision);
    if (lower.length > 0) return { lower: Math.max(...lower), isNewest };
  }
  return { lower: undefined, isNewest };
}
