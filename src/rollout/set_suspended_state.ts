import type { ScalingPort } from "../ecs/ports.ts";
import { sameSuspendedState, type SuspendedState } from "../ecs/scalable_target.ts";
import { AwsError, isPassing, mayHaveBeenApplied } from "../errors.ts";
import type { Clock } from "../host.ts";

export interface ChangeOfSuspension {
  readonly resourceId: string;
  /** The flags that are there, as far as was seen. */
  readonly from: SuspendedState;
  readonly to: SuspendedState;
  /** `to` is what was there before `from`, too: then a read that shows it may only lag behind. */
  readonly isBackwards: boolean;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Sets the flags. Where AWS throttles, or an answer is lost, the same is sent again until `signal` is aborted. By then
 * somebody may have set other flags: so these are read first, and such a decision stands.
 *
 * @returns why they are left as they are now; `undefined` when they are set
 * @throws AwsError when AWS refuses; one of kind `lost` when nobody knows whether they are set
 */
export async function setSuspendedState(
  { resourceId, from, to, isBackwards }: ChangeOfSuspension,
  { scaling, clock }: { readonly scaling: ScalingPort; readonly clock: Clock },
  signal: AbortSignal,
): Promise<string | undefined> {
  let lost: AwsError | undefined;
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    let trouble: AwsError;
    try {
      await scaling.setSuspendedState(resourceId, to, signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (mayHaveBeenApplied(error)) lost = error;
      // A refusal of the second says nothing about the first.
      trouble = lost ?? error;
      if (!isPassing(error)) throw trouble;
    }
    if (!signal.aborted) await clock.sleep(pauseMs, signal);
    if (signal.aborted) throw trouble;
    const now = await readFlags(resourceId, scaling, signal, trouble);
    if (now === undefined) return `${resourceId} is no longer registered for auto scaling: nothing to change`;
    const isDone = sameSuspendedState(now, to);
    if (isDone && !isBackwards) return undefined;
    if (!isDone && !sameSuspendedState(now, from)) return leftAsItIs(resourceId);
  }
}

/** Says that somebody's decision stands. */
export function leftAsItIs(resourceId: string): string {
  return `somebody has changed the suspension of ${resourceId} meanwhile: it is left as it is now`;
}

/** @throws AwsError `trouble`, where it cannot be read */
async function readFlags(
  resourceId: string,
  scaling: ScalingPort,
  signal: AbortSignal,
  trouble: AwsError,
): Promise<SuspendedState | undefined> {
  try {
    return (await scaling.describeScalableTarget(resourceId, signal))?.suspendedState;
  } catch (error) {
    throw error instanceof AwsError ? trouble : error;
  }
}
