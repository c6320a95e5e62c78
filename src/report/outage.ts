import type { Deployment } from "../model/service.ts";
import { formatDuration } from "./log.ts";

/** Whether the service was without any task while a run watched it. Times are `Clock.elapsed()`'s. */
export interface Outage {
  /** Since when no task runs; none while one does. */
  readonly sinceMs?: number;
  /** How long no task ran before that. */
  readonly earlierMs: number;
  /** When the deployments were watched last; none while they are. */
  readonly untilMs?: number;
}

/**
 * The outage after one more look at the deployments; `undefined` until a task was seen to run, for a service that had none
 * before has lost none.
 *
 * @param deployments all of the service
 */
export function observeOutage(
  known: Outage | undefined,
  deployments: readonly Deployment[],
  nowMs: number,
): Outage | undefined {
  if (deployments.length === 0) return known;
  const { sinceMs, earlierMs } = known ?? { earlierMs: 0 };
  if (deployments.some(({ runningCount }) => runningCount > 0)) {
    return { earlierMs: earlierMs + (sinceMs === undefined ? 0 : nowMs - sinceMs) };
  }
  const isWanted = deployments.some(({ status, desiredCount }) => status === "PRIMARY" && desiredCount > 0);
  return known !== undefined && isWanted ? { sinceMs: sinceMs ?? nowMs, earlierMs } : known;
}

/** `For about 47s no task ran.`: as exact as the polls are. Empty where there was always one. */
export function describeOutage(outage: Outage | undefined, nowMs: number): string {
  if (outage === undefined) return "";
  const { sinceMs, earlierMs, untilMs = nowMs } = outage;
  const lastedMs = earlierMs + (sinceMs === undefined ? 0 : untilMs - sinceMs);
  if (lastedMs < 1_000) return "";
  return `OUTAGE: no task ${sinceMs === undefined ? "ran" : "has run"} for about ${formatDuration(lastedMs)}.`;
}
