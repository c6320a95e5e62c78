import { type Cause, causeCodes, isOfPlatform } from "../diagnosis/cause.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { type DeploymentSettings, failuresThatTrip } from "../model/deployment_settings.ts";
import type { Deployment, LiveTask, ServiceEvent, StoppedTask } from "../model/service.ts";

// When to give a deployment up that ECS itself goes on with. Its circuit breaker counts tasks that never ran, and nothing
// once one has: crash loops go on until somebody ends them, and so does all that fails where the breaker is off.

/** After how many failures a deployment is given up: as many as trip the circuit breaker where no number is given. */
export type FailAfter = number | "breaker";

/** The failures of one deployment. */
export interface Failures {
  /** Its tasks that have stopped by a fault of theirs. */
  readonly stopped: number;
  /** How often no task could be placed or launched. */
  readonly unstarted: number;
  /** How many of the stopped ones had run, and for how long the longest of them. */
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
 * Counts what speaks against a deployment. `failedTasks`, too, counts tasks that ECS could not launch: it says so in an event
 * less often. Left out is what no release can help: Spot, lost hosts, throttling, scaling in, somebody's StopTask.
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

/** Not a bad release either, but nothing can be placed: the old tasks serve, and waiting has been tried. */
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
 * Whether an event says that no task could be placed or launched; a throttled launch is none of these.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
function saysUnstarted(message: string): boolean {
  const text = message.replace(/^\(service [^()]*\)/, "");
  return /\bunable to (?:place|launch|start) a task\b|\bunable to stop or start tasks\b|\bfailed to (?:launch|start) a task\b/i
    .test(text) &&
    !/throttl|rate exceeded/i.test(text);
}

/** After so long a task that has not crashed is taken for sound, whatever others have done. */
const SOUND_AFTER_MS = 120_000;

/** Whether all tasks of a deployment have been running longer than those of it that crashed, or for two minutes. */
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

/** Whether there are too many failures; whether one of its tasks is healthy all the same is still to be asked. */
export function isFailing({ stopped, unstarted }: Failures, limit: number): boolean {
  return limit > 0 && stopped + unstarted >= limit;
}

/**
 * Whether a deployment has to go on: one of its tasks is healthy. Where no health check says so, it is one that runs for
 * longer than any had that crashed.
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
