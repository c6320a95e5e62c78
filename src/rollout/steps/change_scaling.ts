import { ALL_SUSPENDED, sameSuspendedState, type SuspendedState } from "../../model/scalable_target.ts";
import { asAwsError, AwsError, isTransient, mayHaveBeenApplied, UNREADABLE } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { ScalingPort } from "../../model/ports.ts";
import type { RestoreScaling } from "../plan/plan.ts";
import { retry } from "../../host/retry.ts";
import type { ScalingNotice } from "../run_notice.ts";

interface ScalingTools {
  readonly scaling: ScalingPort;
  readonly clock: Clock;
}

/**
 * Restores the earlier flags. Flags that somebody else has set, neither the earlier ones nor this program's, stay:
 * returns why. Where this run `hasSuspended`, a read that shows the earlier flags may lag behind, so they are set all
 * the same. Throws an `AwsError`.
 */
export async function restoreSuspendedState(
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
 * Sets the flags of a target that a read has not shown: one read does not prove that it is gone. Returns whether AWS
 * refuses, as it does where there is no target, because one cannot be registered without its limits.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
async function isRefused(change: SuspensionChange, tools: ScalingTools, signal: AbortSignal): Promise<boolean> {
  const error = await setSuspendedState(change, tools, signal).catch(asAwsError);
  if (error instanceof AwsError && error.kind !== "rejected") throw error;
  return error instanceof AwsError;
}

interface SuspensionChange {
  readonly resourceId: string;
  /** The flags that are set, as far as was seen. */
  readonly from: SuspendedState;
  readonly to: SuspendedState;
  /** `to` was also set before `from`: then a read that shows it may only lag behind. */
  readonly isBackwards: boolean;
  /** A read has shown `from` already: one that shows `to` after AWS has answered does not lag behind then. */
  readonly hasSeenFrom?: boolean;
}

/** How often a change is tried where AWS answers, but never confirms it: that takes 15 s. */
const MAX_UNCONFIRMED = 8;

/**
 * Sets the flags. Where AWS throttles, or an answer is lost, the same is sent again until `signal` is aborted. Somebody
 * may have set other flags meanwhile: so they are read first, and such a decision stands. Returns why they are left as
 * they are. Throws an `AwsError` of kind `lost` where nobody knows whether they are set.
 */
export async function setSuspendedState(
  { resourceId, from, to, isBackwards, hasSeenFrom = false }: SuspensionChange,
  { scaling, clock }: ScalingTools,
  signal: AbortSignal,
): Promise<ScalingNotice | undefined> {
  let lost: AwsError | undefined;
  let failed: AwsError | undefined;
  let unconfirmed = 0;
  const attempt = async (): Promise<ScalingNotice | AwsError | undefined> => {
    if (failed !== undefined) {
      const now = await scaling.describeScalableTarget(resourceId, signal).catch(asAwsError);
      if (now instanceof AwsError) throw lost ?? failed;
      if (now === undefined) return { code: "scalingTargetGone", resourceId, order: "suspend" };
      const flags = now.suspendedState;
      const isUp = unconfirmed >= MAX_UNCONFIRMED;
      if (sameSuspendedState(flags, to)) {
        if (!isBackwards || isUp || (failed.code === UNREADABLE && hasSeenFrom)) return undefined;
      } else {
        if (!sameSuspendedState(flags, from)) return { code: "suspensionChangedByOthers", resourceId };
        if (isUp) throw lost ?? failed;
        hasSeenFrom = true;
      }
    }
    failed = await scaling.setSuspendedState(resourceId, to, signal).then(() => undefined, asAwsError);
    if (failed !== undefined && mayHaveBeenApplied(failed)) lost = failed;
    if (failed?.code === UNREADABLE) unconfirmed++;
    return failed;
  };
  const result = await retry(attempt, (made) => made instanceof AwsError && isTransient(made), { clock }, signal);
  // A refusal of a later attempt says nothing about an earlier one.
  if (result instanceof AwsError) throw lost ?? result;
  return result;
}

/** The calls that suspend auto scaling before any order; restoring it throws none of their errors. */
const SCALING_OPERATIONS: ReadonlySet<string> = new Set([
  ...["DescribeScalableTargets", "ListTagsForResource", "RegisterScalableTarget", "TagResource"],
]);

/** Whether a call that suspends auto scaling has failed. */
export function isScalingError({ operation }: AwsError): boolean {
  return SCALING_OPERATIONS.has(operation);
}

/** How long the rollback of a failed deploy waits for auto scaling. */
const SCALING_WITHIN_MS = 30_000;

/**
 * A port whose calls fail when their time is up, because the bad revision is live meanwhile. Calls that begin later,
 * such as restoring, have their own time limit.
 */
export function limitScalingCalls(scaling: ScalingPort, clock: Clock): ScalingPort {
  const deadline = clock.deadline(SCALING_WITHIN_MS);
  const within = (signal: AbortSignal) => deadline.aborted ? signal : AbortSignal.any([signal, deadline]);
  return {
    describeScalableTarget: (id, signal) => scaling.describeScalableTarget(id, within(signal)),
    setSuspendedState: (id, state, signal) => scaling.setSuspendedState(id, state, within(signal)),
    setCapacity: (id, limits, signal) => scaling.setCapacity(id, limits, within(signal)),
    listTags: (arn, signal) => scaling.listTags(arn, within(signal)),
    tag: (arn, key, value, signal) => scaling.tag(arn, key, value, within(signal)),
    untag: (arn, key, signal) => scaling.untag(arn, key, within(signal)),
  };
}
