/** The world's data in the shapes and units of the ECS and Application Auto Scaling APIs; services are in `service_shapes.ts`. */
import { runtimeIdOf } from "./container_logs.ts";
import type { JsonObject, ScalableTarget, ServiceRevision, Task, TaskDefinition, World } from "./model.ts";
import { filledDeployedMembers, filledLaunch } from "./service_defaults.ts";

/** Epoch seconds with fractions; absent stays absent. */
export function epochSeconds(atMs: number | undefined): number | undefined {
  return atMs === undefined ? undefined : atMs / 1000;
}

/** A task definition as RegisterTaskDefinition and DescribeTaskDefinition answer it. */
export function taskDefinitionShape(definition: TaskDefinition): JsonObject {
  return {
    ...definition.registered,
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: definition.status,
    registeredAt: epochSeconds(definition.registeredAtMs),
    deregisteredAt: epochSeconds(definition.deregisteredAtMs),
    deleteRequestedAt: epochSeconds(definition.deleteRequestedAtMs),
  };
}

/** Tags in ECS's spelling: `key` and `value`. */
export function tagList(tags: Record<string, string>): JsonObject[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** A task as DescribeTasks answers it. */
export function taskShape(task: Task, definition: TaskDefinition | undefined): JsonObject {
  const containers = (definition?.registered.containerDefinitions ?? []) as JsonObject[];
  return {
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: `service:${task.serviceName}`,
    startedBy: task.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.healthy ? "HEALTHY" : "UNKNOWN",
    createdAt: epochSeconds(task.createdAtMs),
    startedAt: epochSeconds(task.startedAtMs),
    stoppingAt: epochSeconds(task.stoppingAtMs),
    stoppedAt: epochSeconds(task.stoppedAtMs),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: containers.map(({ name, image }) => ({
      containerArn: `${task.arn.replace(":task/", ":container/")}/${name}`,
      name,
      image,
      imageDigest: task.startedAtMs === undefined ? undefined : task.imageDigests?.[String(name)],
      taskArn: task.arn,
      runtimeId: runtimeIdOf(task, String(name), definition),
      lastStatus: task.lastStatus === "PROVISIONING" ? "PENDING" : task.lastStatus,
      exitCode: task.exitCode,
      reason: task.containerReason,
    })),
    attributes: [],
    tags: [],
  };
}

/** A service revision as DescribeServiceRevisions answers it. */
export function serviceRevisionShape(
  world: World,
  revision: ServiceRevision,
  definition: TaskDefinition | undefined,
): JsonObject {
  const { launchType: _, capacityProviderStrategy: __, ...settings } = revision.settings;
  const containers = (definition?.registered.containerDefinitions ?? []) as JsonObject[];
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: revision.serviceArn,
    clusterArn: revision.clusterArn,
    taskDefinition: revision.taskDefinition,
    ...settings,
    ...filledLaunch(revision.settings, world, "deployment"),
    ...filledDeployedMembers(revision.settings, world),
    containerImages: containers.map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: revision.imageDigests[String(name)],
    })),
    createdAt: epochSeconds(revision.createdAtMs),
  };
}

/** A scalable target as DescribeScalableTargets answers it. */
export function scalableTargetShape(target: ScalableTarget): JsonObject {
  return {
    ServiceNamespace: target.serviceNamespace,
    ResourceId: target.resourceId,
    ScalableDimension: target.scalableDimension,
    MinCapacity: target.minCapacity,
    MaxCapacity: target.maxCapacity,
    RoleARN: target.roleArn,
    CreationTime: epochSeconds(target.createdAtMs),
    SuspendedState: { ...target.suspendedState },
    ScalableTargetARN: target.arn,
  };
}
