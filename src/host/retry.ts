import type { Clock } from "../host.ts";

export const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** The pauses between the attempts of a call: each twice as long as the one before, up to 5 s. */
export class Pauses {
  #nextMs: number;

  /** @param options `random` gives a number in [0, 1), for jitter; none when it is left out */
  constructor(
    private readonly options: { readonly clock: Pick<Clock, "sleep">; readonly random?: () => number },
    firstMs = FIRST_PAUSE_MS,
  ) {
    this.#nextMs = firstMs;
  }

  async next(signal: AbortSignal): Promise<void> {
    const { clock, random = () => 0.5 } = this.options;
    const pauseMs = Math.round(this.#nextMs * (0.5 + random()));
    this.#nextMs = Math.min(this.#nextMs * 2, LONGEST_PAUSE_MS);
    await clock.sleep(pauseMs, signal);
  }
}

/** Looks again and again for what a read may show late. Returns `undefined` when it is not seen in time. */
export async function lookFor<Seen>(
  look: () => Promise<Seen | undefined>,
  { clock, forMs, everyMs }: {
    readonly clock: Pick<Clock, "elapsed" | "sleep">;
    readonly forMs: number;
    readonly everyMs: number;
  },
  signal: AbortSignal,
): Promise<Seen | undefined> {
  const untilMs = clock.elapsed() + forMs;
  while (clock.elapsed() < untilMs && !signal.aborted) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await clock.sleep(everyMs, signal);
  }
  return undefined;
}
