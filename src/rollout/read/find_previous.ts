import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import {
  hasEnded,
  newestFirst,
  type PastDeployment,
  type ServiceRevision,
  wasTurnedBack,
} from "../../model/service_deployment.ts";
import {
  type End,
  endOf,
  goesBack,
  hasSucceeded,
  inOrder,
  isOnceMore,
  isSame,
  readEnd,
  type Step,
  withUnlisted,
} from "./read_end.ts";
import type { PastRecord } from "./deployment_record.ts";
import type { ChoiceReason } from "./revision_choice.ts";

/** What `previous` means, and why. */
export interface Previous {
  readonly target: Revision;
  readonly reason: ChoiceReason;
  /** When the service was rolled back from something that had succeeded, by AWS's clock: then this goes further back still. */
  readonly leavesWayBackOfMs?: number;
  /** What ran then, where ECS has it on record: the target's tags may have moved since. */
  readonly ran?: ServiceRevision | undefined;
  /** The ARN of that deployment. */
  readonly deployment?: string | undefined;
  /** How long that served without a break, at the longest; `Infinity` where it was there before the record. */
  readonly servedMs?: number;
}

const UNDER_WAY: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/** What the record is read with. */
export interface Reading extends Partial<Pick<PastRecord, "originals" | "earliest" | "images">> {
  /**
   * Whether what runs may be what to go back to. Not where the user has named it as what is to be left: then only
   * `ifDeployedOnceMore`, which failed, and `never` where it does not run any more.
   */
  readonly stays?: "yes" | "ifDeployedOnceMore" | "never";
  /** How long what to go back to has served without a break, at least; left out: it may have served as briefly as may be. */
  readonly minServedMs?: number | undefined;
  /** AWS's time. */
  readonly nowMs?: number;
}

/**
 * The revision that was deployed successfully before the one that runs, as somebody remembers it who has followed the
 * deployments: a deployment of what had run before is a way back, so what it came from is not what one would go back to.
 * (3, then 4, then back to 3: before that 3 there is what was there before the first 3. But 4 once more after that is a
 * step forward: before it there is 3.) It may be of another family.
 *
 * Where the newest deployment was rolled back by ECS, by this program or by somebody, what runs now
 * *is* what was there before it: a script that rolls back after a failed deploy must not go one step too far. The same
 * holds while a way back is under way: the command that has begun it may be given again. Where the way back has failed
 * itself, there is no staying. Pure.
 *
 * @param past in any order
 */
export function findPrevious(
  past: readonly PastDeployment[],
  running: Revision,
  { originals = new Map(), earliest, images, stays = "yes", minServedMs = 0, nowMs = Infinity }: Reading = {},
): Previous | undefined {
  const { steps, end } = readSteps(past, running, { originals, earliest, images, stays });
  const { path, isOfRunning, isUnfinished, latest } = end;
  const served = (step: Step) => longestServedMs(step, steps, nowMs);
  const stay = path.find(isOfRunning);
  const isLong = minServedMs === 0 || (stay !== undefined && served(stay) >= minServedMs);
  const why = (stays === "yes" ? whyStay(end, running) : undefined) ?? whyStayOnceMore(end, running);
  if (why !== undefined && stays !== "never" && isLong) return { target: running, reason: why };
  const last = path.at(-1);
  // What runs may have failed, or be under way: then it is no part of the path, or only by an earlier time that it ran.
  const isElsewhere = isUnfinished && (last === undefined || !isOfRunning(last));
  const position = isElsewhere ? -1 : path.findIndex(isOfRunning);
  const before = position >= 0 ? path.slice(0, position) : path;
  const previous = before.findLast((step) => minServedMs === 0 || served(step) >= minServedMs);
  const wayBack = end.isWayBack && latest.some(hasSucceeded) ? latest[0] : undefined;
  return previous && {
    target: previous.deployed,
    ran: previous.revision,
    deployment: previous.arn,
    servedMs: served(previous),
    reason: previous.createdAtMs === -Infinity
      ? { code: "ranBeforeRecord", target: previous.deployed }
      : { code: "deployedBefore", target: previous.deployed, running, atMs: endOf(previous) },
    ...(wayBack !== undefined && { leavesWayBackOfMs: endOf(wayBack) }),
  };
}

