/** The world's data in the shapes and units of the ECS and Application Auto Scaling APIs; services are in `service_shapes.ts`. */
import { runtimeIdOf } from "./container_logs.ts";
import type { Json, JsonObject, ScalableTarget, Task, TaskDefinition, World } from "./model.ts";
import type { ServiceRevision } from "./service_deployment_model.ts";
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
export function taskShape({ nowMs }: World, task: Task, definition: TaskDefinition | undefined): JsonObject {
  const definitions = (definition?.registered.containerDefinitions ?? []) as JsonObject[];
  const containers = definitions.map((container) => ({
    ...containerShape(task, container, nowMs),
    runtimeId: runtimeIdOf(task, String(container.name), definition),
  }));
  return {
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: `service:${task.serviceName}`,
    startedBy: task.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: taskHealth(definitions, containers),
    createdAt: epochSeconds(task.createdAtMs),
    startedAt: epochSeconds(task.startedAtMs),
    stoppingAt: epochSeconds(task.stoppingAtMs),
    executionStoppedAt: epochSeconds(task.executionStoppedAtMs),
    stoppedAt: epochSeconds(task.stoppedAtMs),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    cpu: asText(definition?.registered.cpu),
    memory: asText(definition?.registered.memory),
    containers,
    attributes: [],
    tags: [],
  };
}

/** ECS says of no container when it has ended: `lastStatus` shows it, while others of the task still run. */
function containerShape(task: Task, container: JsonObject, nowMs: number): JsonObject {
  const { name, image, healthCheck, cpu, memory, memoryReservation } = container;
  const ending = task.endings?.[String(name)];
  const hasEnded = ending !== undefined && ending.endsAtMs <= nowMs;
  return {
    containerArn: `${task.arn.replace(":task/", ":container/")}/${name}`,
    name,
    image,
    imageDigest: task.startedAtMs === undefined ? undefined : task.imageDigests?.[String(name)],
    taskArn: task.arn,
    lastStatus: hasEnded ? "STOPPED" : task.startedAtMs === undefined ? "PENDING" : "RUNNING",
    exitCode: hasEnded ? ending.exitCode : undefined,
    reason: hasEnded ? ending.reason : undefined,
    cpu: asText(cpu ?? 0),
    memory: asText(memory),
    memoryReservation: asText(memoryReservation),
    healthStatus: ending?.healthStatus ?? (healthCheck !== undefined && task.healthy ? "HEALTHY" : "UNKNOWN"),
  };
}

/** ECS answers the sizes of tasks and containers as text. */
function asText(size: Json | undefined): string | undefined {
  return size === undefined ? undefined : String(size);
}

/**
 * By the essential containers that have a health check.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
 */
function taskHealth(definitions: readonly JsonObject[], containers: readonly JsonObject[]): string {
  const isChecked = ({ name, essential, healthCheck }: JsonObject) =>
    essential !== false && (healthCheck !== undefined || isUnhealthy(containers.find((one) => one.name === name)));
  const checked = definitions.filter(isChecked).map(({ name }) => containers.find((one) => one.name === name));
  if (checked.some(isUnhealthy)) return "UNHEALTHY";
  return checked.length > 0 && checked.every((one) => one?.healthStatus === "HEALTHY") ? "HEALTHY" : "UNKNOWN";
}

function isUnhealthy(container: JsonObject | undefined): boolean {
  return container?.healthStatus === "UNHEALTHY";
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
