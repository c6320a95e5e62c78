/** Every operation that the emulator knows, by the name in `X-Amz-Target`. */
import type { Actions } from "./actions/action.ts";
import { actions as createService } from "./actions/create_service.ts";
import { actions as deleteService } from "./actions/delete_service.ts";
import { actions as deleteTaskDefinitions } from "./actions/delete_task_definitions.ts";
import { actions as deregisterTaskDefinition } from "./actions/deregister_task_definition.ts";
import { actions as describeServices } from "./actions/describe_services.ts";
import { actions as describeTaskDefinition } from "./actions/describe_task_definition.ts";
import { actions as ecsTags } from "./actions/ecs_tags.ts";
import { actions as listTaskDefinitions } from "./actions/list_task_definitions.ts";
import { actions as registerTaskDefinition } from "./actions/register_task_definition.ts";
import { actions as scalableTargets } from "./actions/scalable_targets.ts";
import { actions as scalingTags } from "./actions/scaling_tags.ts";
import { actions as serviceDeployments } from "./actions/service_deployments.ts";
import { actions as tasks } from "./actions/tasks.ts";
import { actions as updateService } from "./actions/update_service.ts";
import { invalidParameter, unknownOperation, validationException } from "./failure.ts";
import { Input, parseBody } from "./input.ts";
import type { JsonObject, World } from "./model.ts";

export type ServiceName = "ecs" | "autoscaling";

/** What tells the two services apart on the wire. */
const TARGET_PREFIXES: Record<string, ServiceName> = {
  AmazonEC2ContainerServiceV20141113: "ecs",
  AnyScaleFrontendService: "autoscaling",
};

const OPERATIONS: Record<ServiceName, Actions> = {
  ecs: {
    ...registerTaskDefinition,
    ...describeTaskDefinition,
    ...listTaskDefinitions,
    ...deregisterTaskDefinition,
    ...deleteTaskDefinitions,
    ...createService,
    ...updateService,
    ...deleteService,
    ...describeServices,
    ...tasks,
    ...serviceDeployments,
    ...ecsTags,
  },
  autoscaling: { ...scalableTargets, ...scalingTags },
};

const READS = /^(Describe|List)/;

/** Whether an operation leaves the world as it is. */
export function isRead(operation: string): boolean {
  return READS.test(operation);
}

/** The service and operation that an `X-Amz-Target` names. */
export function parseTarget(target: string): { service: ServiceName; operation: string } {
  const [prefix = "", operation = ""] = target.split(".");
  return { service: TARGET_PREFIXES[prefix] ?? "ecs", operation };
}

/** The error for a required member that is missing, in the words of the service. */
function missingMember(service: ServiceName) {
  return (member: string) =>
    service === "ecs" ? invalidParameter(`${member} cannot be null or empty.`) : validationException(
      `1 validation error detected: Value null at '${member[0]?.toLowerCase()}${member.slice(1)}' ` +
        "failed to satisfy constraint: Member must not be null",
    );
}

/** Carries out one operation. @throws AwsFailure for every error answer */
export function perform(world: World, target: string, body: string): JsonObject {
  const { service, operation } = parseTarget(target);
  const known = target.split(".")[0] ?? "";
  const action = known in TARGET_PREFIXES && Object.hasOwn(OPERATIONS[service], operation)
    ? OPERATIONS[service][operation]
    : undefined;
  if (!action) throw unknownOperation();
  return action(world, new Input(parseBody(body), missingMember(service)));
}
