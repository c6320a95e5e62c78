import type { Clock } from "../host.ts";

const FIRST_PAUSE_MS = 200;
/** The first pause after an order that the user gave: ECS accepts few of these at a time. */
export const FIRST_PAUSE_OF_ORDERS_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** The pauses between attempts: each is twice as long as the one before. */
interface Pauses {
  readonly clock: Pick<Clock, "sleep">;
  /** A number in [0, 1), for jitter; none when it is left out. */
  readonly random?: () => number;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
}

/**
 * Makes attempts for as long as another one may follow, and `signal` is not aborted. Returns what the last one came to.
 *
 * @param mayRetry whether waiting may help after such a result, and another attempt does no harm
 */
export async function retry<Result>(
  attempt: () => Promise<Result>,
  mayRetry: (result: Result) => boolean,
  { clock, random = () => 0.5, firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS }: Pauses,
  signal: AbortSignal,
): Promise<Result> {
  let nextMs = firstPauseMs;
  while (true) {
    const result = await attempt();
    if (signal.aborted || !mayRetry(result)) return result;
    await clock.sleep(Math.round(nextMs * (0.5 + random())), signal);
    if (signal.aborted) return result;
    nextMs = Math.min(nextMs * 2, longestPauseMs);
  }
}

/**
 * Reads again while what is seen may be older than a write, until `maxReads` are made. Returns what the last one shows.
 * Once `signal` is aborted there is no more waiting, and it is up to `read` to fail.
 */
export async function readWhile<Seen>(
  isStale: (seen: Seen) => boolean,
  read: () => Promise<Seen>,
  { clock, maxReads, everyMs }: {
    readonly clock: Pick<Clock, "sleep">;
    readonly maxReads: number;
    readonly everyMs: number;
  },
  signal: AbortSignal,
): Promise<Seen> {
  for (let reads = 1;; reads++) {
    const seen = await read();
    if (!isStale(seen) || reads >= maxReads) return seen;
    await clock.sleep(everyMs, signal);
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
