import type { Clock } from "../host.ts";

/** How long to pause before the next look: after something has moved, and where nothing moves. */
export const FASTEST_MS = 1_000;
export const SLOWEST_MS = 5_000;

/** So many services are read in a second: ten a call, at four fifths of AWS's rate for DescribeServices. */
const READ_A_SECOND = 160;

/**
 * The pace of all who watch in one run: their pauses end in the same moments, so that what they read is read together.
 * Those moments are a second apart, or as many seconds as it takes to read all that are watched.
 */
export class CommonPace {
  #watched = 0;

  constructor(private readonly clock: Pick<Clock, "elapsed">) {}

  /** For as long as `events` go on, one service more is watched. */
  async *whileWatching<Event, Result>(
    events: AsyncGenerator<Event, Result, void>,
  ): AsyncGenerator<Event, Result, void> {
    this.#watched++;
    try {
      return yield* events;
    } finally {
      this.#watched--;
    }
  }

  /** How long to pause for about `ms`: no longer than the slowest pace, or than what was asked for. */
  pauseMs(ms: number): number {
    const apartMs = Math.min(SLOWEST_MS, Math.ceil(this.#watched / READ_A_SECOND) * FASTEST_MS || FASTEST_MS);
    const nowMs = this.clock.elapsed();
    const nearestMs = Math.round((nowMs + ms) / apartMs) * apartMs - nowMs;
    if (nearestMs > Math.max(ms, SLOWEST_MS)) return nearestMs - apartMs;
    return nearestMs > 0 ? nearestMs : nearestMs + apartMs;
  }
}
