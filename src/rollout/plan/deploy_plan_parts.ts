import type { Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { ServiceDemands } from "../../model/service_demands.ts";
import { findMisfits } from "../../model/misfit.ts";
import { readTaskSupply } from "../../model/task_definition.ts";
import type { Plan, Step, TaskDefinitionRef } from "./plan.ts";
import type { DeployOptions } from "./plan_deploy.ts";
import type { DeployReason } from "./refusal.ts";
import type { TaskDefinitionSource } from "../read/read_source.ts";

/** What the plans of a deploy have in common, whether the service is there or is created. */

export function planOf(
  subject: ServiceRef,
  source: TaskDefinitionSource,
  brought: TaskDefinitionRef,
  steps: readonly (Step | undefined | false)[],
  { until }: DeployOptions,
): Omit<Plan, "from" | "isReached" | "notices" | "basedOn"> {
  return {
    version: 1,
    intent: "deploy",
    subject,
    to: brought === "registered" ? undefined : brought,
    reason: source.kind === "registered" ? source.reason : undefined,
    changes: [],
    steps: steps.filter((step) => step !== undefined && step !== false),
    until,
  };
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
