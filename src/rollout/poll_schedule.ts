import type { Clock } from "../host.ts";

/** The pause before the next poll: at least, after something has moved; and at most, where nothing moves. */
export const MIN_PAUSE_MS = 1_000;
export const MAX_PAUSE_MS = 5_000;

/** The possible intervals: each divides the longest pause, so that no poll is later than that. */
const INTERVALS_MS = [MIN_PAUSE_MS, MAX_PAUSE_MS / 2, MAX_PAUSE_MS];
/** How many services are polled per second, ten a call: a fifth of AWS's rate for DescribeServices. */
const POLLED_PER_SECOND = 40;

/**
 * Lets the polls of all watches of one run happen at the same moments, so that one call reads several services. The
 * moments are a second apart, or more where many services are watched.
 */
export class PollSchedule {
  #watched = 0;

  constructor(private readonly clock: Pick<Clock, "elapsed">) {}

  /** Counts one more watched service, until `leave()`. */
  join(): void {
    this.#watched++;
  }

  leave(): void {
    this.#watched--;
  }

  /** A pause of about `ms` that ends at a common moment. Longer than `MAX_PAUSE_MS` only if `ms` is. */
  pauseMs(ms: number): number {
    const neededMs = this.#watched / POLLED_PER_SECOND * 1_000;
    const intervalMs = INTERVALS_MS.find((intervalMs) => intervalMs >= neededMs) ?? MAX_PAUSE_MS;
    const nowMs = this.clock.elapsed();
    const nearestMs = Math.round((nowMs + ms) / intervalMs) * intervalMs - nowMs;
    if (nearestMs > Math.max(ms, MAX_PAUSE_MS)) return nearestMs - intervalMs;
    return nearestMs > 0 ? nearestMs : nearestMs + intervalMs;
  }
}
