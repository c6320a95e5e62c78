import { type AwsError, isPassing } from "../../errors.ts";
import { Pauses } from "../../host/retry.ts";

const FIRST_PAUSE_OF_ORDERS_MS = 500;

/**
 * For what a step asks of AWS more than once; what has to be looked at before, it knows itself.
 *
 * @returns what pauses after an attempt that has failed, longer each time, and says whether another one may follow: waiting
 *   may mend the error, and `signal` is not aborted
 */
export function retrying(
  context: ConstructorParameters<typeof Pauses>[0],
  signal: AbortSignal,
  firstPauseMs = FIRST_PAUSE_OF_ORDERS_MS,
): (error: AwsError) => Promise<boolean> {
  const pauses = new Pauses(context, firstPauseMs);
  return async (error) => {
    if (!isPassing(error)) return false;
    await pauses.next(signal);
    return !signal.aborted;
  };
}
