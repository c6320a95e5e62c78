import type { Cause } from "../diagnosis/cause.ts";
import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { Json } from "../model/json.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { ScalableTarget, SuspendedState, Unrecordable } from "../model/scalable_target.ts";
import type { Deployment, RunScope, ServiceRef } from "../model/service.ts";
import type { TaskDefinitionUser, UsesNotice } from "../registry/find_uses.ts";
import type { DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { FailureReason, RollbackEvent } from "./assess.ts";
import type { CarriedOptions } from "./plan/carried_options.ts";
import type { Intent, Plan, RestoreScaling, Step } from "./plan/plan.ts";
import type { Refusal, StopRefusal } from "./plan/refusal.ts";
import type { Progress } from "./watch.ts";

/**
 * The story of one run of `rollback`, `deploy` or `wait`, as codes and data: the log, NDJSON, GitHub's output, the live
 * display, the exit code and the next commands are all made from these events. No event holds words of this program's.
 */
export type RunEvent = Readonly<
  | (RolloutEvent & { service: ServiceRef })
  /** The program could not do it; `service`: for that one. `region`: where AWS was asked, as far as it is known. */
  | { kind: "failed"; failure: FailureData; service?: ServiceRef; region: string | undefined }
  | { kind: "stopSignal"; signal: StopSignal }
  /** A stop signal, or the time limit, came before there was a plan. `waitedFor`: what was being waited for. */
  | { kind: "stoppedEarly"; by: "signal" | "timeLimit"; timeoutMs: number; waitedFor: string | undefined }
  /** A line of the log that is about no event. */
  | { kind: "logged"; level: Level; message: string }
  /** Always the last one. */
  | { kind: "finished"; exitCode: number }
>;

export type Level = "debug" | "info" | "warn" | "error";

/** What happens to one service. */
export type RolloutEvent = Readonly<
  /** `timeoutMs`: for the whole command, and once more for an automatic rollback; 0: no limit. */
  | { kind: "started"; command: Intent; isDryRun: boolean; timeoutMs: number }
  | { kind: "refused"; refusal: AnyRefusal }
  /** Somebody was asked, and the answer was no: nothing has been changed. */
  | { kind: "notConfirmed" }
  /** There was nothing to wait for: this is how the deployment had ended before. */
  | { kind: "alreadyEnded"; outcome: OutcomeKind; until: Plan["until"] }
  /** How the files of a deploy differ from what runs: the lines of a unified diff, without hidden values. */
  | { kind: "compared"; lines: readonly string[] }
  | PlanEvent
  | RollbackOnFailureEvent
>;

/** `noSuchTaskDefinition`: the one that was named, or that the service was to run, is not there. */
export type AnyRefusal = Readonly<
  | Refusal
  | DeregisterRefusal
  | { code: "noSuchTaskDefinition"; name: string | undefined; scope: RunScope }
>;

/** What happens while a plan is carried out. */
export type PlanEvent = Readonly<
  /** A plan is about to be carried out, or a dry run shows it. Later events are about this plan. */
  | {
    kind: "planned";
    plan: Plan;
    /** It rolls back a deploy of this run that has failed. */
    isAutomaticRollback: boolean;
    /** It is rolled back where it fails with one of the user's events. */
    rollsBackOnFailure: boolean;
  }
  | { kind: "stepStarted"; step: Step }
  | { kind: "registered"; taskDefinition: Revision }
  | { kind: "progress"; progress: Progress }
  /** Why tasks of the followed deployment do not run, the primary cause first; emitted when there is more of it. */
  | { kind: "causes"; causes: readonly Cause[] }
  /** What the container that failed has written last, at the end of a rollout that did not succeed. */
  | { kind: "containerLog"; log: ContainerLog }
  | { kind: "notice"; notice: RunNotice }
  /** Auto scaling is as it was before the run. */
  | { kind: "scalingRestored" }
  /** An error ends the run, while ECS goes on with the order, or may go on with it. */
  | { kind: "detached"; ordered: Exclude<Ordered, "no"> }
  /** What was registered for the failed deploy is deregistered, or that is left to be done. */
  | { kind: "deregisteredFailed"; taskDefinition: Revision; leftover: Leftover | undefined }
  | { kind: "rolloutEnded"; outcome: Outcome }
>;

/** What becomes of a deploy that has failed. */
export type RollbackOnFailureEvent = Readonly<
  /** `trigger` has happened, and the deploy is rolled back, or is not because of `unless`. */
  | {
    kind: "rollbackDecided";
    trigger: RollbackEvent | undefined;
    unless: "noEvent" | "notNamed" | "nothingBefore" | "interrupted" | undefined;
    /** The events of --rollback-events. */
    named: readonly RollbackEvent[];
  }
  | { kind: "alarmsTriggered"; names: readonly string[] }
  /** The service was read after the rollback, and compared with what was there before the deploy. */
  | { kind: "rollbackVerified"; check: RollbackCheck }
  /** The rollback has not come to its end: `failure` has ended it, or what the events before say. */
  | {
    kind: "rollbackUnfinished";
    to: Revision;
    ordered: Ordered;
    failure: FailureData | undefined;
    isInterrupted: boolean;
  }
>;

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

/** What the user should know of what happened on the way. `error`: AWS's words. */
export type RunNotice = Readonly<
  | { code: "suspensionNotCompared"; error: string }
  | { code: "updatesInsteadOfStopping"; error: string }
  | { code: "stagesNotShown"; error: string | undefined }
  | { code: "stillWatching"; error: string }
  | { code: "causesNotShown"; error: string }
  | { code: "definitionNotRead"; error: string }
  | { code: "logNotRead"; container: string; error: string | undefined }
  | { code: "looksWhetherUpdated"; error: string }
  | { code: "tasksCrashedOnTheWay"; count: number }
  | { code: "completedAmidCrashes"; count: number }
  | { code: "completedEarly"; runningCount: number; desiredCount: number; percent: number }
  | { code: "noTaskDesired" }
  | { code: "membersNotKept"; order: "updated" | "created"; names: readonly string[] }
  | { code: "registrationUnknown"; family: string }
  | { code: "registeredWithout"; taskDefinition: Revision; names: readonly string[] }
  | { code: "copyWithoutTags"; error: string }
  | { code: "leftToDo"; leftover: Leftover }
  /** No order has reached ECS. `running`: what the service is at; `undefined`: there is no service yet. */
  | { code: "serviceUnchanged"; running: Revision | undefined }
  /** What was registered for an order that never came. `isOfFamily`: of the one that the user's files and the service have. */
  | {
    code: "staysRegistered";
    taskDefinition: Revision;
    running: Revision | undefined;
    copyOf: Revision | undefined;
    isOfFamily: boolean;
    carried: CarriedOptions | undefined;
  }
  | { code: "rollsBackWithoutScaling"; error: string }
  | { code: "alarmsNotKnown"; error: string }
  | ScalingNotice
  | UsesNotice
>;

export type ScalingNotice = Readonly<
  /** The state from before the suspension is in this run's memory only. */
  | { code: "suspensionNotRecorded"; why: Unrecordable; target: ScalableTarget; prior: SuspendedState }
  | { code: "scalingTargetGone"; resourceId: string; order: "suspend" | "restore" }
  | { code: "suspensionChangedByOthers"; resourceId: string }
  /** Whether AWS has taken the suspension is not known. */
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

/** Something that the plan was to do last and that is still to be done by hand. `error`: AWS's words. */
export type Leftover = Readonly<
  | (Pick<RestoreScaling, "target" | "to" | "hasRecord"> & { code: "scalingMayBeSuspended"; error: string })
  | { code: "suspensionRecordRemains"; arn: string; error: string }
  /** A setting did not come back. `value`: what would bring it back, where that is no secret. */
  | {
    code: "settingNotRestored";
    target: Revision;
    name: string;
    value: Json | undefined;
    carried?: CarriedOptions | undefined;
  }
  | {
    code: "settingsNotCompared";
    target: Revision;
    names: readonly string[];
    error: string | undefined;
    carried?: CarriedOptions | undefined;
  }
  | { code: "stillInUse"; taskDefinition: Revision; user: TaskDefinitionUser }
  | {
    code: "notDeregistered";
    taskDefinition: Revision;
    /** AWS may have deregistered it all the same. */
    mayBe: boolean;
    /** `undefined`: the command was stopped before. */
    error: string | undefined;
  }
>;

/** What ECS did. "We could not do it" is no outcome but a thrown error. */
export type Outcome = OutcomeKind & { readonly leftovers: readonly Leftover[] };

export type OutcomeKind = Readonly<
  /** `isEarly`: ECS has completed it with fewer tasks than are desired, as `earlySuccessCriteria` says. */
  | { kind: "succeeded"; isEarly?: true }
  | { kind: "unchanged"; taskDefinition: string }
  /**
   * `--no-wait`: ECS has taken the order, how it ends is open. `startsNone`: the order starts no deployment, for only such
   * attributes were changed as the number of tasks. `leftTo`: the deployment controller of a service that was created,
   * where that is not ECS: then there is no deployment to wait for.
   */
  | { kind: "submitted"; startsNone?: true; leftTo?: string }
  /**
   * Another deployment has begun, or the service has gone, since the plan was made; or somebody has changed the flags of
   * auto scaling, which the plan would suspend; or ECS does not stop the deployment that is under way. Nothing has been
   * changed.
   */
  | { kind: "stalePlan"; by: Deployment | undefined; hasSuspensionChanged?: true; refusal?: StopRefusal }
  /** ECS has not kept all of a task definition in its copy. The copy is deregistered again; the service is as it was. */
  | { kind: "copyIncomplete"; of: Revision; copy: Revision; lost: readonly string[] }
  /** No copy may be registered that names the images by digest. Nothing has been changed. `error`: AWS's words. */
  | { kind: "cannotPin"; of: Revision; error: string }
  /** `of`: the ARN of the task definition that was deployed, where this run did not see the deployment begin. */
  | { kind: "failed"; reason: FailureReason; of?: string | undefined }
  | { kind: "rolledBackByEcs"; reason: FailureReason; to: Deployment | undefined; of?: string | undefined }
  /** `ordered`: given where this run had not yet given the order that it was to give. */
  /** `--fail-after`: too many failures, and no task is healthy; ECS goes on. `unstarted`: attempts to place or launch one. */
  | { kind: "givenUp"; stopped: number; unstarted: number; limit: number }
  | { kind: "superseded"; by: Deployment; ordered?: "no" }
  | { kind: "gone"; status: string }
  /** `isCrashLooping`: its tasks fail again and again, and do not only take long. */
  | { kind: "timedOut"; ordered: Ordered; isCrashLooping?: boolean }
  | { kind: "interrupted"; ordered: Ordered }
>;

/** Whether ECS has taken an order and goes on with it, when the program ends before ECS does. */
export type Ordered = "no" | "yes" | "unknown";

/** Whether ECS goes on after this outcome. */
export function orderedOf(outcome: OutcomeKind): Ordered {
  if (outcome.kind === "givenUp") return "yes";
  return outcome.kind === "timedOut" || outcome.kind === "interrupted" ? outcome.ordered : "no";
}
