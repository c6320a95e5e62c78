import { parseTaskDefinitionArn, type Revision, siblingArn } from "../../model/arn.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import {
  hasEnded,
  hasGoneBack,
  isGoingBack,
  type PastDeployment,
  wasTurnedBack,
} from "../../model/service_deployment.ts";
import type { ChoiceReason } from "./revision_choice.ts";

/** What `previous` means, and why. */
export interface Previous {
  readonly target: Revision;
  readonly reason: ChoiceReason;
  /** When the service was rolled back from something that had succeeded, by AWS's clock: then this goes further back still. */
  readonly leavesWayBackOfMs?: number;
}

const UNDER_WAY: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/** A deployment on record. */
interface Step extends Pick<PastDeployment, "status" | "createdAtMs" | "finishedAtMs"> {
  readonly deployed: Revision;
}

/** What the record is read with. */
interface Reading {
  /** Of which revision the one that runs is a copy, where it is one: deploying a copy is a way back, too. */
  readonly original?: number | undefined;
  /** The ARN of the task definition that ran before all of the deployments, where that is known. */
  readonly earliest?: string | undefined;
  /**
   * Whether what runs may be what to go back to. Not where the user has named it as what is to be left: then only
   * `ifDeployedOnceMore`, which failed, and `never` where it does not run any more.
   */
  readonly stays?: "yes" | "ifDeployedOnceMore" | "never";
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
  { original = running.revision, earliest, stays = "yes" }: Reading = {},
): Previous | undefined {
  const current = siblingArn(running, original);
  const steps = inOrder(past, running, original, earliest);
  const end = readEnd(stays === "never" ? steps : withUnlisted(steps, current), current);
  const { path, isOfRunning, hasFailed, latest } = end;
  const why = (stays === "yes" ? whyStay(end, running) : undefined) ?? whyStayOnceMore(end, running);
  if (why !== undefined && stays !== "never") return { target: running, reason: why };
  const last = path.at(-1);
  // What runs may have failed, or be under way: then it is no part of the path, or only by an earlier time that it ran.
  const isElsewhere = hasFailed && (last === undefined || !isOfRunning(last));
  const position = isElsewhere ? -1 : path.findIndex(isOfRunning);
  const previous = position >= 0 ? path[position - 1] : last;
  const wayBack = end.isWayBack && latest.some(hasSucceeded) ? latest[0] : undefined;
  return previous && {
    target: previous.deployed,
    reason: previous.createdAtMs === -Infinity
      ? { code: "ranBeforeRecord", target: previous.deployed }
      : { code: "deployedBefore", target: previous.deployed, running, atMs: endOf(previous) },
    ...(wayBack !== undefined && { leavesWayBackOfMs: endOf(wayBack) }),
  };
}

/** How the record ends. */
interface End {
  readonly isOfRunning: (step: Step) => boolean;
  readonly path: readonly Step[];
  /** The newest deployment, and those just before it of the same revision. */
  readonly latest: readonly Step[];
  readonly newest: Step | undefined;
  readonly before: Step | undefined;
  /** The newest deployment is of what runs, and has not succeeded. */
  readonly hasFailed: boolean;
  /** The newest deployments went back to what had run, from one that had not succeeded. */
  readonly isRolledBack: boolean;
  readonly isWayBack: boolean;
}

function readEnd(steps: readonly Step[], running: string): End {
  const isOfRunning = ({ deployed }: Step) => deployed.arn === running;
  const newest = steps.at(-1);
  const beganAfter = steps.findLastIndex(({ deployed }) => deployed.arn !== newest?.deployed.arn);
  const earlier = steps.slice(0, beganAfter + 1);
  const before = earlier.at(-1);
  const isLatest = newest !== undefined && isOfRunning(newest);
  const comesAfterSuccess = before !== undefined && hasSucceeded(before);
  return {
    isOfRunning,
    path: pathOf(steps),
    latest: steps.slice(beganAfter + 1),
    newest,
    before,
    hasFailed: isLatest && hasEnded(newest) && !hasSucceeded(newest),
    isRolledBack: isLatest && before !== undefined && !comesAfterSuccess && earlier.some(isOfRunning),
    isWayBack: isLatest && (comesAfterSuccess ? pathOf(earlier) : earlier).some(isOfRunning),
  };
}

