import { dropRecord, join, joinAgain, NOT_JOINED, type ScalingRecord, type ScalingTools } from "../scaling_record.ts";
import type { ScalingPort } from "../../model/ports.ts";
import { ALL_SUSPENDED, sameSuspendedState, type SuspendedState } from "../../model/scalable_target.ts";
import { AwsError, isPassing, mayHaveBeenApplied, UNREADABLE } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { Leftover, ScalingNotice } from "../events.ts";
import type { RestoreScaling, SuspendScaling } from "../plan/plan.ts";
import { Pauses } from "../../host/retry.ts";

/** What came of suspending. */
export interface Suspended {
  /** Why no record could be kept, where none could. */
  readonly unrecorded: ScalingNotice | undefined;
  /** Why scaling is left as somebody has set it meanwhile, where it is. */
  readonly leftAlone: ScalingNotice | undefined;
  /** What other runs had on record just before. */
  readonly found: ScalingRecord | undefined;
}

/**
 * Suspends all scaling, and before that, records on the scalable target what was there, and that this run counts on it.
 * Throws an `AwsError` when that does not work.
 */
export async function suspendScaling(
  { target, prior, record }: SuspendScaling,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<Suspended> {
  const { arn, resourceId, suspendedState: from } = target;
  const own = { prior, by: tools.actor, atMs: tools.clock.now() };
  const isRecordable = record !== "none" && arn !== undefined;
  const joined = isRecordable ? await join(arn, own, tools, signal) : NOT_JOINED;
  const { refusal: why } = joined;
  const unrecorded: ScalingNotice | undefined = why !== undefined && joined.found === undefined
    ? { code: "suspensionNotRecorded", why, target, prior }
    : undefined;
  let leftAlone: ScalingNotice | undefined;
  if (!sameSuspendedState(from, ALL_SUSPENDED)) {
    const change = { resourceId, from, to: ALL_SUSPENDED, isBackwards: false };
    leftAlone = await setSuspendedState(change, tools, signal);
  }
  const mayBeOverwritten = isRecordable && joined.refusal === undefined && leftAlone === undefined;
  const found = mayBeOverwritten ? await joinAgain(arn, own, joined.found, tools, signal) : joined.found;
  return { unrecorded, leftAlone, found };
}

/** What came of restoring. */
export interface Restored {
  readonly notice?: ScalingNotice;
  readonly leftover?: Leftover;
}

/**
 * Restores auto scaling, then removes the record: a run that is killed between the two leaves a record that is true.
 * Never throws an `AwsError`. Where this run `hasSuspended`, a read that shows the flags from before may lag behind.
 */
export async function restoreScaling(
  step: RestoreScaling,
  hasSuspended: boolean,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<Restored> {
  const { target, to, hasRecord } = step;
  let notice: ScalingNotice | undefined;
  try {
    notice = await setBack(step, hasSuspended, tools, signal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { leftover: { code: "scalingMayBeSuspended", target, to, hasRecord, error: error.message } };
  }
  const done = notice === undefined ? {} : { notice };
  if (!hasRecord || target.arn === undefined) return done;
  const leftover = await dropRecord(target.arn, tools.scaling, signal);
  return leftover === undefined ? done : { ...done, leftover };
}

/** Sets the flags, unless they are so already, or are neither ours nor the earlier ones. */
async function setBack(
  { target, to, onlyIfOurs }: RestoreScaling,
  hasSuspended: boolean,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<ScalingNotice | undefined> {
  const { resourceId } = target;
  const now = (await tools.scaling.describeScalableTarget(resourceId, signal))?.suspendedState;
  if (now === undefined) {
    const isGone = !hasSuspended ||
      await isRefused({ resourceId, from: ALL_SUSPENDED, to, isBackwards: false }, tools, signal);
    return isGone ? { code: "scalingTargetGone", resourceId, order: "restore" } : undefined;
  }
  const isBack = sameSuspendedState(now, to);
  if (isBack && !hasSuspended) return undefined;
  if (onlyIfOurs && !isBack && !sameSuspendedState(now, ALL_SUSPENDED)) {
    return { code: "suspensionChangedByOthers", resourceId };
  }
  const from = onlyIfOurs ? ALL_SUSPENDED : now;
  const hasSeenFrom = sameSuspendedState(now, from);
  return await setSuspendedState({ resourceId, from, to, isBackwards: hasSuspended, hasSeenFrom }, tools, signal);
}

/**
 * Sets the flags of a target that a read has not shown: one read is no proof that it has gone. Returns whether AWS
 * refuses, as it does where there is no target, for one cannot be registered without its limits.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
async function isRefused(change: ChangeOfSuspension, tools: ScalingTools, signal: AbortSignal): Promise<boolean> {
  try {
    await setSuspendedState(change, tools, signal);
    return false;
  } catch (error) {
    if (error instanceof AwsError && error.kind === "rejected") return true;
    throw error;
  }
}

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
 * somebody may have set other flags: so these are read first, and such a decision stands. Returns why they are left as
 * they are. Throws an `AwsError` of kind `lost` when nobody knows whether they are set.
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
