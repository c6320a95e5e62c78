import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import {
  hasEnded,
  hasRollbackStarted,
  newestFirst,
  type PastDeployment,
  type ServiceRevision,
} from "../../model/service_deployment.ts";
import {
  endTimeOf,
  hasSucceeded,
  type HistoryEnd,
  type HistoryStep,
  isOnceMore,
  isOrWasRolledBack,
  isSame,
  readHistoryEnd,
  toHistorySteps,
  withUnlisted,
} from "./history_steps.ts";
import type { PastRecord } from "./deployment_record.ts";
import type { ChoiceReason } from "./chosen_revision.ts";

/** The revision that `previous` means, and why. */
export interface Previous {
  readonly target: Revision;
  readonly reason: ChoiceReason;
  /** Given where the target is further back than the last rollback: when that was done, by AWS's clock. */
  readonly rolledBackAtMs?: number;
  /** The service revision that ran then, where ECS has it on record: the target's tags may have moved since. */
  readonly ran?: ServiceRevision | undefined;
  /** The ARN of that deployment. */
  readonly deployment?: string | undefined;
  /** The longest time that it served without a break; `Infinity` where it served before the record begins. */
  readonly servedMs?: number;
}

const UNDER_WAY: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/** What is known beside the record, and which answers are accepted. */
export interface HistoryQuery extends Partial<Pick<PastRecord, "originals" | "earliest" | "images">> {
  /**
   * Whether the answer may be the revision that runs. `ifDeployedOnceMore`: the user wants to leave it, so only if it
   * was deployed once more, and that was rolled back. `never`: the revision to leave no longer runs.
   */
  readonly stays?: "yes" | "ifDeployedOnceMore" | "never";
  /** How long the answer must have served without a break; left out: any time will do. */
  readonly minServedMs?: number | undefined;
  /** Now, by AWS's clock. */
  readonly nowMs?: number;
}

/**
 * Finds the revision that was deployed successfully before the one that runs. Deploying what had run before is a
 * rollback, and what that left is no target: after 3, 4, 3, the previous revision is what ran before the first 3.
 * Another 4 after that is a new deploy, and its previous revision is 3. The previous revision may be of another family.
 *
 * Where the newest deployment was rolled back, by ECS, by this program or by somebody, what runs now *is* the previous
 * revision: a script that rolls back after a failed deploy must not go one step too far. The same holds while a
 * rollback is under way, because the command that began it may be given again. It does not hold where the rollback
 * itself has failed. Pure.
 *
 * @param past in any order
 */
export function findPrevious(
  past: readonly PastDeployment[],
  running: Revision,
  { originals = new Map(), earliest, images, stays = "yes", minServedMs = 0, nowMs = Infinity }: HistoryQuery = {},
): Previous | undefined {
  const { steps, end } = readHistorySteps(past, running, { originals, earliest, images, stays });
  const { path, isOfRunning, isUnfinished, latest } = end;
  const served = (step: HistoryStep) => longestServedMs(step, steps, nowMs);
  const stay = path.find(isOfRunning);
  const isLong = minServedMs === 0 || (stay !== undefined && served(stay) >= minServedMs);
  const why = (stays === "yes" ? whyStay(end, running) : undefined) ?? whyStayOnceMore(end, running);
  if (why !== undefined && stays !== "never" && isLong) return { target: running, reason: why };
  const last = path.at(-1);
  // What runs may have failed or be under way: then it is not on the path, unless it also ran at an earlier time.
  const isElsewhere = isUnfinished && (last === undefined || !isOfRunning(last));
  const position = isElsewhere ? -1 : path.findIndex(isOfRunning);
  const before = position >= 0 ? path.slice(0, position) : path;
  const previous = before.findLast((step) => minServedMs === 0 || served(step) >= minServedMs);
  const rollback = end.isRollback && latest.some(hasSucceeded) ? latest[0] : undefined;
  return previous && {
    target: previous.deployed,
    ran: previous.revision,
    deployment: previous.arn,
    servedMs: served(previous),
    reason: previous.createdAtMs === -Infinity
      ? { code: "ranBeforeRecord", target: previous.deployed }
      : { code: "deployedBefore", target: previous.deployed, running, atMs: endTimeOf(previous) },
    ...(rollback !== undefined && { rolledBackAtMs: endTimeOf(rollback) }),
  };
}

/** The deployments on record, oldest first, and what the newest mean for what runs. Pure. */
export function readHistorySteps(
  past: readonly PastDeployment[],
  running: Revision,
  { originals = new Map(), earliest, images, stays }: HistoryQuery,
): { readonly steps: readonly HistoryStep[]; readonly end: HistoryEnd } {
  const current = originals.get(running.arn) ?? running.arn;
  const steps = toHistorySteps(past, originals, earliest);
  const isOfCurrent = ({ deployed, revision }: HistoryStep) =>
    deployed.arn === current && ranTheSame(revision?.images, images);
  return { steps, end: readHistoryEnd(stays === "never" ? steps : withUnlisted(steps, current), isOfCurrent) };
}

/**
 * What the service was just rolled back from: by ECS, even without success, or by a deployment of what had run before.
 * Pure.
 *
 * @param past in any order
 */
export function findRolledBackFrom(
  past: readonly PastDeployment[],
): Pick<HistoryStep, "deployed" | "revision"> | undefined {
  const steps = toHistorySteps(past, new Map());
  const { newest, before, isRollback } = readHistoryEnd(steps, (step) => isSame(step, steps.at(-1)!));
  return newest !== undefined && hasRollbackStarted(newest) ? newest : isRollback ? before : undefined;
}

