import { isList, isObject, type Json, type JsonObject, numberIn } from "../../model/json.ts";
import { demandsWith, NO_DEMANDS } from "../../model/misfit.ts";
import {
  bring,
  type DeployOptions,
  type DeployUndo,
  findUnfit,
  partsOf,
  type PlannedDeploy,
  registering,
} from "./deploy_plan_parts.ts";
import type { CreationNotice, PlanNotice } from "./notice.ts";
import { makePlan } from "./plan.ts";
import { planScaling } from "./plan_scaling.ts";
import type { ScalingState } from "../read/read_current_state.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import type { TaskDefinitionSource } from "../read/read_source.ts";
import { type RefusalReason, refuse } from "./refusal.ts";

/** What CreateTaskSet takes, so that ECS refuses it of a service with task sets (API reference, CreateService). */
const TASK_SET_MEMBERS = [
  "capacityProviderStrategy",
  "launchType",
  "loadBalancers",
  "networkConfiguration",
  "platformVersion",
  "serviceRegistries",
];

/** What comes of creating a service that another deployment controller than ECS deploys. */
const LEFT_TO_OTHERS: Readonly<Record<string, readonly CreationNotice[]>> = {
  CODE_DEPLOY: [{ code: "createdForCodeDeploy" }],
  EXTERNAL: [{ code: "createdForTaskSets" }],
};

function controllerIn({ deploymentController }: JsonObject): string {
  const type = isObject(deploymentController) ? deploymentController.type : undefined;
  return typeof type === "string" && type !== "" ? type : "ECS";
}

/** A list without elements means the same to AWS as none at all. */
function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && !(isList(value) && value.length === 0);
}

/** A service that is created has nothing to go back to. */
const NOTHING_BEFORE: DeployUndo = {
  from: undefined,
  to: undefined,
  before: {},
  inRevision: [],
  changed: [],
  was: {},
  desiredCount: undefined,
  failedBefore: undefined,
};

/** Decides how to create the service by its definition, or why not. Pure. */
export function planCreation(
  state: DeployState,
  source: Exclude<TaskDefinitionSource, { kind: "none" }>,
  options: DeployOptions,
): PlannedDeploy {
  const { ref, serviceDefinition, scaling } = state;
  const refused = (reason: RefusalReason) => refuse("deploy", ref, reason);
  if (serviceDefinition === undefined) return refused({ code: "noServiceDefinition" });
  const brought = bring(source, undefined);
  if (brought === undefined) return refused({ code: "noTaskDefinition", reason: { code: "nothingRuns" } });
  const contradiction = findContradiction(serviceDefinition, options);
  if (contradiction !== undefined) return refused(contradiction);
  const controller = controllerIn(serviceDefinition);
  // Of a service with task sets each of those has its own settings and task definition.
  const misfit = controller === "EXTERNAL" ? undefined : findUnfit(source, demandsWith(NO_DEMANDS, serviceDefinition));
  if (misfit !== undefined) return refused(misfit);
  const { input, notices } = inputOf(serviceDefinition, options);
  // A scalable target outlives its service, and so does what an earlier run has left suspended; AWS takes no change of one
  // without a service, so nothing is suspended.
  const restored = scaling && planScaling(scaling, options, false, numberIn(input.desiredCount) ?? 0);
  const planned = makePlan({
    ...partsOf(state, source, brought, options),
    from: undefined,
    steps: [
      registering(source),
      { kind: "createService", taskDefinition: controller === "EXTERNAL" ? undefined : brought, input },
      options.wait && controller === "ECS" && { kind: "awaitDeployment", taskDefinition: brought, follows: undefined },
      restored?.restore,
    ],
    notices: [
      ...state.denied.map((denial): PlanNotice => ({ code: "notRead", denial, intent: "deploy" })),
      ...(LEFT_TO_OTHERS[controller] ?? []),
      ...notices,
      ...withoutScaling(scaling, options),
      ...(restored?.notices ?? []),
    ],
    basedOn: undefined,
  });
  return { ...planned, undo: NOTHING_BEFORE };
}

function withoutScaling(scaling: ScalingState | undefined, options: DeployOptions): PlanNotice[] {
  const isWanted = options.suspendAutoScaling || options.resumeAutoScaling;
  return isWanted && scaling === undefined ? [{ code: "createdWithoutScaling" }] : [];
}

function findContradiction(definition: JsonObject, { tasks }: DeployOptions): RefusalReason | undefined {
  if (definition.schedulingStrategy === "DAEMON" && typeof tasks === "number") return { code: "daemonHasNoCount" };
  if (controllerIn(definition) !== "EXTERNAL") {
    const hasBoth = isSet(definition.launchType) && isSet(definition.capacityProviderStrategy);
    return hasBoth ? { code: "launchTypeAndProviders" } : undefined;
  }
  const names = TASK_SET_MEMBERS.filter((name) => isSet(definition[name]));
  return names.length > 0 ? { code: "taskSetMembers", names } : undefined;
}

/**
 * The input of CreateService. A DAEMON service has a task on each instance, and no number of its own; any other has to have
 * one (API reference, CreateService), and CloudFormation's default is 1.
 */
function inputOf(definition: JsonObject, { tasks }: DeployOptions): { input: JsonObject; notices: CreationNotice[] } {
  const { taskDefinition: _, desiredCount: ofFile, ...others } = definition;
  if (definition.schedulingStrategy === "DAEMON") return { input: others, notices: [] };
  const desiredCount = typeof tasks === "number" ? tasks : numberIn(ofFile);
  if (desiredCount !== undefined) return { input: { ...others, desiredCount }, notices: [] };
  return {
    input: { ...others, desiredCount: 1 },
    notices: [{ code: "createdWithOneTask" }],
  };
}
