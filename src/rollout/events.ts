import type { Revision } from "../model/arn.ts";
import type { Deployment, ServiceEvent } from "../model/service.ts";
import type { Cause } from "./find_causes.ts";
import type { Step } from "./plan/plan.ts";
import type { Progress } from "./progress.ts";

/** What happens while a plan is carried out: the one source of the log, a live display and machine-readable output. */
export type RolloutEvent =
  | { readonly kind: "stepStarted"; readonly step: Step }
  | { readonly kind: "registered"; readonly taskDefinition: Revision }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** Why tasks of the followed deployment have stopped so far; told when there is more to it than before. */
  | { readonly kind: "causes"; readonly causes: readonly Cause[] }
  /** The service's events that speak of failure, once more at the end of a rollout that did not succeed. */
  | { readonly kind: "failureEvents"; readonly events: readonly ServiceEvent[] }
  | { readonly kind: "notice"; readonly message: string }
  /** Auto scaling is as it was: nothing is left to say about it, however the program ends. */
  | { readonly kind: "scalingRestored" }
  /** An error ends the program, while ECS goes on with what it was told, or may have been told. */
  | { readonly kind: "leftGoing"; readonly ordered: Exclude<Ordered, "no"> }
  | { readonly kind: "finished"; readonly outcome: Outcome };

/** Something that the plan was to do last and that is still to be done by hand. */
export interface Leftover {
  readonly problem: string;
  /** The command that does it. */
  readonly command: string;
}

/** What ECS did. "We could not do it" is no outcome but a thrown error. */
export type Outcome = OutcomeKind & {
  readonly leftovers: readonly Leftover[];
};

export type OutcomeKind =
  /** `isEarly`: ECS has completed it with fewer tasks than are desired, as `earlySuccessCriteria` says. */
  | { readonly kind: "succeeded"; readonly isEarly?: true }
  | { readonly kind: "unchanged"; readonly taskDefinition: string }
  /**
   * Nobody waits (`--no-wait`): ECS has taken the order, how it ends is open. `startsNone`: no deployment of it or of
   * anything is under way, for only such attributes were changed as the number of tasks. `leftTo`: the deployment
   * controller of a service that was created, where that is not ECS: then there is no deployment to wait for.
   */
  | { readonly kind: "submitted"; readonly startsNone?: true; readonly leftTo?: string }
  /**
   * Another deployment has begun, or the service has gone, since the plan was made; or somebody has changed the flags of
   * auto scaling, which the plan would suspend. Nothing has been changed.
   */
  | { readonly kind: "outdated"; readonly by: Deployment | undefined; readonly hasSuspensionChanged?: true }
  /** ECS has not kept all of a task definition in its copy. That is deregistered again; the service is as it was. */
  | {
    readonly kind: "copyIncomplete";
    readonly of: Revision;
    readonly copy: Revision;
    readonly lost: readonly string[];
  }
  /** `of`: the ARN of the task definition that was deployed, where nobody has seen it begin. */
  | { readonly kind: "failed"; readonly reason: string; readonly of?: string | undefined }
  | {
    readonly kind: "rolledBackByEcs";
    readonly reason: string;
    readonly to: Deployment | undefined;
    readonly of?: string | undefined;
  }
  /** `ordered`: given where this run had not yet given the order that it was to give. */
  | { readonly kind: "superseded"; readonly by: Deployment; readonly ordered?: "no" }
  | { readonly kind: "gone"; readonly status: string }
  /** `tasksKeepFailing`: and not only does it take long. */
  | { readonly kind: "timedOut"; readonly ordered: Ordered; readonly tasksKeepFailing?: boolean }
  | { readonly kind: "interrupted"; readonly ordered: Ordered };

/** Whether ECS has taken an order and goes on with it, when the program ends before ECS does. */
export type Ordered = "no" | "yes" | "unknown";

/** Whether ECS goes on after this outcome. */
export function orderedOf(outcome: OutcomeKind): Ordered {
  return outcome.kind === "timedOut" || outcome.kind === "interrupted" ? outcome.ordered : "no";
}
