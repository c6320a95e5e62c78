import { type Cause, causeCodes, isOfPlatform } from "../../diagnosis/cause.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { type DeploymentSettings, failuresThatTrip } from "../../model/deployment_settings.ts";
import type { Deployment, LiveTask, ServiceEvent, StoppedTask } from "../../model/service.ts";

// When to give up a deployment that ECS itself continues. ECS's circuit breaker counts only tasks that never ran, and
// stops counting once one has run: crash loops go on until somebody ends them. So does any failure where it is off.

/** After how many failures a deployment is given up; `breaker`: after as many as trip ECS's circuit breaker. */
export type FailAfter = number | "breaker";

/** The failures of one deployment. */
interface Failures {
  /** How many of its tasks have stopped by their own fault. */
  readonly stopped: number;
  /** How often no task could be placed or launched. */
  readonly unstarted: number;
  /** How many of the stopped tasks had run; `longestRunMs`: for how long the longest of them. */
  readonly crashed: number;
  readonly longestRunMs: number;
}

/** What was read of the service, and of its stopped tasks. */
export interface FailureEvidence {
  readonly deployment: Deployment;
  readonly tasks: readonly StoppedTask[];
  readonly events: readonly ServiceEvent[];
  /** When the deployment began, by AWS's clock: older events are about others. */
  readonly sinceMs: number;
}

/**
 * Counts the failures of a deployment. `failedTasks` also counts tasks that ECS could not launch, which it reports less
 * often by events. What no release can prevent does not count: Spot, lost hosts, throttling, scaling in, StopTask.
 */
export function countFailures({ deployment, tasks, events, sinceMs }: FailureEvidence): Failures {
  const counting = tasks.filter((task) => {
    const [cause] = diagnose({ deploymentId: deployment.id, tasks: [task] });
    return cause !== undefined && countsAgainstRelease(cause) && task.stopCode !== "UserInitiated";
  });
  const runsMs = counting.map(runMs).filter((ms) => ms !== undefined);
  const attempts =
    events.filter(({ createdAtMs, message }) => createdAtMs > sinceMs && reportsUnstarted(message)).length;
  const unsaid = attempts === 0 ? 0 : deployment.failedTasks - counting.length;
  return {
    stopped: counting.length,
    unstarted: Math.max(attempts, unsaid),
    crashed: runsMs.length,
    longestRunMs: Math.max(0, ...runsMs),
  };
}

/** These count although no release is at fault: no task can be placed, the old ones serve, and ECS keeps trying. */
const CANNOT_BE_PLACED = causeCodes(
  ...["noRoom", "capacityUnavailable", "quotaReached", "noInstances", "noNetworkSlot", "subnetFull"] as const,
);
const NOBODYS_FAULT = causeCodes("stoppedByUser", "replaced");

function countsAgainstRelease(cause: Cause): boolean {
  if (NOBODYS_FAULT.has(cause.code)) return false;
  return !isOfPlatform(cause) || CANNOT_BE_PLACED.has(cause.code);
}

function runMs({ startedAtMs, stoppingAtMs, stoppedAtMs }: StoppedTask): number | undefined {
  const endedAtMs = stoppingAtMs ?? stoppedAtMs;
  return startedAtMs === undefined || endedAtMs === undefined ? undefined : Math.max(0, endedAtMs - startedAtMs);
}

/**
 * Whether an event says that no task could be placed or launched; a throttled launch does not count.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
function reportsUnstarted(message: string): boolean {
  const text = message.replace(/^\(service [^()]*\)/, "");
  return /\bunable to (?:place|launch|start) a task\b|\bunable to stop or start tasks\b|\bfailed to (?:launch|start) a task\b/i
    .test(text) &&
    !/throttl|rate exceeded/i.test(text);
}

/** A task that has run for this long counts as healthy, however long others ran before they crashed. */
const HEALTHY_AFTER_MS = 120_000;

/** Whether all tasks of a deployment have run for longer than those of it that crashed, or for two minutes. */
export function haveOutlived(
  live: readonly LiveTask[],
  { id }: Deployment,
  { longestRunMs }: Failures,
  nowMs: number,
): boolean {
  const neededMs = Math.min(longestRunMs, HEALTHY_AFTER_MS);
  return live.every(({ startedBy, startedAtMs }) =>
    startedBy !== id || (startedAtMs !== undefined && nowMs - startedAtMs > neededMs)
  );
}

/** How many failures are too many. */
export function failureLimit(failAfter: FailAfter, settings: DeploymentSettings, { desiredCount }: Deployment): number {
  return failAfter === "breaker" ? failuresThatTrip(settings.breakerThreshold, desiredCount) : failAfter;
}

/** Whether there are too many failures; `hasHealthyTask()` may still keep the deployment going. */
export function isFailing({ stopped, unstarted }: Failures, limit: number): boolean {
  return limit > 0 && stopped + unstarted >= limit;
}

/**
 * Whether a deployment must go on because one of its tasks is healthy. Without a health check, that is a task that has
 * run for longer than any that crashed.
 *
 * @param live the service's tasks that run, or are to run
 * @param nowMs AWS's clock
 */
export function hasHealthyTask(
  live: readonly LiveTask[],
  { id }: Deployment,
  { crashed, longestRunMs }: Failures,
  nowMs: number,
): boolean {
  return live.some(({ startedBy, lastStatus, healthStatus, startedAtMs }) => {
    if (startedBy !== id || lastStatus !== "RUNNING" || healthStatus === "UNHEALTHY") return false;
    if (healthStatus === "HEALTHY" || crashed === 0) return true;
    return startedAtMs === undefined || nowMs - startedAtMs > longestRunMs;
  });
}
