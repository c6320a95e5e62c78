import type { ScalingPort } from "../../model/ports.ts";
import { sameSuspendedState, type SuspendedState } from "../../model/scalable_target.ts";
import { AwsError, isPassing, mayHaveBeenApplied, UNREADABLE } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import { Pauses } from "../../host/retry.ts";
import type { ScalingNotice } from "../events.ts";

export interface ChangeOfSuspension {
  readonly resourceId: string;
  /** The flags that are there, as far as was seen. */
  readonly from: SuspendedState;
  readonly to: SuspendedState;
  /** `to` is what was there before `from`, too: then a read that shows it may only lag behind. */
  readonly isBackwards: boolean;
  /** A read has shown `from` already: then one that shows `to` behind an answer of AWS's does not lag behind. */
  readonly hasSeenFrom?: boolean;
}

const FIRST_PAUSE_MS = 200;
/** Where AWS answers and never says whether it was done, so many attempts are made: they take a quarter of a minute. */
const ATTEMPTS_UNCONFIRMED = 8;

/**
 * Sets the flags. Where AWS throttles, or an answer is lost, the same is sent again until `signal` is aborted. By then
 * somebody may have set other flags: so these are read first, and such a decision stands.
 *
 * @returns why they are left as they are now; `undefined` when they are set
 * @throws AwsError when AWS refuses; one of kind `lost` when nobody knows whether they are set
 */
export async function setSuspendedState(
  { resourceId, from, to, isBackwards, hasSeenFrom: hasSeenFromBefore = false }: ChangeOfSuspension,
  { scaling, clock }: { readonly scaling: ScalingPort; readonly clock: Clock },
  signal: AbortSignal,
): Promise<ScalingNotice | undefined> {
  let lost: AwsError | undefined;
  let hasSeenFrom = hasSeenFromBefore;
  let unconfirmed = 0;
  const pauses = new Pauses({ clock }, FIRST_PAUSE_MS);
  while (true) {
    let trouble: AwsError;
    let isAnswered: boolean;
    try {
      await scaling.setSuspendedState(resourceId, to, signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (mayHaveBeenApplied(error)) lost = error;
      // A refusal of the second says nothing about the first.
      trouble = lost ?? error;
      if (!isPassing(error)) throw trouble;
      isAnswered = error.code === UNREADABLE;
      if (isAnswered) unconfirmed++;
    }
    if (!signal.aborted) await pauses.next(signal);
    if (signal.aborted) throw trouble;
    const now = await readFlags(resourceId, scaling, signal, trouble);
    if (now === undefined) return { code: "scalingTargetGone", resourceId, order: "suspend" };
    const isUp = unconfirmed >= ATTEMPTS_UNCONFIRMED;
    if (sameSuspendedState(now, to)) {
      if (!isBackwards || isUp || (isAnswered && hasSeenFrom)) return undefined;
    } else {
      if (!sameSuspendedState(now, from)) return { code: "suspensionChangedByOthers", resourceId };
      if (isUp) throw trouble;
      hasSeenFrom = true;
    }
  }
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
