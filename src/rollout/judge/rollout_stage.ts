import { reportsFailure } from "../../diagnosis/diagnose_events.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import {
  hasBeenRolledBack,
  hasFailed,
  isBeingRolledBack,
  newestFirst,
  type ServiceDeployment,
} from "../../model/service_deployment.ts";

/**
 * The stage of a service's newest deployment, unless that is completed with all its tasks. `short`: it was completed,
 * and tasks are missing again.
 */
export type RolloutStage = "underWay" | "short" | "failed" | "goingBack" | "wentBack";

/** Finds the stage of the newest deployment; `undefined`: completed, with its tasks running, as far as ECS shows. */
export function findRolloutStage(
  service: ServiceSnapshot,
  record: ServiceDeployment | undefined,
): RolloutStage | undefined {
  const primary = primaryDeployment(service);
  if (primary === undefined || service.deploymentController !== "ECS") return undefined;
  if (record !== undefined && isBeingRolledBack(record)) return "goingBack";
  if (record !== undefined && hasFailed(record)) return hasBeenRolledBack(record) ? "wentBack" : "failed";
  if (othersOf(service).some(({ rolloutState }) => rolloutState === "FAILED")) return "goingBack";
  if (primary.rolloutState === "FAILED") return "failed";
  const isUnderWay = primary.rolloutState === "IN_PROGRESS" || record?.status === "IN_PROGRESS";
  if (isUnderWay) return "underWay";
  return primary.runningCount < primary.desiredCount ? "short" : undefined;
}

/** The deployment that the stage is about, if ECS still lists it. */
export function findDeploymentOf(stage: RolloutStage, service: ServiceSnapshot): Deployment | undefined {
  if (stage === "wentBack") return undefined;
  if (stage !== "goingBack") return primaryDeployment(service);
  const others = newestFirst(othersOf(service));
  return others.find(({ rolloutState }) => rolloutState === "FAILED") ?? others[0];
}

/** Whether the service alone shows that tasks have failed, or are missing: only then is it worth asking why. */
export function showsTrouble(service: ServiceSnapshot): boolean {
  const primary = primaryDeployment(service);
  if (primary === undefined || service.deploymentController !== "ECS") return false;
  if (liveDeployments(service).some((one) => one.failedTasks > 0 || one.rolloutState === "FAILED")) return true;
  if (primary.rolloutState === "COMPLETED") return primary.runningCount < primary.desiredCount;
  return showsFailure(readTaskActivity(service, primary, primary.createdAtMs), undefined);
}

/** Whether the newest deployment may have failed although none is under way: only ECS's record of it says so then. */
export function mayHaveFailed(service: ServiceSnapshot): boolean {
  const primary = primaryDeployment(service);
  if (primary === undefined || service.deploymentController !== "ECS") return false;
  if (primary.rolloutState === "IN_PROGRESS") return false;
  return primary.rolloutState === "FAILED" || service.events.some(reportsFailure);
}

function othersOf(service: ServiceSnapshot): Deployment[] {
  return liveDeployments(service).filter(({ status }) => status !== "PRIMARY");
}

/** What one read of a service shows of a deployment's tasks; times in milliseconds since the epoch. */
export interface TaskActivity
  extends Pick<Deployment, "desiredCount" | "pendingCount" | "runningCount" | "failedTasks"> {
  /** How many tasks ECS says it has started; `startedAtMs`: when it last said so. */
  readonly started: number;
  readonly startedAtMs: number;
  /** When ECS last said that something failed. */
  readonly failedAtMs: number;
}

/** @param sinceMs older events are about other deployments */
export function readTaskActivity(service: ServiceSnapshot, deployment: Deployment, sinceMs: number): TaskActivity {
  const { desiredCount, pendingCount, runningCount, failedTasks } = deployment;
  const events = service.events.filter(({ createdAtMs }) => createdAtMs > sinceMs);
  const starts = events.filter((event) => countStarted(event.message) > 0);
  const failures = events.filter(reportsFailure);
  return {
    ...{ desiredCount, pendingCount, runningCount, failedTasks },
    started: starts.reduce((sum, { message }) => sum + countStarted(message), 0),
    startedAtMs: Math.max(0, ...starts.map(({ createdAtMs }) => createdAtMs)),
    failedAtMs: Math.max(0, ...failures.map(({ createdAtMs }) => createdAtMs)),
  };
}

/** `(service NAME) has started 2 tasks: (task ID) (task ID).` */
function countStarted(message: string): number {
  return Number(/^\(service [^()]*\) has started (\d+) tasks?:/.exec(message)?.[1] ?? 0);
}

/**
 * Whether tasks may have failed since the read before: only then is it worth asking why. A task that stops after it has
 * run is counted nowhere (`failedTasks` is of tasks that never ran): but for a moment there are fewer, or ECS starts
 * more tasks than the deployment wants. Scaling in leaves fewer tasks, too, but lowers the desired count first.
 *
 * @param before `undefined`: there was no read before
 */
export function showsFailure(now: TaskActivity, before: TaskActivity | undefined): boolean {
  const hasSpare = now.started > now.desiredCount;
  if (before === undefined) return now.failedTasks > 0 || now.failedAtMs > 0 || hasSpare;
  const wantsFewer = now.desiredCount < before.desiredCount;
  const isFewer = now.runningCount < before.runningCount ||
    now.runningCount + now.pendingCount < before.runningCount + before.pendingCount;
  return now.failedTasks > before.failedTasks || now.failedAtMs > before.failedAtMs ||
    (hasSpare && now.startedAtMs > before.startedAtMs) || (isFewer && !wantsFewer);
}
