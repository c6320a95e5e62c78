import type { Clock } from "../host.ts";

/** How long to pause before the next poll: after something has moved, and where nothing moves. */
export const FASTEST_MS = 1_000;
export const SLOWEST_MS = 5_000;

/** How far apart polls may be: fractions of the slowest pace, so that none is later than that. */
const APART_MS = [FASTEST_MS, SLOWEST_MS / 2, SLOWEST_MS];
/** How many services are polled in a second, ten a call: a fifth of AWS's rate for DescribeServices. */
const POLLED_A_SECOND = 40;

/**
 * The pace of all watches of one run: their pauses end at the same moments, so that what they read is read together.
 * Those moments are a second apart, or more where many services are watched.
 */
export class CommonPace {
  #watched = 0;

  constructor(private readonly clock: Pick<Clock, "elapsed">) {}

  /** Counts one more watched service, until `end`. */
  begin(): void {
    this.#watched++;
  }

  end(): void {
    this.#watched--;
  }

  /** How long to pause for about `ms`: never longer than the slowest pace, unless more was asked for. */
  pauseMs(ms: number): number {
    const neededMs = this.#watched / POLLED_A_SECOND * 1_000;
    const apartMs = APART_MS.find((apartMs) => apartMs >= neededMs) ?? SLOWEST_MS;
    const nowMs = this.clock.elapsed();
    const nearestMs = Math.round((nowMs + ms) / apartMs) * apartMs - nowMs;
    if (nearestMs > Math.max(ms, SLOWEST_MS)) return nearestMs - apartMs;
    return nearestMs > 0 ? nearestMs : nearestMs + apartMs;
  }
}
