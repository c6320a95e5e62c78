/**
 * What scaling policies do: they bring the desired count to what the load calls for, within the scalable target's limits.
 * During a deployment scale-in is off and scale-out goes on:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
import { serviceDeploymentInProgress, wakeSoon } from "./deployments.ts";
import { nameOf } from "./identifiers.ts";
import type { Service, World } from "./model.ts";

/** A scaling policy of a scalable target. */
export interface ScalingPolicy {
  name: string;
  arn: string;
  resourceId: string;
  type: "TargetTrackingScaling" | "StepScaling";
  /** As it was put, by the name of its member. */
  configuration: Record<string, unknown>;
  createdAtMs: number;
  disablesScaleIn: boolean;
}

/** Says how many tasks the load calls for. Policies act by it from now on. */
export function setLoad(world: World, resourceId: string, tasks: number): void {
  world.loads[resourceId] = tasks;
  const service = world.services.find((one) => resourceIdOf(one) === resourceId);
  if (service) scale(world, service);
}

/** Lets the policies of a service set its desired count, where they have reason to. */
export function scale(world: World, service: Service): void {
  const resourceId = resourceIdOf(service);
  const load = world.loads[resourceId];
  const target = world.scalableTargets.find((one) => one.resourceId === resourceId);
  const policies = world.scalingPolicies.filter((one) => one.resourceId === resourceId);
  if (load === undefined || !target || policies.length === 0 || service.status !== "ACTIVE") return;
  const { minCapacity, maxCapacity, suspendedState } = target;
  const wanted = Math.min(maxCapacity, Math.max(minCapacity, load));
  const scalesOut = wanted > service.desiredCount && !suspendedState.DynamicScalingOutSuspended;
  const scalesIn = wanted < service.desiredCount && !suspendedState.DynamicScalingInSuspended &&
    !serviceDeploymentInProgress(world, service) && policies.some(({ disablesScaleIn }) => !disablesScaleIn);
  if (!scalesOut && !scalesIn) return;
  service.desiredCount = wanted;
  wakeSoon(world, service);
}

function resourceIdOf({ clusterArn, name }: Service): string {
  return `service/${nameOf(clusterArn)}/${name}`;
}
