import type { Json } from "../model/json.ts";
import type { Ordered } from "../model/outcome_kinds.ts";
import type { Waits } from "../model/waits.ts";
import type { Revision } from "../model/arn.ts";
import type { Deployment } from "../model/service.ts";
import type { TaskDefinitionUser } from "../registry/find_uses.ts";
import type { Phase } from "./judge/assess.ts";
import type { SkipReason } from "./read/find_release.ts";
import type { CarriedOptions } from "./plan/options.ts";
import type { RestoreScaling } from "./plan/plan.ts";
import type { StopRefusal } from "./plan/refusal.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/** Something that the plan was to do last and that is still to be done by hand. `error`: AWS's words. */
export type Leftover = Readonly<
  | (Pick<RestoreScaling, "target" | "to" | "hasRecord"> & { code: "scalingMayBeSuspended"; error: AwsFailure })
  | { code: "suspensionRecordRemains"; error: AwsFailure }
  /**
   * The service's deployments may still wait for nothing, or for less than they did. `keys`: of the record's tags.
   * `missing`: without what somebody has set since, as far as that is known. `mayCome`: the order that was to change
   * what they wait for may yet arrive. `error`: `undefined` where ECS took the change, and does not show it.
   */
  | {
    code: "waitsNotRestored";
    target: Revision;
    arn: string;
    keys: readonly string[];
    missing: Waits;
    mayCome: boolean;
    error: AwsFailure | undefined;
  }
  /** `leftTo`: the ID of the run that restores what is on record; `undefined` where it has been restored. */
  | {
    code: "waitsRecordRemains";
    arn: string;
    keys: readonly string[];
    leftTo: string | undefined;
    error: AwsFailure;
  }
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
    error: AwsFailure | undefined;
    carried?: CarriedOptions | undefined;
  }
  /** The service was to be held so long. `error`: `undefined` where the run ended first. `mayBe`: it may be held. */
  | { code: "notHeld"; forMs: number; reason: string | undefined; mayBe: boolean; error: AwsFailure | undefined }
  | { code: "stillInUse"; taskDefinition: Revision; user: TaskDefinitionUser }
  | {
    code: "notDeregistered";
    taskDefinition: Revision;
    /** AWS may have deregistered it all the same. */
    mayBe: boolean;
    /** `undefined`: the run was stopped before. */
    error: AwsFailure | undefined;
  }
>;

/** What ECS did. What the program could not do is no outcome, but a thrown error. */
export type Outcome = OutcomeKind & { readonly leftovers: readonly Leftover[] };

export type OutcomeKind = Readonly<
  /** `isEarly`: ECS has completed it with fewer tasks than are desired, as `earlySuccessCriteria` allows. */
  | { kind: "succeeded"; isEarly?: true }
  /** `because`: given where a condition of the rollback is not met. */
  | { kind: "unchanged"; taskDefinition: string; because?: SkipReason }
  /**
   * `--no-wait`: ECS has taken the order, and how it ends is open. `startsNone`: the order starts no deployment,
   * because only attributes such as the number of tasks were changed. `leftTo`: the deployment controller of a service
   * that was created, where that is not ECS: then there is no deployment to wait for.
   */
  | { kind: "submitted"; startsNone?: true; leftTo?: string }
  /**
   * Since the plan was made, another deployment has begun, or the service is gone; or somebody has changed the auto
   * scaling flags or the waits that the plan would change; or ECS refuses to stop the deployment that is under way.
   * Nothing has been changed.
   */
  | {
    kind: "stalePlan";
    by: Deployment | undefined;
    hasSuspensionChanged?: true;
    haveWaitsChanged?: true;
    refusal?: StopRefusal;
  }
  /** ECS has not kept all of a task definition in its copy. The copy is deregistered, and the service is as before. */
  | { kind: "copyIncomplete"; of: Revision; copy: Revision; lost: readonly string[] }
  /** A copy that names images by digest may not be registered. Nothing has been changed. `error`: AWS's words. */
  | { kind: "cannotPin"; of: Revision; error: AwsFailure }
  /** `of`: the ARN of the task definition that was deployed, where this run did not see the deployment begin. */
  | (Extract<Phase, { kind: "failed" | "rolledBackByEcs" }> & { of?: string | undefined })
  /** `--fail-after`: too many failures, no healthy task; ECS goes on. `unstarted`: attempts to place or launch one. */
  | { kind: "givenUp"; stopped: number; unstarted: number; limit: number }
  /** `ordered`: given where this run had not yet given its order. */
  | { kind: "superseded"; by: Deployment; ordered?: "no" }
  | { kind: "gone"; status: string }
  /** `isCrashLooping`: its tasks fail again and again, and do not just take long. */
  | { kind: "timedOut"; ordered: Ordered; isCrashLooping?: boolean }
  | { kind: "interrupted"; ordered: Ordered }
>;

/**
 * Whether ECS or somebody has acted before the plan gave its order, so that a new plan is needed. What somebody does
 * after the order is a decision about the plan, and stands.
 */
export function needsNewPlan(outcome: OutcomeKind): boolean {
  return outcome.kind === "stalePlan" || (outcome.kind === "superseded" && outcome.ordered === "no");
}

/** How the plans of many services are carried out. */
export interface Policy {
  /** How many services at a time. */
  readonly parallel: number;
  /**
   * What happens where a service fails. `continue`: the others go on. `stop`: no more are begun. `undo`: no more are
   * begun, and those that this run has changed go back to where they were.
   */
  readonly onFailure: "continue" | "stop" | "undo";
}

/**
 * Whether the end of one service's plan counts as a failure, which may stop or undo the others: its deployment has
 * failed, or AWS has refused what it needs. Another deployment or a deletion by somebody else does not count, nor does
 * what ends the whole run (a stop signal, the time limit), unless tasks keep failing until then.
 *
 * @param outcome `undefined`: an AWS error ended it
 */
export function countsAsFailure(outcome: OutcomeKind | undefined): boolean {
  switch (outcome?.kind) {
    case undefined:
    case "failed":
    case "rolledBackByEcs":
    case "givenUp":
    case "copyIncomplete":
    case "cannotPin":
      return true;
    case "timedOut":
      return outcome.isCrashLooping === true;
    case "stalePlan":
      // ECS refused to stop the deployment; that does not mean that somebody else intervened.
      return outcome.refusal !== undefined;
    case "succeeded":
    case "unchanged":
    case "submitted":
    case "superseded":
    case "gone":
    case "interrupted":
      return false;
  }
}
