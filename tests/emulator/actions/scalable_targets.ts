/** DescribeScalableTargets, RegisterScalableTarget and DeregisterScalableTarget of Application Auto Scaling */
import { wakeSoon } from "../deployments.ts";
import { AwsFailure, validationException } from "../failure.ts";
import { newScalableTargetArn } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, ScalableTarget, Service, SuspendedState, World } from "../model.ts";
import { notEmulated } from "../not_emulated.ts";
import { pageOf } from "../pages.ts";
import { scalableTargetShape } from "../wire.ts";
import type { Actions } from "./action.ts";

const RESOURCE_ID = /^service\/([^/]+)\/([^/]+)$/;
export const DIMENSION = "ecs:service:DesiredCount";
const NOTHING_SUSPENDED: SuspendedState = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

interface TargetKey {
  serviceNamespace: string;
  resourceId: string;
  scalableDimension: string;
}

export function keyOf(input: Input): TargetKey {
  const key = {
    serviceNamespace: input.requiredString("ServiceNamespace"),
    resourceId: input.requiredString("ResourceId"),
    scalableDimension: input.requiredString("ScalableDimension"),
  };
  if (key.serviceNamespace !== "ecs") throw notEmulated(`ServiceNamespace ${key.serviceNamespace}`);
  if (key.scalableDimension !== DIMENSION) {
    throw validationException(`Unsupported scalable dimension: ${key.scalableDimension}`);
  }
  if (!RESOURCE_ID.test(key.resourceId)) throw validationException("Unsupported service resource id");
  return key;
}

/** "If you specify a scalable dimension, you must also specify a resource ID" (API reference). */
export const dimensionAlone = () => validationException("A resource ID must be specified with a scalable dimension.");

export function findTarget(world: World, { serviceNamespace, resourceId, scalableDimension }: TargetKey) {
  return world.scalableTargets.find((one) =>
    one.serviceNamespace === serviceNamespace && one.resourceId === resourceId &&
    one.scalableDimension === scalableDimension
  );
}

function scaledService(world: World, resourceId: string): Service {
  const [, clusterName, serviceName] = RESOURCE_ID.exec(resourceId) ?? [];
  const cluster = world.clusters.find(({ name }) => name === clusterName);
  const service = world.services.find((one) =>
    one.clusterArn === cluster?.arn && one.name === serviceName && one.status === "ACTIVE"
  );
  if (!service) throw validationException(`ECS service doesn't exist: ${resourceId}`);
  return service;
}

/** Registering brings the current capacity between min and max, also when the request names neither. */
function clamp(world: World, service: Service, { minCapacity, maxCapacity }: ScalableTarget): void {
  const within = Math.min(maxCapacity, Math.max(minCapacity, service.desiredCount));
  if (within === service.desiredCount) return;
  service.desiredCount = within;
  wakeSoon(world, service);
}

function registerScalableTarget(world: World, input: Input): JsonObject {
  const key = keyOf(input);
  const [minCapacity, maxCapacity] = [input.integer("MinCapacity"), input.integer("MaxCapacity")];
  const existing = findTarget(world, key);
  const service = scaledService(world, key.resourceId);
  if (!existing && (minCapacity === undefined || maxCapacity === undefined)) {
    throw validationException("MinCapacity and MaxCapacity must be specified when registering a new scalable target");
  }
  const target: ScalableTarget = existing ?? {
    ...key,
    minCapacity: minCapacity ?? 0,
    maxCapacity: maxCapacity ?? 0,
    roleArn:
      `arn:aws:iam::${world.settings.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/` +
      "AWSServiceRoleForApplicationAutoScaling_ECSService",
    createdAtMs: world.nowMs,
    suspendedState: { ...NOTHING_SUSPENDED },
    arn: newScalableTargetArn(world),
    tags: {},
  };
  // "To tag an existing scalable target, use the TagResource operation" (API reference); what AWS does here it does not say.
  if (existing && input.has("Tags")) throw notEmulated("Tags of a scalable target that is there already");
  const [min, max] = [minCapacity ?? target.minCapacity, maxCapacity ?? target.maxCapacity];
  if (min < 0 || max < min) throw validationException("Minimum capacity cannot be greater than maximum capacity");
  Object.assign(target, { minCapacity: min, maxCapacity: max });
  Object.assign(target.suspendedState, input.object("SuspendedState") ?? {});
  if (!existing) {
    world.scalableTargets.push(target);
    Object.assign(target.tags, input.object("Tags") ?? {});
  }
  clamp(world, service, target);
  return { ScalableTargetARN: target.arn };
}

function describeScalableTargets(world: World, input: Input): JsonObject {
  const namespace = input.requiredString("ServiceNamespace");
  const resourceIds = input.strings("ResourceIds");
  const dimension = input.string("ScalableDimension");
  if (dimension !== undefined && !resourceIds?.length) throw dimensionAlone();
  if (resourceIds && resourceIds.length > 50) throw validationException("ResourceIds: at most 50 are allowed");
  const found = world.scalableTargets.filter((one) =>
    one.serviceNamespace === namespace &&
    (dimension === undefined || one.scalableDimension === dimension) &&
    (!resourceIds?.length || resourceIds.includes(one.resourceId))
  );
  const { items, nextToken } = pageOf(world, input, found, { default: 50, max: 50 }, {
    maxResults: "MaxResults",
    nextToken: "NextToken",
  }, (message) => new AwsFailure("InvalidNextTokenException", message));
  return { ScalableTargets: items.map(scalableTargetShape), NextToken: nextToken };
}

function deregisterScalableTarget(world: World, input: Input): JsonObject {
  const key = keyOf(input);
  const target = findTarget(world, key);
  if (!target) {
    throw new AwsFailure(
      "ObjectNotFoundException",
      `No scalable target found for service namespace: ecs, resource ID: ${key.resourceId}, scalable dimension: ${DIMENSION}`,
    );
  }
  world.scalableTargets = world.scalableTargets.filter((one) => one !== target);
  world.scalingPolicies = world.scalingPolicies.filter(({ resourceId }) => resourceId !== key.resourceId);
  return {};
}

export const actions: Actions = {
  RegisterScalableTarget: registerScalableTarget,
  DescribeScalableTargets: describeScalableTargets,
  DeregisterScalableTarget: deregisterScalableTarget,
};
