/** Every operation that the emulator knows, by service and name. */
import type { Actions } from "./actions/action.ts";
import { actions as assumeRole } from "./actions/assume_role.ts";
import { actions as createService } from "./actions/create_service.ts";
import { actions as createTaskSet } from "./actions/create_task_set.ts";
import { actions as deleteService } from "./actions/delete_service.ts";
import { actions as deleteTaskDefinitions } from "./actions/delete_task_definitions.ts";
import { actions as deregisterTaskDefinition } from "./actions/deregister_task_definition.ts";
import { actions as describeAlarms } from "./actions/describe_alarms.ts";
import { actions as describeKey } from "./actions/describe_key.ts";
import { actions as describeParameters } from "./actions/describe_parameters.ts";
import { actions as describeSubnets } from "./actions/describe_subnets.ts";
import { actions as describeImages } from "./actions/describe_images.ts";
import { actions as describeLogGroups } from "./actions/describe_log_groups.ts";
import { actions as describePullThroughCacheRules } from "./actions/describe_pull_through_cache_rules.ts";
import { actions as describeServices } from "./actions/describe_services.ts";
import { actions as describeTargetGroups } from "./actions/describe_target_groups.ts";
import { actions as describeTaskDefinition } from "./actions/describe_task_definition.ts";
import { actions as ecsTags } from "./actions/ecs_tags.ts";
import { actions as fileSystems } from "./actions/file_systems.ts";
import { actions as s3Objects } from "./actions/s3_objects.ts";
import { actions as getMetricData } from "./actions/get_metric_data.ts";
import { actions as getLogEvents } from "./actions/get_log_events.ts";
import { actions as getParameter } from "./actions/get_parameter.ts";
import { actions as getRole } from "./actions/get_role.ts";
import { actions as listTaskDefinitions } from "./actions/list_task_definitions.ts";
import { actions as registerTaskDefinition } from "./actions/register_task_definition.ts";
import { actions as scalableTargets } from "./actions/scalable_targets.ts";
import { actions as scalingPolicies } from "./actions/scaling_policies.ts";
import { actions as scalingTags } from "./actions/scaling_tags.ts";
import { actions as secrets } from "./actions/secrets.ts";
import { actions as serviceDeployments } from "./actions/service_deployments.ts";
import { actions as simulatePrincipalPolicy } from "./actions/simulate_principal_policy.ts";
import { actions as stacks } from "./actions/stacks.ts";
import { actions as tasks } from "./actions/tasks.ts";
import { actions as updateService } from "./actions/update_service.ts";
import { acceptRequest } from "./api/accept_request.ts";
import { checkAnswer, checkRefusal } from "./api/check_answer.ts";
import { missingMember } from "./api/refusals.ts";
import { AwsFailure, unknownOperation } from "./failure.ts";
import { Input } from "./input.ts";
import type { JsonObject, World } from "./model.ts";
import { checkHeeded } from "./not_emulated.ts";
import type { Asked, ServiceName } from "./protocols/protocol.ts";
import { recordReads } from "./recording.ts";

const OPERATIONS: Record<ServiceName, Actions> = {
  ecs: {
    ...registerTaskDefinition,
    ...describeTaskDefinition,
    ...listTaskDefinitions,
    ...deregisterTaskDefinition,
    ...deleteTaskDefinitions,
    ...createService,
    ...createTaskSet,
    ...updateService,
    ...deleteService,
    ...describeServices,
    ...tasks,
    ...serviceDeployments,
    ...ecsTags,
  },
  autoscaling: { ...scalableTargets, ...scalingPolicies, ...scalingTags },
  ssm: { ...getParameter, ...describeParameters },
  secretsmanager: secrets,
  ecr: { ...describeImages, ...describePullThroughCacheRules },
  cloudwatch: { ...describeAlarms, ...getMetricData },
  cloudformation: stacks,
  logs: { ...describeLogGroups, ...getLogEvents },
  iam: { ...getRole, ...simulatePrincipalPolicy },
  sts: assumeRole,
  s3: s3Objects,
  efs: fileSystems,
  elbv2: describeTargetGroups,
  ec2: describeSubnets,
  kms: describeKey,
};

const READS = /^(Describe|List|Get|Head|Simulate)/;

/** Whether an operation leaves the world as it is. */
export function isRead(operation: string): boolean {
  return READS.test(operation);
}

/** The operations of a service that the emulator carries out. */
export function operationsOf(service: ServiceName): string[] {
  return Object.keys(OPERATIONS[service]);
}

/**
 * Carries out one operation.
 *
 * @throws AwsFailure for every error answer, Error for an answer that AWS could not give: a defect of the action
 */
export function perform(world: World, { service, operation, members }: Asked): JsonObject {
  const action = Object.hasOwn(OPERATIONS[service], operation) ? OPERATIONS[service][operation] : undefined;
  if (!action) throw unknownOperation(operation);
  const accepted = acceptRequest(service, operation, members(), world.settings);
  checkHeeded(service, operation, accepted);
  const missing = (member: string) => missingMember(service, member);
  let output: JsonObject;
  try {
    output = action(world, new Input(accepted, missing, recordReads(service, operation)));
  } catch (error) {
    if (error instanceof AwsFailure) checkRefusal(service, operation, error);
    throw error;
  }
  checkAnswer(service, operation, output, world.settings);
  return output;
}
