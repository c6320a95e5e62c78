import type { Deployment } from "../model/service.ts";
import { formatClockTime, formatDuration, nameZone } from "./log.ts";

/** Whether the service was without any task while a run watched it. Times are `Clock.elapsed()`'s. */
export interface Outage {
  /** When the first look showed no task; none where each has shown one. */
  readonly firstMs?: number;
  /** When a task ran again after that. */
  readonly lastMs?: number;
  /** Since when no task runs; none while one does. */
  readonly sinceMs?: number;
  /** How long no task ran before that. */
  readonly earlierMs: number;
  /** When the deployments were watched last; none while they are. */
  readonly untilMs?: number;
  /** It went on when nobody watched, until a task was seen again. */
  readonly isLonger?: true;
}

/**
 * The outage after one more look at the deployments; `undefined` until a task was seen to run, for a service that had none
 * before has lost none.
 *
 * @param deployments all of the service
 * @param isWatched whether nothing else has happened since the look before
 */
export function observeOutage(
  known: Outage | undefined,
  deployments: readonly Deployment[],
  nowMs: number,
  isWatched = true,
): Outage | undefined {
  if (deployments.length === 0) return known;
  const { sinceMs, earlierMs, untilMs = nowMs, ...times }: Outage = known ?? { earlierMs: 0 };
  if (deployments.some(({ runningCount }) => runningCount > 0)) {
    if (sinceMs === undefined) return { ...times, earlierMs };
    const lastMs = isWatched ? nowMs : untilMs;
    return { ...times, lastMs, earlierMs: earlierMs + lastMs - sinceMs, ...(!isWatched && { isLonger: true }) };
  }
  const isWanted = deployments.some(({ status, desiredCount }) => status === "PRIMARY" && desiredCount > 0);
  return known !== undefined && isWanted ? { firstMs: nowMs, ...times, sinceMs: sinceMs ?? nowMs, earlierMs } : known;
}

/** Whether a look has shown no task, of a service that had some; `undefined` where none was ever seen to run. */
export function wasOut(outage: Outage | undefined): boolean | undefined {
  return outage && (outage.sinceMs !== undefined || outage.earlierMs >= 1_000);
}

/** How long no task ran until now; 0 for less than a second. */
export function outageMs(outage: Outage | undefined, nowMs: number): number {
  if (outage === undefined) return 0;
  const { sinceMs, earlierMs, untilMs = nowMs } = outage;
  const lastedMs = earlierMs + (sinceMs === undefined ? 0 : untilMs - sinceMs);
  return lastedMs < 1_000 ? 0 : lastedMs;
}

/**
 * `OUTAGE from 12:10:26 to 12:11:41 (UTC): no task ran for about 1m15s.`: as exact as the polls are. Empty where there was
 * always one.
 *
 * @param epochMs what the clock on the wall shows when `Clock.elapsed()` is 0
 * @param of the service, where there are many
 */
export function describeOutage(outage: Outage | undefined, nowMs: number, epochMs = 0, of?: string): string {
  const lastedMs = outageMs(outage, nowMs);
  if (outage === undefined || lastedMs === 0) return "";
  const { firstMs = 0, lastMs = 0, sinceMs } = outage;
  const from = formatClockTime(epochMs + firstMs);
  const zone = nameZone(epochMs + firstMs);
  const [what, lasted] = [`OUTAGE${of === undefined ? "" : ` of ${of}`}`, formatDuration(lastedMs)];
  if (sinceMs !== undefined) return `${what} since ${from} (${zone}): no task has run for about ${lasted}.`;
  // Between them tasks may have run for a moment, before they failed.
  const wholeMs = lastMs - firstMs;
  const isWhole = lastedMs >= 0.8 * wholeMs;
  const to = formatClockTime(epochMs + lastMs);
  const atLeast = outage.isLonger ? "at least" : "about";
  return `${what} from ${from} to ${to} (${zone}): no task ran for ${atLeast} ${
    isWhole ? formatDuration(wholeMs) : `${lasted} of that`
  }.`;
}
