import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import type { Originals } from "../../model/history.ts";
import { ranTheSame } from "../../model/images.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasBeenRolledBack, hasEnded, hasFailed, hasRollbackStarted } from "../../model/service_deployment.ts";
import type { RevisionSearch } from "./choose_previous.ts";
import { findShownRollback, SAME_TIME_MS } from "./find_previous.ts";
import { type PastRecord, readPastRecord } from "./deployment_record.ts";
import {
  hasSucceeded,
  type HistoryEnd,
  type HistoryStep,
  isOrWasRolledBack,
  readHistoryEnd,
  toHistorySteps,
  withUnlisted,
} from "./history_steps.ts";
import { type Chosen, noneChosen } from "./chosen_revision.ts";

/** Why a rollback with `--if-deployed-within` does nothing. */
export type SkipReason = Readonly<
  /** `beganAtMs`: when the release that runs began, by AWS's clock. */
  | { code: "deployedEarlier"; running: Revision; beganAtMs: number; withinMs: number }
  /** ECS or somebody has rolled back to what runs, or is doing so: it is no new release. */
  | ({ code: "goesBackAlready"; running: Revision } & KnownRollback)
  /** Between the plan and the order another deployment began, of `running`; `deployment`: its id. */
  | { code: "overtaken"; running: Revision; deployment: string }
>;

/** The rollback that brought the release that runs. `from`: `undefined` where nothing shows what it left. */
interface KnownRollback {
  readonly from: Revision | undefined;
  readonly state: "underWay" | "done" | "failed";
}

/**
 * Decides whether the running release may be left, where it must have been deployed no longer ago than `withinMs`.
 * Without ECS's record a release and a rollback look alike: then no target is chosen. What a rollback brought is never
 * left, however recent: of two runs that react to one bad release, the second would go one step too far.
 *
 * @returns why not; `undefined` where the running release may be left
 */
export async function checkDeployedWithin(
  withinMs: number | undefined,
  search: RevisionSearch,
): Promise<{ readonly skipped: SkipReason } | { readonly chosen: Chosen } | undefined> {
  if (withinMs === undefined) return undefined;
  const record = await readPastRecord(search, search.running);
  if (record.denial !== undefined) return { chosen: noneChosen({ code: "recordNotRead", denial: record.denial }) };
  const { running, beganAtMs, rollback } = findRelease(search.service, record);
  if (rollback !== undefined) return { skipped: { code: "goesBackAlready", running, ...rollback } };
  const isOld = search.ecs.now() - beganAtMs > withinMs;
  return isOld ? { skipped: { code: "deployedEarlier", running, beganAtMs, withinMs } } : undefined;
}

/**
 * Finds when the release that runs was first deployed, and whether it came by a rollback: ECS's own, from a deployment
 * that failed or was stopped, or a deployment of what had run before. Deployments of the same revision with the same
 * images, one after another, are one release: a restart brings nothing new. Pure.
 *
 * @returns `beganAtMs`: when the first of them began, by AWS's clock
 */
export function findRelease(
  service: ServiceSnapshot,
  record: Omit<PastRecord, "doubts" | "denial">,
): { readonly running: Revision; readonly beganAtMs: number; readonly rollback: KnownRollback | undefined } {
  const { past, originals, earliest, images } = record;
  const primary = primaryDeployment(service);
  const shown = parseTaskDefinitionArn(primary?.taskDefinition ?? service.taskDefinition!);
  const listed = toHistorySteps(past, originals, earliest);
  // Somebody has deployed between the two reads, and the record is the newer one.
  const overtaking = findOvertaking(listed, service, originals);
  const running = overtaking?.deployed ?? shown;
  const current = originals.get(running.arn) ?? running.arn;
  const known = overtaking === undefined ? images : overtaking.revision?.images;
  const end = readHistoryEnd(
    withUnlisted(listed, current),
    ({ deployed, revision }) => deployed.arn === current && ranTheSame(revision?.images, known),
  );
  const rollback = findRecordedRollback(end) ??
    (overtaking === undefined ? findUnrecordedRollback(service, end) : undefined);
  const beganAtMs = beginningOf(end);
  return { running, beganAtMs: Number.isFinite(beganAtMs) ? beganAtMs : primary?.createdAtMs ?? 0, rollback };
}

/** The newest deployment on record, where it is under way, but the older read of the service does not show it. */
function findOvertaking(
  steps: readonly HistoryStep[],
  service: ServiceSnapshot,
  originals: Originals,
): HistoryStep | undefined {
  const newest = steps.at(-1);
  const primary = primaryDeployment(service);
  if (newest === undefined || primary === undefined || hasEnded(newest) || hasRollbackStarted(newest)) return undefined;
  const isShown = ({ taskDefinition, createdAtMs }: Deployment) =>
    (originals.get(taskDefinition) ?? taskDefinition) === newest.deployed.arn &&
    createdAtMs > newest.createdAtMs - SAME_TIME_MS;
  return newest.createdAtMs > primary.createdAtMs && !service.deployments.some(isShown) ? newest : undefined;
}

function findRecordedRollback(
  { newest, before, latest, isOfRunning, isRollback }: HistoryEnd,
): KnownRollback | undefined {
  if (newest === undefined) return undefined;
  // Where ECS could not roll back, the failed revision may still run: then it can be left.
  if (isOrWasRolledBack(newest) || (hasRollbackStarted(newest) && !isOfRunning(newest))) {
    return { from: newest.deployed, state: stateOf(newest) };
  }
  if (!isRollback) return undefined;
  return { from: before?.deployed, state: latest.some(hasSucceeded) ? "done" : stateOf(newest) };
}

function stateOf(step: HistoryStep): KnownRollback["state"] {
  if (hasSucceeded(step) || hasBeenRolledBack(step)) return "done";
  return hasEnded(step) ? "failed" : "underWay";
}

/** The rollback by ECS that the service shows, where ECS's record lags behind. */
function findUnrecordedRollback(
  service: ServiceSnapshot,
  { newest, isOfRunning }: HistoryEnd,
): KnownRollback | undefined {
  const shown = findShownRollback(service);
  if (shown?.reason.code !== "ecsWentBack") return undefined;
  const { eventAtMs, reason: { failed: from } } = shown;
  const hasBegunSince = newest !== undefined && isOfRunning(newest) && newest.createdAtMs > (eventAtMs ?? Infinity);
  if (hasBegunSince) return undefined;
  return { from, state: primaryDeployment(service)?.rolloutState === "IN_PROGRESS" ? "underWay" : "done" };
}

/** When the newest series of deployments of one release began; not finite where that is not on record. */
function beginningOf({ latest, newest }: HistoryEnd): number {
  const [first] = latest.slice(latest.findLastIndex((step) => step !== newest && hasFailed(step)) + 1);
  if (first === undefined) return Infinity;
  return first.createdAtMs === -Infinity ? first.revision?.createdAtMs ?? -Infinity : first.createdAtMs;
}
