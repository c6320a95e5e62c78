import { AwsError, isPassing } from "../errors.ts";
import type { Clock } from "../host.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
const MOST_ATTEMPTS = 8;

/**
 * Repeats a call that may be made twice without harm, while AWS is busy, in trouble, or working on another change of
 * the same object. Throws the last `AwsError` when it does not work within eight attempts or before `signal` is aborted.
 */
export async function persist<Result>(
  attempt: () => Promise<Result>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result> {
  for (let attempts = 1, pauseMs = FIRST_PAUSE_MS;; attempts++, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const mayWorkLater = error instanceof AwsError &&
        (isPassing(error) || error.code === "ConcurrentUpdateException");
      if (!mayWorkLater || attempts === MOST_ATTEMPTS || signal.aborted) throw error;
      await clock.sleep(pauseMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
