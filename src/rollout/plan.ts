import type { Revision } from "../ecs/arn.ts";
import type { ScalableTarget, SuspendedState } from "../ecs/scalable_target.ts";
import type { ServiceRef } from "../ecs/service.ts";
import type { TaskDefinitionChange } from "./compare_task_definitions.ts";

/**
 * What is going to be done, as a value: printed by a dry run, carried out by `execute`, equal in both cases. No steps
 * means that the service is already as it was asked for.
 */
export interface Plan {
  readonly version: 1;
  readonly intent: "rollback";
  readonly subject: ServiceRef;
  readonly from: Revision;
  readonly to: Revision;
  /** What the service gets that it does not have now; empty when `from` could not be read. */
  readonly changes: readonly TaskDefinitionChange[];
  readonly steps: readonly Step[];
  /** What the user should know beforehand; one line each. */
  readonly notices: readonly string[];
  /** The id of the PRIMARY deployment that the plan was made for. A different one before the first write: plan again. */
  readonly basedOn: string | undefined;
}

export type Step =
  | { readonly kind: "suspendScaling"; readonly target: ScalableTarget }
  | { readonly kind: "updateService"; readonly taskDefinition: Revision }
  /** Without an id: the deployment that `updateService` started. */
  | { readonly kind: "awaitDeployment"; readonly deploymentId: string | undefined; readonly taskDefinition: Revision }
  | { readonly kind: "restoreScaling"; readonly target: ScalableTarget; readonly to: SuspendedState }
  | { readonly kind: "deregister"; readonly taskDefinition: Revision };

/** Why nothing will be done. Nothing has been changed. */
export interface Refusal {
  /** One line: what cannot be done, with what, and why. */
  readonly message: string;
  /** What to do instead, a line each; commands can be pasted into a shell. */
  readonly advice: readonly string[];
}

export type Planned =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly refusal: Refusal };
