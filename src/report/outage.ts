import type { Deployment } from "../model/service.ts";
import { formatClockTime, formatDuration, nameZone } from "./messages/log.ts";

/** When no task of a service ran while the run watched it. Times are from `Clock.elapsed()`. */
export interface Outage {
  /** When a look first showed no task; left out if each one showed some. */
  readonly firstMs?: number;
  /** When a task ran again, the last time. */
  readonly lastMs?: number;
  /** Since when no task has run; left out while one runs. */
  readonly sinceMs?: number;
  /** How long no task ran in outages before that. */
  readonly earlierMs: number;
  /** When the run stopped watching; left out while it watches. */
  readonly untilMs?: number;
  /** Whether the outage lasted on while nobody watched. */
  readonly isLonger?: true;
}

/**
 * The outage after one more look. `undefined` until a task was seen to run: a service without tasks has none to lose.
 *
 * @param deployments all of the service's
 * @param isWatched whether the run has watched since the look before
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

/** Whether the service was seen without a task after it had one; `undefined` if no task was ever seen to run. */
export function wasDown(outage: Outage | undefined): boolean | undefined {
  return outage && (outage.sinceMs !== undefined || outage.earlierMs >= 1_000);
}

/** How long no task has run in all, in milliseconds; 0 if that is less than a second. */
export function outageMs(outage: Outage | undefined, nowMs: number): number {
  if (outage === undefined) return 0;
  const { sinceMs, earlierMs, untilMs = nowMs } = outage;
  const lastedMs = earlierMs + (sinceMs === undefined ? 0 : untilMs - sinceMs);
  return lastedMs < 1_000 ? 0 : lastedMs;
}

/**
 * `OUTAGE from 12:10:26 to 12:11:41 (UTC): no task ran for about 1m15s.`, as exact as the polls. Empty without an
 * outage.
 *
 * @param epochMs the wall clock, in milliseconds since the epoch, when `Clock.elapsed()` was 0
 * @param of the service, if there are several
 */
export function describeOutage(outage: Outage | undefined, nowMs: number, epochMs = 0, of?: string): string {
  const said = nameOutage(outage, nowMs, epochMs, of);
  return said === "" ? "" : `${said}.`;
}

/** The same without the full stop. */
export function nameOutage(outage: Outage | undefined, nowMs: number, epochMs = 0, of?: string): string {
  const lastedMs = outageMs(outage, nowMs);
  if (outage === undefined || lastedMs === 0) return "";
  const { firstMs = 0, lastMs = 0, sinceMs } = outage;
  const from = formatClockTime(epochMs + firstMs);
  const zone = nameZone(epochMs + firstMs);
  const [what, lasted] = [`OUTAGE${of === undefined ? "" : ` of ${of}`}`, formatDuration(lastedMs)];
  if (sinceMs !== undefined) return `${what} since ${from} (${zone}): no task has run for about ${lasted}`;
  // Tasks may have run for a moment in between, before they failed.
  const wholeMs = lastMs - firstMs;
  const isWhole = lastedMs >= 0.8 * wholeMs;
  const to = formatClockTime(epochMs + lastMs);
  const atLeast = outage.isLonger ? "at least" : "about";
  return `${what} from ${from} to ${to} (${zone}): no task ran for ${atLeast} ${
    isWhole ? formatDuration(wholeMs) : `${lasted} of that`
  }`;
}
