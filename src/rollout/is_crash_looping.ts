import type { Deployment } from "../model/service.ts";

/** What was seen of a deployment's tasks until nobody waited any longer. Times are milliseconds of one clock. */
export interface TasksSeen {
  /** The deployment as it was last seen; `undefined` when it never was. */
  readonly deployment: Deployment | undefined;
  /** How many of its tasks have stopped for a cause. */
  readonly stopped: number;
  /** When that number was last seen to grow. */
  readonly grewAtMs: number | undefined;
  readonly watchedSinceMs: number;
  readonly nowMs: number;
}

/**
 * Whether a deployment that is not done in time fails again and again, and does not only take long: tasks have stopped, and
 * some are missing now, or more than one has stopped and the last of them lately, which is in the second half of the time.
 * One that stopped early and was replaced is none of this. Pure.
 */
export function keepFailing({ deployment, stopped, grewAtMs, watchedSinceMs, nowMs }: TasksSeen): boolean {
  if (stopped === 0 || grewAtMs === undefined) return false;
  if (deployment === undefined || deployment.runningCount < deployment.desiredCount) return true;
  return stopped > 1 && grewAtMs - watchedSinceMs >= (nowMs - watchedSinceMs) / 2;
}
