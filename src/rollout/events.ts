import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { Json } from "../model/json.ts";
import type { ScalableTarget, SuspendedState } from "../model/scalable_target.ts";
import type { Deployment, RunScope, ServiceEvent, ServiceRef } from "../model/service.ts";
import type { DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { FailureReason } from "./assess.ts";
import type { Cause } from "./find_causes.ts";
import type { Intent, Plan, RestoreScaling, Step } from "./plan/plan.ts";
import type { Refusal } from "./plan/refusal.ts";
import type { Progress } from "./watch.ts";
import type { RollbackEvent } from "./rollback_events.ts";

/**
 * The story of one run of `rollback`, `deploy` or `wait`, as codes and data: the log, NDJSON, GitHub's output, the live
 * display, the exit code and the next commands are all made from these events. No event holds words of this program's.
 */
export type RunEvent =
  | (RolloutEvent & { readonly service: ServiceRef })
  /** The program could not do it; `service`: for that one. `region`: where AWS was asked, as far as it is known. */
  | {
    readonly kind: "failed";
    readonly failure: FailureData;
    readonly service?: ServiceRef;
    readonly region: string | undefined;
  }
  /** The first stop signal has come. */
  | { readonly kind: "stopSignal"; readonly signal: StopSignal }
  /** A stop signal, or the time limit, came before there was a plan. `waitedFor`: what was being waited for. */
  | {
    readonly kind: "stoppedEarly";
    readonly by: "signal" | "timeLimit";
    readonly timeoutMs: number;
    readonly waitedFor: string | undefined;
  }
  /** A line of the log that is about no event. */
  | { readonly kind: "logged"; readonly level: Level; readonly message: string }
  /** Always the last one. */
  | { readonly kind: "finished"; readonly exitCode: number };

export type Level = "debug" | "info" | "warn" | "error";

/** What happens to one service. */
export type RolloutEvent =
  /** `timeoutMs`: for the whole command, and once more for an automatic rollback; 0: no limit. */
  | { readonly kind: "started"; readonly command: Intent; readonly isDryRun: boolean; readonly timeoutMs: number }
  /** Nothing has been changed. */
  | { readonly kind: "refused"; readonly refusal: AnyRefusal }
  /** Somebody was asked, and the answer was no: nothing has been changed. */
  | { readonly kind: "notConfirmed" }
  /** There was nothing to wait for: this is how the deployment had ended before. */
  | { readonly kind: "alreadyEnded"; readonly outcome: OutcomeKind; readonly until: Plan["until"] }
  /** How the files of a deploy differ from what runs: the lines of a unified diff, without hidden values. */
  | { readonly kind: "compared"; readonly lines: readonly string[] }
  | PlanEvent
  | RollbackOnFailureEvent;

/** `noSuchTaskDefinition`: the one that was named, or that the service was to run, is not there. */
export type AnyRefusal =
  | Refusal
  | DeregisterRefusal
  | { readonly code: "noSuchTaskDefinition"; readonly name: string | undefined; readonly scope: RunScope };

/** What happens while a plan is carried out. */
export type PlanEvent =
  /** A plan is about to be carried out, or a dry run shows it. Later events are about this plan. */
  | {
    readonly kind: "planned";
    readonly plan: Plan;
    /** It rolls back a deploy of this run that has failed. */
    readonly isAutomaticRollback: boolean;
    /** It is rolled back where it fails with one of the user's events. */
    readonly rollsBackOnFailure: boolean;
  }
  | { readonly kind: "stepStarted"; readonly step: Step }
  | { readonly kind: "registered"; readonly taskDefinition: Revision }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** Why tasks of the followed deployment have stopped so far; emitted when there is more of it than before. */
  | { readonly kind: "causes"; readonly causes: readonly Cause[] }
  /** The service's events that speak of failure, at the end of a rollout that did not succeed. */
  | { readonly kind: "failureEvents"; readonly events: readonly ServiceEvent[] }
  | { readonly kind: "notice"; readonly notice: RunNotice }
  /** Auto scaling is as it was before the run. */
  | { readonly kind: "scalingRestored" }
  /** An error ends the run, while ECS goes on with the order, or may go on with it. */
  | { readonly kind: "detached"; readonly ordered: Exclude<Ordered, "no"> }
  | { readonly kind: "rolloutEnded"; readonly outcome: Outcome };

/** What becomes of a deploy that has failed. */
export type RollbackOnFailureEvent =
  /** `trigger` has happened, and the deploy is rolled back, or is not because of `unless`. */
  | {
    readonly kind: "rollbackDecided";
    readonly trigger: RollbackEvent | undefined;
    readonly unless: "noEvent" | "notNamed" | "nothingBefore" | "interrupted" | undefined;
    /** The events of --rollback-events. */
    readonly named: readonly RollbackEvent[];
  }
  /** The alarms that have ended the deploy. */
  | { readonly kind: "alarmsTriggered"; readonly names: readonly string[] }
  /** The service was read after the rollback, and compared with what was there before the deploy. */
  | { readonly kind: "rollbackVerified"; readonly check: RollbackCheck }
  /** The rollback has not come to its end: `failure` has ended it, or what the events before say. */
  | {
    readonly kind: "rollbackUnfinished";
    readonly to: Revision;
    readonly ordered: Ordered;
    readonly failure: FailureData | undefined;
    readonly isInterrupted: boolean;
  }
  /** What was registered for the failed deploy is deregistered, or that is left to be done. */
  | { readonly kind: "deregisteredFailed"; readonly taskDefinition: Revision; readonly leftover: Leftover | undefined };

/** What of a service is as it was before the deploy. */
export interface RollbackCheck {
  readonly to: Revision;
  /** The id of the deployment in place, where that had failed before the deploy already. */
  readonly failedBefore: string | undefined;
  /** The members of the service that are not as they were, each with its earlier value where it had one. */
  readonly unrestored: readonly { readonly name: string; readonly before: Json | undefined }[];
  /** The members of which that is not known. */
  readonly unknown: readonly string[];
  /** Why it is not known, in AWS's words. */
  readonly reason: string | undefined;
}

/** Something that happened on the way and that the user should know. `error`: AWS's words. */
export type RunNotice =
  | { readonly code: "suspensionNotCompared"; readonly error: string }
  | { readonly code: "updatesInsteadOfStopping"; readonly error: string }
  | { readonly code: "stagesNotShown"; readonly error: string | undefined }
  | { readonly code: "stillWatching"; readonly error: string }
  | { readonly code: "causesNotShown"; readonly error: string }
  | { readonly code: "looksWhetherUpdated"; readonly error: string }
  | { readonly code: "tasksCrashedOnTheWay"; readonly count: number }
  | {
    readonly code: "completedEarly";
    readonly runningCount: number;
    readonly desiredCount: number;
    readonly percent: number;
  }
  | { readonly code: "noTaskDesired" }
  | { readonly code: "membersNotKept"; readonly order: "updated" | "created"; readonly names: readonly string[] }
  | { readonly code: "registrationUnknown"; readonly family: string }
  | { readonly code: "registeredWithout"; readonly taskDefinition: Revision; readonly names: readonly string[] }
  | { readonly code: "copyWithoutTags"; readonly error: string }
  | { readonly code: "usesNotKnown"; readonly message: string }
  | { readonly code: "leftToDo"; readonly leftover: Leftover }
  | { readonly code: "updateRefused"; readonly staysRegistered: Revision | undefined }
  | { readonly code: "rollsBackWithoutScaling"; readonly error: string }
  | { readonly code: "alarmsNotKnown"; readonly error: string }
  | ScalingNotice;

/** What the user should know about auto scaling. */
export type ScalingNotice =
  /** The state from before the suspension is in this run's memory only. */
  | {
    readonly code: "suspensionNotRecorded";
    readonly why: string;
    readonly target: ScalableTarget;
    readonly prior: SuspendedState;
  }
  | { readonly code: "scalingTargetGone"; readonly resourceId: string; readonly order: "suspend" | "restore" }
  | { readonly code: "suspensionChangedByOthers"; readonly resourceId: string }
  /** Whether AWS has taken the suspension is not known. */
  | { readonly code: "suspensionRecordKept"; readonly target: ScalableTarget; readonly to: SuspendedState }
  /** Another run on the same service restores auto scaling. */
  | {
    readonly code: "restoredByOtherRun";
    readonly target: ScalableTarget;
    readonly to: SuspendedState;
    readonly run: string | undefined;
    readonly began: "later" | "earlier";
  }
  | {
    readonly code: "staysSuspended";
    readonly target: ScalableTarget;
    readonly prior: SuspendedState;
    readonly isRecorded: boolean;
  };

/** Something that the plan was to do last and that is still to be done by hand. `error`: AWS's words. */
export type Leftover =
  | (Pick<RestoreScaling, "target" | "to" | "hasRecord"> & {
    readonly code: "scalingMayBeSuspended";
    readonly error: string;
  })
  | { readonly code: "suspensionRecordRemains"; readonly arn: string; readonly error: string }
  /** `user` follows "in use by". */
  | { readonly code: "stillInUse"; readonly taskDefinition: Revision; readonly user: string }
  | {
    readonly code: "notDeregistered";
    readonly taskDefinition: Revision;
    /** AWS may have deregistered it all the same. */
    readonly mayBe: boolean;
    /** `undefined`: the command was stopped before. */
    readonly error: string | undefined;
  };

/** What ECS did. "We could not do it" is no outcome but a thrown error. */
export type Outcome = OutcomeKind & {
  readonly leftovers: readonly Leftover[];
};

export type OutcomeKind =
  /** `isEarly`: ECS has completed it with fewer tasks than are desired, as `earlySuccessCriteria` says. */
  | { readonly kind: "succeeded"; readonly isEarly?: true }
  | { readonly kind: "unchanged"; readonly taskDefinition: string }
  /**
   * `--no-wait`: ECS has taken the order, how it ends is open. `startsNone`: the order starts no deployment, for only such
   * attributes were changed as the number of tasks. `leftTo`: the deployment controller of a service that was created,
   * where that is not ECS: then there is no deployment to wait for.
   */
  | { readonly kind: "submitted"; readonly startsNone?: true; readonly leftTo?: string }
  /**
   * Another deployment has begun, or the service has gone, since the plan was made; or somebody has changed the flags of
   * auto scaling, which the plan would suspend. Nothing has been changed.
   */
  | { readonly kind: "stalePlan"; readonly by: Deployment | undefined; readonly hasSuspensionChanged?: true }
  /** ECS has not kept all of a task definition in its copy. The copy is deregistered again; the service is as it was. */
  | {
    readonly kind: "copyIncomplete";
    readonly of: Revision;
    readonly copy: Revision;
    readonly lost: readonly string[];
  }
  /** `of`: the ARN of the task definition that was deployed, where this run did not see the deployment begin. */
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly of?: string | undefined }
  | {
    readonly kind: "rolledBackByEcs";
    readonly reason: FailureReason;
    readonly to: Deployment | undefined;
    readonly of?: string | undefined;
  }
  /** `ordered`: given where this run had not yet given the order that it was to give. */
  | { readonly kind: "superseded"; readonly by: Deployment; readonly ordered?: "no" }
  | { readonly kind: "gone"; readonly status: string }
  /** `isCrashLooping`: its tasks fail again and again, and do not only take long. */
  | { readonly kind: "timedOut"; readonly ordered: Ordered; readonly isCrashLooping?: boolean }
  | { readonly kind: "interrupted"; readonly ordered: Ordered };

/** Whether ECS has taken an order and goes on with it, when the program ends before ECS does. */
export type Ordered = "no" | "yes" | "unknown";

/** Whether ECS goes on after this outcome. */
export function orderedOf(outcome: OutcomeKind): Ordered {
  return outcome.kind === "timedOut" || outcome.kind === "interrupted" ? outcome.ordered : "no";
}
