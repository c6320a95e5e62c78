import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { findPath, type Originals } from "../../model/history.ts";
import { ranTheSame } from "../../model/images.ts";
import {
  hasBeenRolledBack,
  hasEnded,
  hasRollbackStarted,
  isBeingRolledBack,
  oldestFirst,
  type PastDeployment,
  type ServiceRevision,
} from "../../model/service_deployment.ts";

/** One deployment in ECS's record of a service. */
export interface HistoryStep extends Pick<PastDeployment, "status" | "createdAtMs" | "finishedAtMs" | "revision"> {
  /** `undefined` where ECS's list lacks the deployment. */
  readonly arn?: string | undefined;
  readonly deployed: Revision;
}

/** What the newest deployments on record mean for the revision that runs. */
export interface HistoryEnd {
  readonly isOfRunning: (step: HistoryStep) => boolean;
  /** The successful deployments that led to what runs, without those that a rollback has left. */
  readonly path: readonly HistoryStep[];
  /** The newest deployment, and those just before it of the same revision and images. */
  readonly latest: readonly HistoryStep[];
  readonly newest: HistoryStep | undefined;
  /** The last deployment of something else. */
  readonly before: HistoryStep | undefined;
  /** The newest deployment is of what runs, and has not succeeded: it has failed, or is under way. */
  readonly isUnfinished: boolean;
  readonly hasFailed: boolean;
  /** The newest deployments went back to what had run, from one that had not succeeded. */
  readonly isRolledBack: boolean;
  /** The newest deployments went back to what had run, whether or not what they left had succeeded. */
  readonly isRollback: boolean;
  /** The path before `latest`. */
  readonly pathBefore: readonly HistoryStep[];
}

/** Interprets the newest deployments; `isOfRunning` says whether a deployment was of what runs. Pure. */
export function readHistoryEnd(steps: readonly HistoryStep[], isOfRunning: HistoryEnd["isOfRunning"]): HistoryEnd {
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
    isRollback: isLatest && (comesAfterSuccess ? pathBefore : earlier).some(isOfRunning),
    pathBefore,
  };
}

/** Whether a deployment was of the task definition that had run before it and still runs, with any images. */
export function isOnceMore({ deployed }: HistoryStep, { path, isOfRunning }: HistoryEnd): boolean {
  const last = path.at(-1);
  return last !== undefined && isOfRunning(last) && last.deployed.arn === deployed.arn;
}

/** Whether ECS is rolling a deployment back, or has rolled it back. */
export function isOrWasRolledBack(step: HistoryStep): boolean {
  return isBeingRolledBack(step) || hasBeenRolledBack(step);
}

export function hasSucceeded({ status }: HistoryStep): boolean {
  return status === "SUCCESSFUL";
}

export function endTimeOf({ finishedAtMs, createdAtMs }: HistoryStep): number {
  return finishedAtMs ?? createdAtMs;
}

/** Whether two deployments were of the same images of the same task definition. */
export function isSame(one: HistoryStep, other: HistoryStep): boolean {
  return one.deployed.arn === other.deployed.arn && ranTheSame(one.revision?.images, other.revision?.images);
}

/**
 * The deployments on record, oldest first, beginning with what ran before all of them. Leaves out those whose task
 * definition ECS no longer knows.
 */
export function toHistorySteps(
  past: readonly PastDeployment[],
  originals: Originals,
  earliest?: ServiceRevision,
): HistoryStep[] {
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
 * Adds the deployment of what runs, where ECS's list lags behind and lacks it: the newest one listed is of something
 * else, and ECS has neither rolled that back nor tried to.
 */
export function withUnlisted(steps: readonly HistoryStep[], current: string): readonly HistoryStep[] {
  const newest = steps.at(-1);
  if (newest === undefined || newest.deployed.arn === current || hasRollbackStarted(newest)) return steps;
  const deployed = parseTaskDefinitionArn(current);
  return [...steps, { status: "IN_PROGRESS", createdAtMs: Infinity, finishedAtMs: undefined, deployed }];
}

/** The successful deployments, without those that a rollback has left. */
function pathOf(steps: readonly HistoryStep[]): readonly HistoryStep[] {
  return findPath(steps.filter(hasSucceeded), isSame).path;
}
