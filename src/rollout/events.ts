import type { Cause } from "../diagnosis/cause.ts";
import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { Json } from "../model/json.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { Deployment, RunScope, ServiceRef, TypedOption } from "../model/service.ts";
import type { WaitedFor } from "../problems.ts";
import type { UsesNotice } from "../registry/find_uses.ts";
import type { DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { RollbackEvent } from "./assess.ts";
import type { Leftover, Ordered, Outcome, OutcomeKind, Policy } from "./outcome.ts";
import type { CarriedOptions } from "./plan/options.ts";
import type { Intent, Refusal } from "./plan/refusal.ts";
import type { Bake, BakeSight, BakeVerdict } from "./judge_bake.ts";
import type { Plan, Step } from "./plan/plan.ts";
import type { ScalingNotice } from "./scaling_record.ts";
import type { Progress } from "./watch.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

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
  | { kind: "stoppedEarly"; by: "signal" | "timeLimit"; timeoutMs: number; waitedFor: WaitedFor | undefined }
  | AllPlanned
  /**
   * A plan was written to a file, or read from one that carries it out. `options`: those that are typed with it besides.
   */
  | {
    kind: "planFile";
    path: string;
    madeAtMs: number;
    ageMs: number;
    services: number;
    isWritten: boolean;
    options: readonly TypedOption[];
  }
  /** A line of the log that is about no event; `service`: about that one. */
  | { kind: "logged"; level: Level; message: string; service?: ServiceRef }
  /** Always the last one. */
  | { kind: "finished"; exitCode: number }
>;

/** All of many services were planned, or refused. */
export interface AllPlanned {
  readonly kind: "allPlanned";
  readonly isDryRun: boolean;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly policy: Policy;
  /** One that is refused keeps no other from being carried out. */
  readonly skipsRefused: boolean;
  /** The options of the command line: moments, and not how long ago they were. */
  readonly typed: readonly TypedOption[];
}

export type Level = "debug" | "info" | "warn" | "error";

/** What happens to one service. */
export type RolloutEvent = Readonly<
  /**
   * `timeoutMs`: for the whole command, and once more for an automatic rollback; 0: no limit. `atMs`: since the epoch.
   * `reason`: the user's words. `runId`: what CloudTrail has of the run. `wave`: given where there are many services.
   */
  | {
    kind: "started";
    command: Intent;
    isDryRun: boolean;
    timeoutMs: number;
    atMs: number;
    reason?: string | undefined;
    runId?: string;
    wave?: number;
  }
  /** `deployments`: what the service runs, where that was read. */
  | { kind: "refused"; refusal: AnyRefusal; deployments?: readonly Deployment[] }
  /** Somebody was asked, and the answer was no: nothing has been changed. */
  | { kind: "notConfirmed" }
  /** There was nothing to wait for: this is how the deployment had ended before. */
  | { kind: "alreadyEnded"; outcome: OutcomeKind; until: Plan["until"] }
  /** How the files of a deploy differ from what runs: the lines of a unified diff, without hidden values. */
  | { kind: "compared"; lines: readonly string[] }
  /** There was a plan, of which nothing was begun. */
  | { kind: "notBegun"; because: NotBegunBecause }
  /** At the end of a run of many, of one that has not ended well: its deployments as they are then. */
  | { kind: "lookedAgain"; deployments: readonly Deployment[] }
  /**
   * All is done, and it is watched whether that has helped. `completedAtMs`: when the deployment was, which is `bakedMs` ago;
   * `untilMs`: when the last minute ends that is looked at.
   */
  | { kind: "bakeStarted"; step: Bake; completedAtMs: number; bakedMs: number; untilMs: number }
  /** What is known by now, once a minute. */
  | { kind: "baking"; sight: BakeSight }
  | { kind: "baked"; verdict: BakeVerdict }
  /** Another service of the run has failed, and this one is to go back, too, or stays as it is because of `unless`. */
  | { kind: "undoDecided"; unless: "interrupted" | "nothingBefore" | "wasFailing" | undefined }
  | PlanEvent
  | RollbackOnFailureEvent
>;

/** Why a plan was not begun: another service of the run has failed, or the run has come to its end. */
export type NotBegunBecause = "otherFailed" | "otherRefused" | "stopSignal" | "timeLimit";

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
  /** The service's deployments wait again for what they did before the run. */
  | { kind: "waitsRestored" }
  /** Auto scaling is as it was before the run. */
  | { kind: "scalingRestored" }
  /** `keys`: of the service's tags that have been written. */
  | { kind: "serviceTagged"; keys: readonly string[] }
  /** An error ends the run, while ECS goes on with the order, or may go on with it. */
  | { kind: "detached"; ordered: Exclude<Ordered, "no"> }
  /** What was registered for the failed deploy is deregistered, or that is left to be done. */
  | { kind: "deregisteredFailed"; taskDefinition: Revision; leftover: Leftover | undefined }
  | { kind: "rolloutEnded"; outcome: Outcome }
>;

/** The same, one after the other, and what it comes to. */
export type PlanEvents<Result = void> = AsyncGenerator<PlanEvent, Result, void>;
export type RolloutEvents<Result = void> = AsyncGenerator<RolloutEvent, Result, void>;

/** What becomes of a deploy that has failed. */
type RollbackOnFailureEvent = Readonly<
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
  /** Why it is not known. */
  readonly reason: AwsFailure | undefined;
}

/** What the user should know of what happened on the way. `error`: AWS's words. */
export type RunNotice = Readonly<
  | { code: "suspensionNotCompared" | "updatesInsteadOfStopping" | "stillWatching"; error: AwsFailure }
  | { code: "causesNotShown" | "definitionNotRead" | "looksWhetherUpdated" | "copyWithoutTags"; error: AwsFailure }
  | { code: "rollsBackWithoutScaling" | "alarmsNotKnown"; error: AwsFailure }
  | { code: "stagesNotShown"; error: AwsFailure | undefined }
  | { code: "logNotRead"; container: string; error: AwsFailure | undefined }
  | { code: "tasksCrashedOnTheWay" | "completedAmidCrashes"; count: number }
  | { code: "completedEarly"; runningCount: number; desiredCount: number; percent: number }
  | { code: "noTaskDesired" }
  /** `keys`: of the service's tags that should have been written. `mayBe`: they may have been. */
  | { code: "notTagged"; keys: readonly string[]; mayBe: boolean; error: AwsFailure | undefined }
  | { code: "membersNotKept"; order: "updated" | "created"; names: readonly string[] }
  | { code: "registrationUnknown"; family: string }
  | { code: "registeredWithout"; taskDefinition: Revision; names: readonly string[] }
  /** Another run has registered the same copy, which is used. */
  | { code: "copyNotNeeded"; copy: Revision; others: Revision }
  /** Another run has given the order of this plan: the service is at its target (`isReached`), or on its way there. */
  | { code: "orderedByOtherRun"; taskDefinition: Revision | undefined; isReached: boolean }
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
  | WaitsNotice
  | ScalingNotice
  | UsesNotice
>;

type WaitsNotice = Readonly<
  /** `names`: the members of the deployment configuration that somebody has changed meanwhile: they stay. */
  | { code: "waitsChangedByOthers"; names: readonly string[] }
  /** Another run on the same service restores them. */
  | { code: "waitsLeftToOther"; run: string }
>;
