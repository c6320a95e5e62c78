import type { Revision } from "../../model/arn.ts";
import { isList, type Json, type JsonObject, numberIn } from "../../model/json.ts";
import { findMisfits, NEW_SERVICE, requirementsWith, type ServiceRequirements } from "../../model/misfit.ts";
import { readTaskCapabilities } from "../../model/task_definition.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import type { TaskDefinitionSource } from "../read/read_source.ts";
import { noticeUnread, type PlanNotice } from "./notice.ts";
import type { DeployOptions } from "./options.ts";
import { type AwaitDeployment, type CreateService, NOTHING_CHANGED, type Plan, type PlannedDeploy } from "./plan.ts";
import { planScaling } from "./plan_scaling.ts";
import { controllerIn } from "./plan_order.ts";
import { type DeployReason, type RefusalReason, refuse } from "./refusal.ts";

/** Members that CreateTaskSet takes: CreateService refuses them for a service with task sets (API reference). */
const TASK_SET_MEMBERS = [
  ...["capacityProviderStrategy", "launchType", "loadBalancers", "networkConfiguration", "platformVersion"],
  "serviceRegistries",
];

/** Notices for a new service that another deployment controller than ECS deploys. */
const LEFT_TO_OTHERS: Readonly<Record<string, readonly PlanNotice[]>> = {
  CODE_DEPLOY: [{ code: "createdForCodeDeploy" }],
  EXTERNAL: [{ code: "createdForTaskSets" }],
};

/** What is shipped, where there is something to ship. */
export type DeploySource = Exclude<TaskDefinitionSource, { kind: "none" }>;

/** The revision that is shipped; `undefined` where it is still to be registered. */
export function revisionOf(source: Exclude<DeploySource, { kind: "current" }>): Revision | undefined {
  if (source.kind === "register") return undefined;
  const { arn, family, revision } = source.taskDefinition;
  return { arn, family, revision };
}

/** Finds where the shipped task definition, as far as it was read, does not meet the service's requirements. */
export function findMisfitReason(source: DeploySource, requirements: ServiceRequirements): DeployReason | undefined {
  const capabilities = source.kind === "register" ? readTaskCapabilities(source.input) : source.taskDefinition;
  const misfits = capabilities === undefined ? [] : findMisfits(requirements, capabilities);
  if (misfits.length === 0) return undefined;
  const what = source.kind === "current" ? "running" : revisionOf(source) ?? "file";
  return { code: "cannotDeploy", what, misfits };
}

/** Decides how to create the service from its definition, or why not. Pure. */
export function planCreation(state: DeployState, source: DeploySource, options: DeployOptions): PlannedDeploy {
  const { ref, serviceDefinition, scaling } = state;
  const refused = (reason: RefusalReason) => refuse("deploy", ref, reason);
  if (serviceDefinition === undefined) return refused({ code: "noServiceDefinition" });
  if (source.kind === "current") return refused({ code: "noTaskDefinition", reason: { code: "nothingRuns" } });
  const controller = controllerIn(serviceDefinition) ?? "ECS";
  const contradiction = findContradiction(serviceDefinition, controller, options);
  if (contradiction !== undefined) return refused(contradiction);
  // In a service with task sets, each task set has its own settings and task definition.
  const hasTaskSets = controller === "EXTERNAL";
  const misfit = hasTaskSets ? undefined : findMisfitReason(source, requirementsWith(NEW_SERVICE, serviceDefinition));
  if (misfit !== undefined) return refused(misfit);
  const { input, notices } = inputOf(serviceDefinition, options);
  const to = revisionOf(source);
  const taskDefinition = to ?? "registered";
  // A scalable target outlives its service, and so does what an earlier run has left suspended. AWS refuses to change
  // one without a service, so nothing is suspended.
  const restored = scaling && planScaling(scaling, options, false, numberIn(input.desiredCount) ?? 0);
  const isScalingWanted = options.suspendAutoScaling || options.resumeAutoScaling;
  const register = source.kind === "register" ? source : undefined;
  const created = hasTaskSets ? undefined : taskDefinition;
  const create: CreateService = { kind: "createService", taskDefinition: created, input };
  const wait: AwaitDeployment | undefined = options.wait && controller === "ECS"
    ? { kind: "awaitDeployment", taskDefinition, follows: undefined }
    : undefined;
  const plan: Plan = {
    ...{ intent: "deploy", subject: ref, from: undefined, to, basedOn: undefined },
    ...{ until: options.until, failAfter: options.failAfter, isReached: false },
    ...(source.kind === "registered" && { reason: source.reason }),
    steps: [register, create, wait, restored?.restore].filter((step) => step !== undefined),
    notices: [
      ...noticeUnread(state.denied, "deploy"),
      ...(LEFT_TO_OTHERS[controller] ?? []),
      ...notices,
      ...(isScalingWanted && scaling === undefined ? [{ code: "createdWithoutScaling" } as const] : []),
      ...(restored?.notices ?? []),
    ],
  };
  return { kind: "plan", plan, undo: NOTHING_CHANGED };
}

function findContradiction(
  definition: JsonObject,
  controller: string,
  { tasks }: DeployOptions,
): RefusalReason | undefined {
  if (definition.schedulingStrategy === "DAEMON" && typeof tasks === "number") return { code: "daemonHasNoCount" };
  if (controller !== "EXTERNAL") {
    const hasBoth = isSet(definition.launchType) && isSet(definition.capacityProviderStrategy);
    return hasBoth ? { code: "launchTypeAndProviders" } : undefined;
  }
  const names = TASK_SET_MEMBERS.filter((name) => isSet(definition[name]));
  return names.length > 0 ? { code: "taskSetMembers", names } : undefined;
}

/** A list without elements means the same to AWS as none at all. */
function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && !(isList(value) && value.length === 0);
}

/**
 * The input of CreateService. A DAEMON service runs a task on each instance and has no count of its own; any other
 * needs one (API reference, CreateService), and CloudFormation's default is 1.
 */
function inputOf(definition: JsonObject, { tasks }: DeployOptions): { input: JsonObject; notices: PlanNotice[] } {
  const { taskDefinition: _, desiredCount: ofFile, ...others } = definition;
  if (definition.schedulingStrategy === "DAEMON") return { input: others, notices: [] };
  const desiredCount = typeof tasks === "number" ? tasks : numberIn(ofFile);
  if (desiredCount !== undefined) return { input: { ...others, desiredCount }, notices: [] };
  return { input: { ...others, desiredCount: 1 }, notices: [{ code: "createdWithOneTask" }] };
}
