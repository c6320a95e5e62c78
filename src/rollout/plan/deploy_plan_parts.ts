import type { Revision } from "../../model/arn.ts";
import type { WaitUntil } from "../assess.ts";
import type { JsonObject } from "../../model/json.ts";
import { findMisfits, type ServiceDemands } from "../../model/misfit.ts";
import { readTaskSupply } from "../../model/task_definition.ts";
import type { Plan, Step, TaskDefinitionRef } from "./plan.ts";
import type { ScalingOptions } from "./plan_scaling.ts";
import type { DeployReason, Refused } from "./refusal.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import type { TaskDefinitionSource } from "../read/read_source.ts";

/** What the plans of a deploy have in common, whether the service is there or is created. */

export interface DeployOptions extends ScalingOptions {
  /** How long it is waited for, and for the way back by itself as well; 0 or left out: without a limit. */
  readonly timeoutMs?: number;
  readonly wait: boolean;
  readonly until: WaitUntil;
  /** Start a deployment also where nothing differs. */
  readonly force: boolean;
  /** The number of tasks; `undefined`: what the service definition says, else as it is; `unchanged`: as it is. */
  readonly tasks: number | "unchanged" | undefined;
}

/** What a deploy changes, so that just that can be taken back. */
export interface DeployUndo {
  /** What the service ran before; `undefined` when there was none. */
  readonly from: Revision | undefined;
  /** What it ships; `undefined` when that gets its number only by being registered. */
  readonly to: Revision | undefined;
  /** What brings back the members that the deploy changes, in the names of UpdateService. */
  readonly before: JsonObject;
  /** Those of them that ECS brings back by itself with the service revision. */
  readonly inRevision: readonly string[];
  /** The names of all that the deploy changes, and the service as ECS had answered it: to see whether it is back. */
  readonly changed: readonly string[];
  readonly was: JsonObject;
  /** The number of tasks that the deploy sets, where it sets one. */
  readonly desiredCount: number | undefined;
  /** The id of the deployment that was in place, where that had FAILED before. */
  readonly failedBefore: string | undefined;
}

export type PlannedDeploy =
  | { readonly kind: "plan"; readonly plan: Plan; readonly undo: DeployUndo }
  | Refused;

/** What the plans of a deploy say alike. */
export function partsOf(
  { ref: subject }: Pick<DeployState, "ref">,
  source: TaskDefinitionSource,
  brought: TaskDefinitionRef,
  { until }: DeployOptions,
) {
  const to = brought === "registered" ? undefined : brought;
  const reason = source.kind === "registered" ? source.reason : undefined;
  return { intent: "deploy", subject, to, reason, until } as const;
}

/** The step that registers what is not registered yet. */
export function registering(source: TaskDefinitionSource): Step | undefined {
  return source.kind === "register" ? { kind: "register", family: source.family, input: source.input } : undefined;
}

/** In what the shipped task definition, as far as it has been read, does not fit a service that asks for these. */
export function findUnfit(
  source: Exclude<TaskDefinitionSource, { kind: "none" }>,
  demands: ServiceDemands,
): DeployReason | undefined {
  const supply = source.kind === "register" ? readTaskSupply(source.input) : source.taskDefinition;
  const misfits = supply === undefined ? [] : findMisfits(demands, supply);
  if (misfits.length === 0) return undefined;
  const what = source.kind === "registered" ? identity(source.taskDefinition) : FILE_OR_RUNNING[source.kind];
  return { code: "cannotDeploy", what, misfits };
}

const FILE_OR_RUNNING = { register: "file", current: "running" } as const;

export function without(name: string, members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
}

/** @param running `undefined` when there is no service that runs one */
export function bring(
  source: Exclude<TaskDefinitionSource, { kind: "none" }>,
  running: Revision | undefined,
): TaskDefinitionRef | undefined {
  if (source.kind === "register") return "registered";
  if (source.kind === "current") return running;
  return identity(source.taskDefinition);
}

function identity({ arn, family, revision }: Revision): Revision {
  return { arn, family, revision };
}