/** Why what runs is what to go back to; a way back that has failed itself is not. */
function whyStay(end: End, target: Revision): ChoiceReason | undefined {
  const { newest, before, latest, isOfRunning, hasFailed } = end;
  if (newest === undefined || hasFailed) return undefined;
  // The service shows where ECS goes back to; the list may lag behind, and show only the request to stop.
  if (goesBack(newest) && !isOfRunning(newest)) {
    return { code: "turnedBack", target, failed: newest.deployed, isOnceMore: false };
  }
  if (before === undefined) return undefined;
  if (end.isRolledBack) return { code: "rolledBack", target, failed: before.deployed };
  // The same command again, after Ctrl-C or a lost answer: it goes on with what is under way.
  return end.isWayBack && latest.every(({ status }) => UNDER_WAY.has(status))
    ? { code: "goingBack", target, from: before.deployed }
    : undefined;
}

/** What was deployed once more, and turned back, is what ran before. */
function whyStayOnceMore({ newest, path, isOfRunning }: End, target: Revision): ChoiceReason | undefined {
  const last = path.at(-1);
  const isOnceMore = newest !== undefined && last !== undefined && isOfRunning(newest) && isOfRunning(last);
  return isOnceMore && goesBack(newest)
    ? { code: "turnedBack", target, failed: newest.deployed, isOnceMore: true }
    : undefined;
}

/** Whether ECS goes back from a deployment, or has gone back. */
function goesBack(step: Step): boolean {
  return isGoingBack(step) || hasGoneBack(step);
}

function hasSucceeded({ status }: Step): boolean {
  return status === "SUCCESSFUL";
}

function endOf({ finishedAtMs, createdAtMs }: Step): number {
  return finishedAtMs ?? createdAtMs;
}

function inOrder(
  past: readonly PastDeployment[],
  running: Revision,
  original: number,
  earliest: string | undefined,
): Step[] {
  const first = { status: "SUCCESSFUL", createdAtMs: -Infinity, finishedAtMs: undefined, taskDefinition: earliest };
  return [first, ...past.toSorted((a, b) => a.createdAtMs - b.createdAtMs)].flatMap(
    ({ taskDefinition, ...deployment }) => {
      if (taskDefinition === undefined) return [];
      const arn = taskDefinition === running.arn ? siblingArn(running, original) : taskDefinition;
      return [{ ...deployment, deployed: parseTaskDefinitionArn(arn) }];
    },
  );
}

/**
 * Adds the deployment of what runs, where the list lags behind and does not have it yet: its newest one is of something
 * else, which ECS has not gone back from, nor tried to.
 */
function withUnlisted(steps: readonly Step[], current: string): readonly Step[] {
  const newest = steps.at(-1);
  if (newest === undefined || newest.deployed.arn === current || wasTurnedBack(newest)) return steps;
  const deployed = parseTaskDefinitionArn(current);
  return [...steps, { status: "IN_PROGRESS", createdAtMs: Infinity, finishedAtMs: undefined, deployed }];
}

/** What has succeeded, without what somebody has gone back from. */
function pathOf(steps: readonly Step[]): Step[] {
  const path: Step[] = [];
  for (const step of steps) {
    if (!hasSucceeded(step)) continue;
    const earlier = path.findIndex(({ deployed }) => deployed.arn === step.deployed.arn);
    if (earlier >= 0) path.length = earlier;
    path.push(step);
  }
  return path;
}

/** The times of an event and of the deployment that it is about differ by less. */
const SAME_TIME_MS = 60_000;

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
  const [replaced] = liveDeployments(service).filter(isReplaced).toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  if (replaced === undefined) return undefined;
  const target = parseTaskDefinitionArn(replaced.taskDefinition);
  return { target, reason: { code: "beingReplaced", target } };
}