/** Why what runs already is what to go back to; not where the rollback to it has failed. */
function whyStay(end: HistoryEnd, target: Revision): ChoiceReason | undefined {
  const { newest, before, latest, isOfRunning, hasFailed } = end;
  if (newest === undefined || hasFailed) return undefined;
  // The service shows where ECS goes back to; the list may lag behind, and show only the request to stop.
  if (isOrWasRolledBack(newest) && !isOfRunning(newest)) {
    return { code: "turnedBack", target, failed: newest.deployed, isOnceMore: isOnceMore(newest, end) };
  }
  if (before === undefined) return undefined;
  if (end.isRolledBack) return { code: "rolledBack", target, failed: before.deployed };
  // The same command again, after Ctrl-C or a lost answer: it follows the rollback under way.
  return end.isRollback && latest.every(({ status }) => UNDER_WAY.has(status))
    ? { code: "goingBack", target, from: before.deployed }
    : undefined;
}

/** The reason to stay where what runs was deployed once more, and ECS rolled that back. */
function whyStayOnceMore(end: HistoryEnd, target: Revision): ChoiceReason | undefined {
  const { newest } = end;
  return newest !== undefined && isOrWasRolledBack(newest) && isOnceMore(newest, end)
    ? { code: "turnedBack", target, failed: newest.deployed, isOnceMore: true }
    : undefined;
}

/**
 * The longest time that the task definition and images of a deployment served without a break. A deployment that is
 * under way ends that time, because somebody wanted it; one that has failed does not.
 */
function longestServedMs(one: HistoryStep, steps: readonly HistoryStep[], nowMs: number): number {
  const replacing = steps.filter((step) => hasSucceeded(step) || !hasEnded(step));
  let longestMs = 0;
  let sinceMs: number | undefined;
  for (const [index, step] of replacing.entries()) {
    sinceMs = hasSucceeded(step) && isSame(step, one) ? sinceMs ?? endTimeOf(step) : undefined;
    if (sinceMs === undefined) continue;
    const untilMs = Math.min(replacing[index + 1]?.createdAtMs ?? nowMs, nowMs);
    longestMs = Math.max(longestMs, untilMs - sinceMs);
  }
  return longestMs;
}

// What the service itself shows: ECS's record may lag behind, or not be readable.

/** The times of one deployment in the service, in its events and in ECS's record differ by less than this. */
export const SAME_TIME_MS = 60_000;

/** The revision that ECS has rolled back to, or is rolling back to. */
export interface ShownRollback extends Previous {
  /** When ECS's event said so, where only the event shows it, and the PRIMARY deployment may have begun after it. */
  readonly eventAtMs: number | undefined;
}

/**
 * Finds the revision that ECS has rolled back to after a failure, or is rolling back to, by what the service itself
 * shows: ECS's record may lag behind, or not be readable. `undefined` where that deployment has failed, too. Pure.
 */
export function findShownRollback(service: ServiceSnapshot): ShownRollback | undefined {
  const primary = primaryDeployment(service);
  if (primary === undefined || primary.rolloutState === "FAILED") return undefined;
  const target = parseTaskDefinitionArn(primary.taskDefinition);
  const failed = liveDeployments(service).find((other) => wasLeft(other, target));
  const event = service.events.find(({ message }) => /\) rolling back to deployment ecs-svc\/[0-9]+/.test(message));
  const hasBegunSince = event !== undefined && primary.createdAtMs > event.createdAtMs + SAME_TIME_MS;
  if (failed === undefined && (event === undefined || hasBegunSince)) return undefined;
  const isNoOlder = event !== undefined && primary.createdAtMs >= event.createdAtMs;
  return {
    target,
    reason: { code: "ecsWentBack", target, failed: failed && parseTaskDefinitionArn(failed.taskDefinition) },
    eventAtMs: failed === undefined && isNoOlder ? event.createdAtMs : undefined,
  };
}

/** Whether ECS left a failed deployment for the PRIMARY one; a PRIMARY one of a newer revision was deployed. */
function wasLeft({ rolloutState, rolloutStateReason = "", taskDefinition }: Deployment, primary: Revision): boolean {
  const hasFailed = rolloutState === "FAILED" || /rolling back to deployment/i.test(rolloutStateReason);
  if (!hasFailed || taskDefinition === primary.arn) return false;
  const { family, revision } = parseTaskDefinitionArn(taskDefinition);
  return family !== primary.family || revision > primary.revision;
}

/**
 * Finds the revision that ran before, where the service still shows it: a deployment that was completed, or has tasks,
 * and that the PRIMARY one is replacing. Pure.
 */
export function findShownPrevious(service: ServiceSnapshot): Previous | undefined {
  const primary = primaryDeployment(service);
  const isReplaced = ({ rolloutState, runningCount, taskDefinition, createdAtMs }: Deployment) => {
    const hasRun = rolloutState === "COMPLETED" || (rolloutState === undefined && runningCount > 0);
    return hasRun && primary && taskDefinition !== primary.taskDefinition && createdAtMs <= primary.createdAtMs;
  };
  const [replaced] = newestFirst(liveDeployments(service).filter(isReplaced));
  if (replaced === undefined) return undefined;
  const target = parseTaskDefinitionArn(replaced.taskDefinition);
  return { target, reason: { code: "beingReplaced", target } };
}
