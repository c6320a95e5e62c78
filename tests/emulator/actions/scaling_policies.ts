/** PutScalingPolicy and DescribeScalingPolicies of Application Auto Scaling */
import type { ScalingPolicy } from "../auto_scaling.ts";
import { AwsFailure, validationException } from "../failure.ts";
import { newUuid } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { notEmulated } from "../not_emulated.ts";
import { pageOf } from "../pages.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";
import { DIMENSION, dimensionAlone, findTarget, keyOf } from "./scalable_targets.ts";

const CONFIGURATIONS = {
  TargetTrackingScaling: "TargetTrackingScalingPolicyConfiguration",
  StepScaling: "StepScalingPolicyConfiguration",
} as const;

function putScalingPolicy(world: World, input: Input): JsonObject {
  const key = keyOf(input);
  const name = input.requiredString("PolicyName");
  const target = findTarget(world, key);
  if (!target) {
    throw new AwsFailure("ObjectNotFoundException", `No scalable target registered for ${key.resourceId}`);
  }
  const type = (input.string("PolicyType") ?? "StepScaling") as keyof typeof CONFIGURATIONS;
  const member = CONFIGURATIONS[type];
  if (member === undefined) throw notEmulated(`a policy of the type ${type}`);
  const configuration = input.object(member);
  const other = Object.values(CONFIGURATIONS).find((one) => one !== member && input.has(one));
  if (other !== undefined) throw notEmulated(`${other} of a policy of the type ${type}`);
  if (!configuration) throw validationException(`${member} must be specified`);
  const { region, accountId } = world.settings;
  const earlier = world.scalingPolicies.find((one) => one.resourceId === key.resourceId && one.name === name);
  const arn = earlier?.arn ??
    `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${newUuid(world)}:resource/ecs/${key.resourceId}` +
      `:policyName/${name}`;
  const policy: ScalingPolicy = {
    name,
    arn,
    resourceId: key.resourceId,
    type,
    configuration: { [member]: configuration },
    createdAtMs: earlier?.createdAtMs ?? world.nowMs,
    disablesScaleIn: configuration.DisableScaleIn === true,
  };
  world.scalingPolicies = [...world.scalingPolicies.filter((one) => one !== earlier), policy];
  return { PolicyARN: arn, Alarms: [] };
}

function policyShape({ name, arn, resourceId, type, configuration, createdAtMs }: ScalingPolicy): JsonObject {
  return {
    PolicyARN: arn,
    PolicyName: name,
    ServiceNamespace: "ecs",
    ResourceId: resourceId,
    ScalableDimension: DIMENSION,
    PolicyType: type,
    ...configuration as JsonObject,
    Alarms: [],
    CreationTime: epochSeconds(createdAtMs),
  };
}

function describeScalingPolicies(world: World, input: Input): JsonObject {
  const namespace = input.requiredString("ServiceNamespace");
  const resourceId = input.string("ResourceId");
  if (input.has("ScalableDimension") && resourceId === undefined) throw dimensionAlone();
  const dimension = input.string("ScalableDimension") ?? DIMENSION;
  const names = input.strings("PolicyNames");
  const found = world.scalingPolicies.filter((one) =>
    namespace === "ecs" && dimension === DIMENSION && (resourceId === undefined || one.resourceId === resourceId) &&
    (!names?.length || names.includes(one.name))
  );
  const { items, nextToken } = pageOf(world, input, found, { default: 10, max: 10 }, {
    maxResults: "MaxResults",
    nextToken: "NextToken",
  }, (message) => new AwsFailure("InvalidNextTokenException", message));
  return { ScalingPolicies: items.map(policyShape), NextToken: nextToken };
}

export const actions: Actions = {
  PutScalingPolicy: putScalingPolicy,
  DescribeScalingPolicies: describeScalingPolicies,
};