/** The deployments on record, oldest first, and how they end for what runs. Pure. */
export function readSteps(
  past: readonly PastDeployment[],
  running: Revision,
  { originals = new Map(), earliest, images, stays }: Reading,
): { readonly steps: readonly Step[]; readonly end: End } {
  const current = originals.get(running.arn) ?? running.arn;
  const steps = inOrder(past, originals, earliest);
  const isOfCurrent = ({ deployed, revision }: Step) =>
    deployed.arn === current && ranTheSame(revision?.images, images);
  return { steps, end: readEnd(stays === "never" ? steps : withUnlisted(steps, current), isOfCurrent) };
}

/**
 * What the service was just rolled back from: by ECS, which may have failed to, or by a deployment of what had run before.
 * Pure.
 *
 * @param past in any order
 */
export function findRolledBackFrom(past: readonly PastDeployment[]): Pick<Step, "deployed" | "revision"> | undefined {
  const steps = inOrder(past, new Map());
  const { newest, before, isWayBack } = readEnd(steps, (step) => isSame(step, steps.at(-1)!));
  return newest !== undefined && wasTurnedBack(newest) ? newest : isWayBack ? before : undefined;
}

/** Why what runs is what to go back to; a way back that has failed itself is not. */
function whyStay(end: End, target: Revision): ChoiceReason | undefined {
  const { newest, before, latest, isOfRunning, hasFailed } = end;
  if (newest === undefined || hasFailed) return undefined;
  // The service shows where ECS goes back to; the list may lag behind, and show only the request to stop.
  if (goesBack(newest) && !isOfRunning(newest)) {
    return { code: "turnedBack", target, failed: newest.deployed, isOnceMore: isOnceMore(newest, end) };
  }
  if (before === undefined) return undefined;
  if (end.isRolledBack) return { code: "rolledBack", target, failed: before.deployed };
  // The same command again, after Ctrl-C or a lost answer: it goes on with what is under way.
  return end.isWayBack && latest.every(({ status }) => UNDER_WAY.has(status))
    ? { code: "goingBack", target, from: before.deployed }
    : undefined;
}

/** What was deployed once more, and turned back, is what ran before. */
function whyStayOnceMore(end: End, target: Revision): ChoiceReason | undefined {
  const { newest } = end;
  return newest !== undefined && goesBack(newest) && isOnceMore(newest, end)
    ? { code: "turnedBack", target, failed: newest.deployed, isOnceMore: true }
    : undefined;
}

/**
 * How long the task definition and images of a deployment served without a break, at the longest. A deployment that is under way has begun
 * to replace it, for somebody wanted that; one that has failed has not.
 */
function longestServedMs(one: Step, steps: readonly Step[], nowMs: number): number {
  const replacing = steps.filter((step) => hasSucceeded(step) || !hasEnded(step));
  let longestMs = 0;
  let sinceMs: number | undefined;
  for (const [index, step] of replacing.entries()) {
    sinceMs = hasSucceeded(step) && isSame(step, one) ? sinceMs ?? endOf(step) : undefined;
    if (sinceMs === undefined) continue;
    const untilMs = Math.min(replacing[index + 1]?.createdAtMs ?? nowMs, nowMs);
    longestMs = Math.max(longestMs, untilMs - sinceMs);
  }
  return longestMs;
}

// Without ECS's record, or where that lags behind.

/** The times of a deployment in the service, in its events and in ECS's record differ by less. */
export const SAME_TIME_MS = 60_000;

/** What ECS has gone back to, or is going back to. */
export interface ShownWayBack extends Previous {
  /** When ECS has said so, where that alone shows it and the PRIMARY deployment is no older: it may have begun since. */
  readonly eventAtMs: number | undefined;
}

/**
 * What runs, where the service shows that ECS has gone back to it, or is going back, from a deployment that failed: then
 * what runs is what ran before. ECS's record of it may lag behind, or not be readable. Not where it has failed itself. Pure.
 */
export function findShownWayBack(service: ServiceSnapshot): ShownWayBack | undefined {
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

/** Whether a deployment has failed that what is PRIMARY now was there before; a newer revision has been deployed over it. */
function wasLeft({ rolloutState, rolloutStateReason = "", taskDefinition }: Deployment, primary: Revision): boolean {
  const hasFailed = rolloutState === "FAILED" || /rolling back to deployment/i.test(rolloutStateReason);
  if (!hasFailed || taskDefinition === primary.arn) return false;
  const { family, revision } = parseTaskDefinitionArn(taskDefinition);
  return family !== primary.family || revision > primary.revision;
}

/**
 * What ran before, where the service still shows it: a deployment that was completed, or has tasks, and is being replaced by
 * the one that runs. Pure.
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
