import { speaksOfFailure } from "../diagnosis/diagnose_events.ts";
import type { Deployment, ServiceSnapshot } from "../model/service.ts";

/** What one read of a service shows of how the tasks of a deployment fare; times in milliseconds since the epoch. */
export interface TasksSign {
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  readonly failedTasks: number;
  /** How many tasks ECS says to have started, and when it said so last. */
  readonly started: number;
  readonly startedAtMs: number;
  /** When ECS last said that something failed. */
  readonly failedAtMs: number;
}

/**
 * @param sinceMs older events are about other deployments
 */
export function readTasksSign(service: ServiceSnapshot, deployment: Deployment, sinceMs: number): TasksSign {
  const { desiredCount, pendingCount, runningCount, failedTasks } = deployment;
  const events = service.events.filter(({ createdAtMs }) => createdAtMs > sinceMs);
  const starts = events.filter((event) => countStarted(event.message) > 0);
  const failures = events.filter(speaksOfFailure);
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
 * Whether tasks may have failed since the read before: only then it is worth asking why. A task that stops after it has run
 * is counted nowhere (`failedTasks` is of tasks that never ran): for a moment there are fewer, or ECS starts more tasks than
 * the deployment wants. Scaling in has fewer tasks, too, but wants fewer first.
 *
 * @param before `undefined`: there was no read before
 */
export function showsFailure(now: TasksSign, before: TasksSign | undefined): boolean {
  const hasSpare = now.started > now.desiredCount;
  if (before === undefined) return now.failedTasks > 0 || now.failedAtMs > 0 || hasSpare;
  const wantsFewer = now.desiredCount < before.desiredCount;
  const isFewer = now.runningCount < before.runningCount ||
    now.runningCount + now.pendingCount < before.runningCount + before.pendingCount;
  return now.failedTasks > before.failedTasks || now.failedAtMs > before.failedAtMs ||
    (hasSpare && now.startedAtMs > before.startedAtMs) || (isFewer && !wantsFewer);
}
