import { type AwsError, isPassing } from "../../errors.ts";
import { Pauses } from "../../host/retry.ts";

const FIRST_PAUSE_OF_ORDERS_MS = 500;

/**
 * Decides whether a step may repeat a call to AWS. What has to be read before that, the step itself knows.
 *
 * @returns a function that pauses after a failed attempt, longer each time, and says whether another one may follow:
 *   waiting may help, and `signal` is not aborted
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
