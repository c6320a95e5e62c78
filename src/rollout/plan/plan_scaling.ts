import { ALL_SUSPENDED, NONE_SUSPENDED, sameSuspendedState } from "../../model/scalable_target.ts";
import { restoreScalingCommand } from "../../model/typed_commands.ts";
import type { RestoreScaling, SuspendScaling } from "./plan.ts";
import type { ScalingSituation } from "../read/read_situation.ts";
import { describeMissingRecord } from "../scaling_record.ts";

export interface ScalingOptions {
  readonly suspendAutoScaling: boolean;
  readonly resumeAutoScaling: boolean;
}

/** What is to be done about auto scaling, before the deployment and after it. */
export interface ScalingPlan {
  readonly suspend: SuspendScaling | undefined;
  readonly restore: RestoreScaling | undefined;
  readonly notices: readonly string[];
}

/**
 * Both options: suspend for the time of the deployment, then give back what was there. Suspending alone leaves it
 * suspended and on record, also where nothing is deployed. Resuming alone gives back what is on record, or else is an
 * order to resume everything.
 *
 * @param deploys whether there is a deployment to protect; without one, both options suspend nothing, and only give back
 */
export function planScaling(
  situation: ScalingSituation | undefined,
  options: ScalingOptions,
  deploys: boolean,
  desiredCount: number,
): ScalingPlan {
  const { suspendAutoScaling, resumeAutoScaling } = options;
  const nothing = { suspend: undefined, restore: undefined, notices: [] };
  if (!suspendAutoScaling && !resumeAutoScaling) return nothing;
  if (situation === undefined) {
    return { ...nothing, notices: ["the service is not registered for auto scaling: nothing to suspend or to resume"] };
  }
  const { target, record, unrecordable } = situation;
  const notices: string[] = [];
  const prior = record?.prior ?? target.suspendedState;
  if (record !== undefined) {
    notices.push(
      `auto scaling is on record as suspended by ${record.by || "somebody"} at ${
        new Date(record.atMs).toISOString()
      }: ` +
        `what is restored, now or later, is the state from before that`,
    );
  }
  const wantsSuspension = suspendAutoScaling && (deploys || !resumeAutoScaling);
  const suspends = wantsSuspension &&
    (record !== undefined || !sameSuspendedState(target.suspendedState, ALL_SUSPENDED));
  const suspend: SuspendScaling | undefined = suspends
    ? { kind: "suspendScaling", target, prior, record: chooseRecord(situation) }
    : undefined;
  if (wantsSuspension && !suspends) notices.push("auto scaling is suspended already");
  if (suspend !== undefined && unrecordable !== undefined) {
    notices.push(describeMissingRecord(unrecordable, target, prior));
  } else if (unrecordable !== undefined && !sameSuspendedState(target.suspendedState, NONE_SUSPENDED)) {
    notices.push(
      `whether an earlier run has suspended auto scaling is not known (${unrecordable}); to resume all of it: ` +
        restoreScalingCommand(target, NONE_SUSPENDED, undefined),
    );
  }

  const hasRecord = record !== undefined || suspend?.record === "write";
  let restore: RestoreScaling | undefined;
  if (resumeAutoScaling && (suspend !== undefined || record !== undefined)) {
    restore = { kind: "restoreScaling", target, to: prior, onlyIfOurs: true, hasRecord, runs: record?.runs ?? [] };
  } else if (resumeAutoScaling && !suspendAutoScaling) {
    if (sameSuspendedState(target.suspendedState, NONE_SUSPENDED)) notices.push("auto scaling is not suspended");
    else {
      restore = { kind: "restoreScaling", target, to: NONE_SUSPENDED, onlyIfOurs: false, hasRecord: false, runs: [] };
    }
  }
  // AWS: registering a scalable target again, as suspending does, brings the current capacity within its limits.
  const clamped = Math.min(Math.max(desiredCount, target.minCapacity), target.maxCapacity);
  if ((suspend !== undefined || restore !== undefined) && clamped !== desiredCount) {
    notices.push(
      `changing the suspension makes AWS set the desired count from ${desiredCount} to ${clamped}: the scalable target ` +
        `allows ${target.minCapacity} to ${target.maxCapacity}`,
    );
  }
  return { suspend, restore, notices };
}

function chooseRecord({ record, unrecordable }: ScalingSituation): SuspendScaling["record"] {
  if (record !== undefined) return "keep";
  return unrecordable === undefined ? "write" : "none";
}
