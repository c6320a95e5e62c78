import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { findPath, type Originals } from "../../model/history.ts";
import { ranTheSame } from "../../model/images.ts";
import {
  hasEnded,
  hasGoneBack,
  isGoingBack,
  oldestFirst,
  type PastDeployment,
  type ServiceRevision,
  wasTurnedBack,
} from "../../model/service_deployment.ts";

/** A deployment on record. */
export interface Step extends Pick<PastDeployment, "status" | "createdAtMs" | "finishedAtMs" | "revision"> {
  /** `undefined` where the list does not have it. */
  readonly arn?: string | undefined;
  readonly deployed: Revision;
}

/** How the record ends, for what runs. */
export interface End {
  readonly isOfRunning: (step: Step) => boolean;
  readonly path: readonly Step[];
  /** The newest deployment, and those just before it of the same revision and images. */
  readonly latest: readonly Step[];
  readonly newest: Step | undefined;
  readonly before: Step | undefined;
  /** The newest deployment is of what runs, and has not succeeded: it has failed, or is under way. */
  readonly isUnfinished: boolean;
  readonly hasFailed: boolean;
  /** The newest deployments went back to what had run, from one that had not succeeded. */
  readonly isRolledBack: boolean;
  readonly isWayBack: boolean;
  /** What had succeeded before the newest deployment, without deployments that a rollback has left. */
  readonly pathBefore: readonly Step[];
}

/** Reads how the record ends; `isOfRunning` says whether a deployment was of what runs. Pure. */
export function readEnd(steps: readonly Step[], isOfRunning: End["isOfRunning"]): End {
  const newest = steps.at(-1);
  const beganAfter = steps.findLastIndex((step) => newest === undefined || !isSame(step, newest));
  const earlier = steps.slice(0, beganAfter + 1);
  const before = earlier.at(-1);
  const isLatest = newest !== undefined && isOfRunning(newest);
  const pathBefore = pathOf(earlier);
  const comesAfterSuccess = before !== undefined && hasSucceeded(before);
  return {
    isOfRunning,
    path: pathOf(steps),
    latest: steps.slice(beganAfter + 1),
    newest,
    before,
    isUnfinished: isLatest && !hasSucceeded(newest),
    hasFailed: isLatest && hasEnded(newest) && !hasSucceeded(newest),
    isRolledBack: isLatest && before !== undefined && !comesAfterSuccess && earlier.some(isOfRunning),
    isWayBack: isLatest && (comesAfterSuccess ? pathBefore : earlier).some(isOfRunning),
    pathBefore,
  };
}

/** Whether a deployment was of the task definition that ran last and still runs, with whichever images. */
export function isOnceMore({ deployed }: Step, { path, isOfRunning }: End): boolean {
  const last = path.at(-1);
  return last !== undefined && isOfRunning(last) && last.deployed.arn === deployed.arn;
}

/** Whether ECS goes back from a deployment, or has gone back. */
export function goesBack(step: Step): boolean {
  return isGoingBack(step) || hasGoneBack(step);
}

export function hasSucceeded({ status }: Step): boolean {
  return status === "SUCCESSFUL";
}

export function endOf({ finishedAtMs, createdAtMs }: Step): number {
  return finishedAtMs ?? createdAtMs;
}

/** Whether two deployments were of the same images of the same task definition. */
export function isSame(one: Step, other: Step): boolean {
  return one.deployed.arn === other.deployed.arn && ranTheSame(one.revision?.images, other.revision?.images);
}

/** Oldest first, after what ran before all of them; without those whose task definition ECS no longer knows. */
export function inOrder(past: readonly PastDeployment[], originals: Originals, earliest?: ServiceRevision): Step[] {
  const { taskDefinition } = earliest ?? {};
  const before = { status: "SUCCESSFUL", createdAtMs: -Infinity, finishedAtMs: undefined };
  const first = { ...before, taskDefinition, revision: earliest };
  return [first, ...oldestFirst(past)].flatMap(
    ({ taskDefinition, ...deployment }) =>
      taskDefinition === undefined
        ? []
        : [{ ...deployment, deployed: parseTaskDefinitionArn(originals.get(taskDefinition) ?? taskDefinition) }],
  );
}

/**
 * Adds the deployment of what runs, where the list lags behind and does not have it yet: the newest one listed is of
 * something else, and ECS has not gone back from it, nor tried to.
 */
export function withUnlisted(steps: readonly Step[], current: string): readonly Step[] {
  const newest = steps.at(-1);
  if (newest === undefined || newest.deployed.arn === current || wasTurnedBack(newest)) return steps;
  const deployed = parseTaskDefinitionArn(current);
  return [...steps, { status: "IN_PROGRESS", createdAtMs: Infinity, finishedAtMs: undefined, deployed }];
}

/** What has succeeded, without deployments that a rollback has left. */
function pathOf(steps: readonly Step[]): readonly Step[] {
  return findPath(steps.filter(hasSucceeded), isSame).path;
}
