import { ALL_SUSPENDED, sameSuspendedState, type SuspendedState } from "../../model/scalable_target.ts";
import { asAwsError, AwsError, mayHaveBeenApplied, UNREADABLE } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { ScalingPort } from "../../model/ports.ts";
import type { ScalingNotice } from "../scaling_record.ts";
import type { RestoreScaling } from "../plan/plan.ts";
import { FIRST_PAUSE_MS } from "../../host/retry.ts";
import { retrying } from "./retrying.ts";

interface ScalingTools {
  readonly scaling: ScalingPort;
  readonly clock: Clock;
}

/**
 * Sets the flags back, unless they are so already, or are neither ours nor the earlier ones: returns why they are left as
 * they are. Where this run `hasSuspended`, a read that shows the flags from before may lag behind. Throws an `AwsError`.
 */
export async function setBack(
  { target: { resourceId }, to, onlyIfOurs }: RestoreScaling,
  hasSuspended: boolean,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<ScalingNotice | undefined> {
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
  const error = await setSuspendedState(change, tools, signal).catch(asAwsError);
  if (error instanceof AwsError && error.kind !== "rejected") throw error;
  return error instanceof AwsError;
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

/** Where AWS answers and never says whether it was done, so many attempts are made: they take a quarter of a minute. */
const ATTEMPTS_UNCONFIRMED = 8;

/**
 * Sets the flags. Where AWS throttles, or an answer is lost, the same is sent again until `signal` is aborted. By then
 * somebody may have set other flags: so these are read first, and such a decision stands. Returns why they are left as
 * they are. Throws an `AwsError` of kind `lost` when nobody knows whether they are set.
 */
export async function setSuspendedState(
  { resourceId, from, to, isBackwards, hasSeenFrom = false }: ChangeOfSuspension,
  { scaling, clock }: ScalingTools,
  signal: AbortSignal,
): Promise<ScalingNotice | undefined> {
  let lost: AwsError | undefined;
  let unconfirmed = 0;
  const mayFollow = retrying({ clock }, signal, FIRST_PAUSE_MS);
  while (true) {
    const error = await scaling.setSuspendedState(resourceId, to, signal).catch(asAwsError);
    if (!(error instanceof AwsError)) return undefined;
    if (mayHaveBeenApplied(error)) lost = error;
    // A refusal of the second says nothing about the first.
    const trouble = lost ?? error;
    const isAnswered = error.code === UNREADABLE;
    if (isAnswered) unconfirmed++;
    if (!await mayFollow(error)) throw trouble;
    const now = await scaling.describeScalableTarget(resourceId, signal).catch(asAwsError);
    if (now instanceof AwsError) throw trouble;
    if (now === undefined) return { code: "scalingTargetGone", resourceId, order: "suspend" };
    const flags = now.suspendedState;
    const isUp = unconfirmed >= ATTEMPTS_UNCONFIRMED;
    if (sameSuspendedState(flags, to)) {
      if (!isBackwards || isUp || (isAnswered && hasSeenFrom)) return undefined;
    } else {
      if (!sameSuspendedState(flags, from)) return { code: "suspensionChangedByOthers", resourceId };
      if (isUp) throw trouble;
      hasSeenFrom = true;
    }
  }
}

/** The calls by which auto scaling is suspended before any order: restoring it throws none of their errors. */
const OF_SCALING: ReadonlySet<string> = new Set([
  ...["DescribeScalableTargets", "ListTagsForResource", "RegisterScalableTarget", "TagResource"],
]);

/** Whether auto scaling could not be suspended. */
export function isOfScaling({ operation }: AwsError): boolean {
  return OF_SCALING.has(operation);
}

/** How long the rollback of a failed deploy waits for auto scaling. */
const PATIENCE_MS = 30_000;

/**
 * Auto scaling whose calls fail when the patience with it is over: the bad revision is live meanwhile. What begins later,
 * such as restoring, has its own time.
 */
export function impatient(scaling: ScalingPort, clock: Clock): ScalingPort {
  const patience = clock.deadline(PATIENCE_MS);
  const within = (signal: AbortSignal) => patience.aborted ? signal : AbortSignal.any([signal, patience]);
  return {
    describeScalableTarget: (id, signal) => scaling.describeScalableTarget(id, within(signal)),
    setSuspendedState: (id, state, signal) => scaling.setSuspendedState(id, state, within(signal)),
    setCapacity: (id, limits, signal) => scaling.setCapacity(id, limits, within(signal)),
    listTags: (arn, signal) => scaling.listTags(arn, within(signal)),
    tag: (arn, key, value, signal) => scaling.tag(arn, key, value, within(signal)),
    untag: (arn, key, signal) => scaling.untag(arn, key, within(signal)),
  };
}
