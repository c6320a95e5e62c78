import type { Revision } from "../model/arn.ts";
import type { ScalableTarget, SuspendedState, Unrecordable } from "../model/scalable_target.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";
import type { UsesNotice } from "../registry/find_uses.ts";
import type { Leftover } from "./outcome.ts";
import type { CarriedOptions } from "./plan/options.ts";
import type { LogNotRead } from "./read/log_reader.ts";

/** What the user should know of what happened on the way. `error`: AWS's words. */
export type RunNotice = Readonly<
  | { code: "suspensionNotCompared" | "updatesInsteadOfStopping" | "stillWatching"; error: AwsFailure }
  | { code: "causesNotShown" | "definitionNotRead" | "looksWhetherUpdated" | "copyWithoutTags"; error: AwsFailure }
  | { code: "rollsBackWithoutScaling" | "alarmsNotKnown"; error: AwsFailure }
  | { code: "stagesNotShown"; error: AwsFailure | undefined }
  | LogNotRead
  | { code: "tasksCrashedOnTheWay" | "completedAmidCrashes"; count: number }
  | { code: "completedEarly"; runningCount: number; desiredCount: number; percent: number }
  | { code: "noTaskDesired" }
  /** `keys`: those of the service's tags that should have been written. `mayBe`: they may have been. */
  | { code: "notTagged"; keys: readonly string[]; mayBe: boolean; error: AwsFailure | undefined }
  | { code: "membersNotKept"; order: "updated" | "created"; names: readonly string[] }
  | { code: "registrationUnknown"; family: string }
  | { code: "registeredWithout"; taskDefinition: Revision; names: readonly string[] }
  /** Another run has registered the same copy, which is used instead. */
  | { code: "copyNotNeeded"; copy: Revision; others: Revision }
  /** Another run has given the order of this plan: the service is at its target (`isReached`), or on its way there. */
  | { code: "orderedByOtherRun"; taskDefinition: Revision | undefined; isReached: boolean }
  | { code: "leftToDo"; leftover: Leftover }
  /** No order has reached ECS. `running`: what the service runs; `undefined`: there is no service yet. */
  | { code: "serviceUnchanged"; running: Revision | undefined }
  /** What was registered for an order that was never sent. `isOfFamily`: of the family that files and service have. */
  | {
    code: "staysRegistered";
    taskDefinition: Revision;
    running: Revision | undefined;
    copyOf: Revision | undefined;
    isOfFamily: boolean;
    carried: CarriedOptions | undefined;
  }
  | WaitsNotice
  | ScalingNotice
  | UsesNotice
>;

type WaitsNotice = Readonly<
  /** `names`: the members of the deployment configuration that somebody has changed meanwhile, and that stay so. */
  | { code: "waitsChangedByOthers"; names: readonly string[] }
  /** Another run on the same service restores what its deployments wait for. */
  | { code: "waitsLeftToOther"; run: string }
>;

/** What the user should know of auto scaling on the way. */
export type ScalingNotice = Readonly<
  /** The state before the suspension is in this run's memory only. */
  | { code: "suspensionNotRecorded"; why: Unrecordable; target: ScalableTarget; prior: SuspendedState }
  | { code: "scalingTargetGone"; resourceId: string; order: "suspend" | "restore" }
  | { code: "suspensionChangedByOthers"; resourceId: string }
  /** It is not known whether AWS has taken the suspension. */
  | { code: "suspensionRecordKept"; target: ScalableTarget; to: SuspendedState }
  /** Another run on the same service restores auto scaling. */
  | {
    code: "restoredByOtherRun";
    target: ScalableTarget;
    to: SuspendedState;
    run: string | undefined;
    began: "later" | "earlier";
  }
  | { code: "staysSuspended"; target: ScalableTarget; prior: SuspendedState; isRecorded: boolean }
>;
