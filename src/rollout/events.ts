import type { Cause } from "../diagnosis/cause.ts";
import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { Json } from "../model/json.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { Deployment, RunScope, ServiceEvent, ServiceRef, TypedOption } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { WaitedFor } from "../problems.ts";
import type { DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { RollbackEvent } from "./judge/assess.ts";
import type { Ordered } from "../model/outcome_kinds.ts";
import type { Leftover, Outcome, OutcomeKind, Policy } from "./outcome.ts";
import type { Intent, Refusal } from "./plan/refusal.ts";
import type { Bake, BakeEvidence, BakeVerdict } from "./judge/judge_bake.ts";
import type { Plan, Step } from "./plan/plan.ts";
import type { RunNotice } from "./run_notice.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/**
 * The story of one run of `rollback`, `deploy` or `wait`, as codes and data: the log, NDJSON, GitHub's output, the live
 * display, the exit code and the next commands are all made from these events. No event has words of the program itself.
 */
export type RunEvent = Readonly<
  | (RolloutEvent & { service: ServiceRef })
  /** An error has ended the run, or that of `service`. `region`: where AWS was asked, as far as that is known. */
  | { kind: "failed"; failure: FailureData; service?: ServiceRef; region: string | undefined }
  | { kind: "stopSignal"; signal: StopSignal }
  /** A stop signal, or the time limit, came before there was a plan. `waitedFor`: what was being waited for. */
  | { kind: "stoppedEarly"; by: "signal" | "timeLimit"; timeoutMs: number; waitedFor: WaitedFor | undefined }
  | AllPlanned
  /** A plan was written to a file, or is carried out from one. `options`: what has to be typed besides the file. */
  | {
    kind: "planFile";
    path: string;
    madeAtMs: number;
    ageMs: number;
    services: number;
    isWritten: boolean;
    options: readonly TypedOption[];
  }
  /** Always the last event. */
  | { kind: "finished"; exitCode: number }
>;

/** All of many services have been planned, or refused. */
export interface AllPlanned {
  readonly kind: "allPlanned";
  readonly isDryRun: boolean;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly policy: Policy;
  /** A service that is refused does not keep the others from being carried out. */
  readonly skipsRefused: boolean;
  /** The options of the command line, with moments instead of durations into the past. */
  readonly typed: readonly TypedOption[];
}

/** An event of one service, which it does not name; `failed`: an AWS error has ended what was done for the service. */
export type EmittedEvent = RolloutEvent | Omit<Extract<RunEvent, { kind: "failed" }>, "service">;

/** What happens to one service. */
export type RolloutEvent = Readonly<
  /**
   * `timeoutMs`: for the whole command, and once more for an automatic rollback; 0: no limit. `atMs`: since the epoch.
   * `reason`: the user's words. `runId`: how CloudTrail shows the run. `wave`: given where there are many services.
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
  /** The user was asked, and said no: nothing has been changed. */
  | { kind: "notConfirmed" }
  /** There was nothing to wait for: the deployment had already ended like this. */
  | { kind: "alreadyEnded"; outcome: OutcomeKind; until: Plan["until"] }
  /** How the files of a deploy differ from what runs: the lines of a unified diff, without hidden values. */
  | { kind: "compared"; lines: readonly string[] }
  /** There was a plan, and none of it was begun. */
  | { kind: "notBegun"; because: NotBegunBecause }
  /** At the end of a run of many: the deployments, read again, of a service that has not ended well. */
  | { kind: "lookedAgain"; deployments: readonly Deployment[] }
  /**
   * Everything is done, and now it is watched whether that has helped. `completedAtMs`: when the deployment was
   * completed, `bakedMs` ago; `untilMs`: when the last minute that counts ends.
   */
  | { kind: "bakeStarted"; step: Bake; completedAtMs: number; bakedMs: number; untilMs: number }
  /** What is known so far, once a minute. */
  | { kind: "baking"; evidence: BakeEvidence }
  | { kind: "baked"; verdict: BakeVerdict }
  /** Another service of the run has failed: this one is to go back, too, or stays as it is because of `unless`. */
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
  /** A plan is about to be carried out, or is shown by a dry run. Later events are about this plan. */
  | {
    kind: "planned";
    plan: Plan;
    /** It rolls back a deploy of this run that has failed. */
    isAutomaticRollback: boolean;
    /** It is rolled back if it fails with one of the user's events. */
    rollsBackOnFailure: boolean;
  }
  | { kind: "stepStarted"; step: Step }
  | { kind: "registered"; taskDefinition: Revision }
  | { kind: "progress"; progress: Progress }
  /** Why tasks of the followed deployment do not run, the main cause first; emitted again when more is known. */
  | { kind: "causes"; causes: readonly Cause[] }
  /** The last lines that the failed container has logged, at the end of a rollout that did not succeed. */
  | { kind: "containerLog"; log: ContainerLog }
  | { kind: "notice"; notice: RunNotice }
  /** The service's deployments wait again for what they did before the run. */
  | { kind: "waitsRestored" }
  /** Auto scaling is as it was before the run. */
  | { kind: "scalingRestored" }
  /** `keys`: those of the service's tags that have been written. */
  | { kind: "serviceTagged"; keys: readonly string[] }
  /** An error ends the run, while ECS goes on with the order, or may go on with it. */
  | { kind: "detached"; ordered: Exclude<Ordered, "no"> }
  /** What was registered for the failed deploy has been deregistered, or `leftover` is still to be done. */
  | { kind: "deregisteredFailed"; taskDefinition: Revision; leftover: Leftover | undefined }
  | { kind: "rolloutEnded"; outcome: Outcome }
>;

/** What differs between two reads of a service, as far as a person who waits wants to know. */
export interface Progress {
  /** Events that were not there before, oldest first. */
  readonly events: readonly ServiceEvent[];
  /** All deployments as they are now, if any count or state differs; else empty. */
  readonly deployments: readonly Deployment[];
  /** The followed service deployment, if its status, its stage or a waiting hook is new. */
  readonly serviceDeployment: ServiceDeployment | undefined;
}

/** What is done about a deploy that has failed. */
type RollbackOnFailureEvent = Readonly<
  /** `trigger` has happened: the deploy is rolled back, or is not, because of `unless`. */
  | {
    kind: "rollbackDecided";
    trigger: RollbackEvent | undefined;
    unless: "noEvent" | "notNamed" | "nothingBefore" | "interrupted" | undefined;
    /** The events of --rollback-events. */
    named: readonly RollbackEvent[];
  }
  | { kind: "alarmsTriggered"; names: readonly string[] }
  /** The service was read after the rollback, and compared with what it was before the deploy. */
  | { kind: "rollbackVerified"; check: RollbackCheck }
  /** The rollback did not come to its end because of `failure`, or of what earlier events say. */
  | {
    kind: "rollbackUnfinished";
    to: Revision;
    ordered: Ordered;
    failure: FailureData | undefined;
    isInterrupted: boolean;
  }
>;

/** A member with its earlier value, if it had one. `hasFreeText`: there may be a secret in that. */
export interface UnrestoredMember {
  readonly name: string;
  readonly before: Json | undefined;
  readonly hasFreeText?: boolean;
}

/** Which parts of a service are as they were before the deploy. */
export interface RollbackCheck {
  readonly to: Revision;
  /** The id of the PRIMARY deployment, where it had failed before the deploy already. */
  readonly failedBefore: string | undefined;
  /** The members of the service that are not as they were. */
  readonly unrestored: readonly UnrestoredMember[];
  /** The members for which that is not known. */
  readonly unknown: readonly string[];
  /** Why it is not known. */
  readonly reason: AwsFailure | undefined;
}
