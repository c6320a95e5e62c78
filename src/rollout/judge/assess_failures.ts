import { type Cause, causeCodes, isOfPlatform } from "../../diagnosis/cause.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { type DeploymentSettings, failuresThatTrip } from "../../model/deployment_settings.ts";
import type { Deployment, LiveTask, ServiceEvent, StoppedTask } from "../../model/service.ts";

// When to give up a deployment that ECS itself goes on with. Its breaker counts tasks that never ran, and nothing once
// one has: crash loops go on until somebody ends them, and so does all that fails where the breaker is off.

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
 * Counts what speaks against a deployment. `failedTasks` also counts tasks that ECS could not launch, which it reports
 * less often by events. Left out is what no release can help: Spot, lost hosts, throttling, scaling in, StopTask.
 */
export function countFailures({ deployment, tasks, events, sinceMs }: FailureEvidence): Failures {
  const counting = tasks.filter((task) => {
    const [cause] = diagnose({ deploymentId: deployment.id, tasks: [task] });
    return cause !== undefined && speaksAgainst(cause) && task.stopCode !== "UserInitiated";
  });
  const runsMs = counting.map(runMs).filter((ms) => ms !== undefined);
  const attempts = events.filter(({ createdAtMs, message }) => createdAtMs > sinceMs && saysUnstarted(message)).length;
  const unsaid = attempts === 0 ? 0 : deployment.failedTasks - counting.length;
  return {
    stopped: counting.length,
    unstarted: Math.max(attempts, unsaid),
    crashed: runsMs.length,
    longestRunMs: Math.max(0, ...runsMs),
  };
}

/** No release is at fault here either, but nothing can be placed: the old tasks serve, and waiting has been tried. */
const CANNOT_BE_PLACED = causeCodes(
  ...["noRoom", "capacityUnavailable", "quotaReached", "noInstances", "noNetworkSlot", "subnetFull"] as const,
);
const NOBODYS_FAULT = causeCodes("stoppedByUser", "replaced");

function speaksAgainst(cause: Cause): boolean {
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
function saysUnstarted(message: string): boolean {
  const text = message.replace(/^\(service [^()]*\)/, "");
  return /\bunable to (?:place|launch|start) a task\b|\bunable to stop or start tasks\b|\bfailed to (?:launch|start) a task\b/i
    .test(text) &&
    !/throttl|rate exceeded/i.test(text);
}

/** A task that has run for so long is taken for sound, whatever others have done. */
const SOUND_AFTER_MS = 120_000;

/** Whether all tasks of a deployment have run for longer than those of it that crashed, or for two minutes. */
export function haveOutlived(
  live: readonly LiveTask[],
  { id }: Deployment,
  { longestRunMs }: Failures,
  nowMs: number,
): boolean {
  const neededMs = Math.min(longestRunMs, SOUND_AFTER_MS);
  return live.every(({ startedBy, startedAtMs }) =>
    startedBy !== id || (startedAtMs !== undefined && nowMs - startedAtMs > neededMs)
  );
}

/** How many failures are too many. */
export function failureLimit(failAfter: FailAfter, settings: DeploymentSettings, { desiredCount }: Deployment): number {
  return failAfter === "breaker" ? failuresThatTrip(settings.breakerThreshold, desiredCount) : failAfter;
}

/** Whether there are too many failures. Whether one of the tasks is healthy all the same is another question. */
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
