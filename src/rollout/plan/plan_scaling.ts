import {
  ALL_SUSPENDED,
  NONE_SUSPENDED,
  sameSuspendedState,
  type ScalableTarget,
  type SuspendedState,
} from "../../model/scalable_target.ts";
import type { PlanNotice } from "./notice.ts";
import type { RestoreScaling, SuspendScaling } from "./plan.ts";
import type { ScalingOptions } from "./options.ts";
import type { ScalingState } from "../read/read_service.ts";

/** What is to be done about auto scaling, before the deployment and after it. */
interface ScalingPlan {
  readonly suspend: SuspendScaling | undefined;
  readonly restore: RestoreScaling | undefined;
  readonly notices: readonly PlanNotice[];
}

/**
 * Both options together suspend auto scaling for the time of the deployment and restore it afterwards; without a
 * deployment they only restore it. Suspending alone leaves it suspended and on record. Resuming alone restores what is
 * on record, or else resumes everything.
 */
export function planScaling(
  state: ScalingState | undefined,
  options: ScalingOptions,
  deploys: boolean,
  desiredCount: number,
): ScalingPlan {
  const { suspendAutoScaling, resumeAutoScaling } = options;
  const nothing = { suspend: undefined, restore: undefined, notices: [] };
  if (!suspendAutoScaling && !resumeAutoScaling) return nothing;
  if (state === undefined) return { ...nothing, notices: [{ code: "notScalable" }] };
  const { target, record, unrecordable } = state;
  const prior = record?.prior ?? target.suspendedState;
  const wantsSuspension = suspendAutoScaling && (deploys || !resumeAutoScaling);
  const suspends = wantsSuspension &&
    (record !== undefined || !sameSuspendedState(target.suspendedState, ALL_SUSPENDED));
  const suspend: SuspendScaling | undefined = suspends
    ? { kind: "suspendScaling", target, prior, record: record ? "keep" : unrecordable ? "none" : "write" }
    : undefined;
  const restore = resumeAutoScaling ? chooseRestoring(state, suspend, prior, suspendAutoScaling) : undefined;
  const hasNothing = resumeAutoScaling && !suspendAutoScaling && restore === undefined;
  return {
    suspend,
    restore,
    notices: [
      ...(record === undefined ? [] : [{ code: "suspendedBefore", by: record.by, atMs: record.atMs } as const]),
      ...(wantsSuspension && !suspends ? [{ code: "alreadySuspended" } as const] : []),
      ...noticeMissingRecord(state, suspend),
      ...(hasNothing ? [{ code: "notSuspended" } as const] : []),
      ...(suspend === undefined && restore === undefined ? [] : noticeClamping(target, desiredCount)),
    ],
  };
}

/** The step that restores what is on record, or resumes everything where only resuming was asked for. */
function chooseRestoring(
  { target, record }: ScalingState,
  suspend: SuspendScaling | undefined,
  prior: SuspendedState,
  suspends: boolean,
): RestoreScaling | undefined {
  if (suspend !== undefined || record !== undefined) {
    const hasRecord = record !== undefined || suspend?.record === "write";
    return { kind: "restoreScaling", target, to: prior, onlyIfOurs: true, hasRecord, runs: record?.runs ?? [] };
  }
  if (suspends || sameSuspendedState(target.suspendedState, NONE_SUSPENDED)) return undefined;
  return { kind: "restoreScaling", target, to: NONE_SUSPENDED, onlyIfOurs: false, hasRecord: false, runs: [] };
}

function noticeMissingRecord(
  { target, unrecordable: why }: ScalingState,
  suspend: SuspendScaling | undefined,
): PlanNotice[] {
  if (why === undefined) return [];
  if (suspend !== undefined) return [{ code: "suspensionNotRecorded", why, target, prior: suspend.prior }];
  const isSuspended = !sameSuspendedState(target.suspendedState, NONE_SUSPENDED);
  return isSuspended ? [{ code: "suspensionNotRead", why, target }] : [];
}

/** AWS: registering a scalable target again, as suspending does, changes a capacity that is outside of its limits. */
export function noticeClamping(target: ScalableTarget, from: number): PlanNotice[] {
  const to = clampCount(from, target);
  return to === from ? [] : [{ code: "countIsClamped", from, to, target }];
}

/** AWS: registering a scalable target, as changing its limits does, brings the number of tasks between them. */
export function clampCount(count: number, { minCapacity, maxCapacity }: ScalableTarget): number {
  return Math.min(Math.max(count, minCapacity), maxCapacity);
}
