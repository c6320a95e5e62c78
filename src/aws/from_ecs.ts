import type * as sdk from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn } from "../ecs/arn.ts";
import type { ContainerAttachment, Deployment, ServiceSnapshot } from "../ecs/service.ts";
import type { ContainerDefinition, TaskDefinition } from "../ecs/task_definition.ts";

/** Readers of the SDK's answers, in which every member is optional. What the program cannot do without is checked. */

/** Throws a TypeError when the answer lacks what every service has. */
export function fromService(service: sdk.Service): ServiceSnapshot {
  return {
    arn: required(service.serviceArn, "serviceArn"),
    clusterArn: required(service.clusterArn, "clusterArn"),
    name: required(service.serviceName, "serviceName"),
    status: required(service.status, "status"),
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    taskDefinition: service.taskDefinition,
    deploymentController: service.deploymentController?.type ?? "ECS",
    launchType: service.launchType ?? launchTypeOf(service.capacityProviderStrategy ?? []),
    hasAwsvpcConfiguration: service.networkConfiguration?.awsvpcConfiguration !== undefined,
    attachments: attachmentsOf(service),
    deployments: (service.deployments ?? []).map(fromDeployment),
    deploymentStrategy: service.deploymentConfiguration?.strategy ?? "ROLLING",
    currentServiceDeployment: service.currentServiceDeployment,
    codeDeployIds: (service.taskSets ?? []).flatMap(({ externalId }) => externalId === undefined ? [] : [externalId]),
    events: (service.events ?? []).flatMap(({ id, createdAt, message }) =>
      id === undefined || message === undefined ? [] : [{ id, createdAtMs: createdAt?.getTime() ?? 0, message }]
    ),
  };
}

function fromDeployment(deployment: sdk.Deployment): Deployment {
  return {
    id: required(deployment.id, "deployment id"),
    status: required(deployment.status, "deployment status"),
    taskDefinition: required(deployment.taskDefinition, "deployment taskDefinition"),
    desiredCount: deployment.desiredCount ?? 0,
    pendingCount: deployment.pendingCount ?? 0,
    runningCount: deployment.runningCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAtMs: deployment.createdAt?.getTime() ?? 0,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

/** Fargate's capacity providers mean its launch type; of the others only ECS knows what stands behind them. */
function launchTypeOf(strategy: readonly sdk.CapacityProviderStrategyItem[]): string | undefined {
  const isFargate = strategy.some(({ capacityProvider }) =>
    capacityProvider === "FARGATE" || capacityProvider === "FARGATE_SPOT"
  );
  return isFargate ? "FARGATE" : undefined;
}

function attachmentsOf({ loadBalancers = [], serviceRegistries = [] }: sdk.Service): ContainerAttachment[] {
  return [
    ...loadBalancers.map(({ targetGroupArn, loadBalancerName, containerName, containerPort }) => ({
      kind: "load balancer" as const,
      name: targetGroupArn ?? loadBalancerName ?? "without a name",
      containerName,
      containerPort,
    })),
    ...serviceRegistries.map(({ registryArn, containerName, containerPort }) => ({
      kind: "service registry" as const,
      name: registryArn ?? "without a name",
      containerName,
      containerPort,
    })),
  ];
}

/** Throws a TypeError or RangeError when the answer lacks what every task definition has. */
export function fromTaskDefinition(definition: sdk.TaskDefinition): TaskDefinition {
  const {
    taskDefinitionArn,
    family: _family,
    revision: _revision,
    status,
    networkMode,
    requiresCompatibilities,
    compatibilities,
    cpu,
    memory,
    taskRoleArn,
    executionRoleArn,
    containerDefinitions,
    // When and by whom it was registered is no part of what it does; what it requires follows from the rest.
    registeredAt: _registeredAt,
    registeredBy: _registeredBy,
    deregisteredAt: _deregisteredAt,
    deleteRequestedAt: _deleteRequestedAt,
    requiresAttributes: _requiresAttributes,
    ...others
  } = definition;
  return {
    ...parseTaskDefinitionArn(required(taskDefinitionArn, "taskDefinitionArn")),
    status: required(status, "status"),
    networkMode,
    requiresCompatibilities: requiresCompatibilities ?? [],
    compatibilities: compatibilities ?? [],
    cpu,
    memory,
    taskRoleArn,
    executionRoleArn,
    containers: (containerDefinitions ?? []).map(fromContainerDefinition),
    others: canonicalMembers(others),
  };
}

function fromContainerDefinition(container: sdk.ContainerDefinition): ContainerDefinition {
  const { name, image, cpu, memory, memoryReservation, environment, secrets, ...others } = container;
  return {
    name: required(name, "container name"),
    image,
    cpu,
    memory,
    memoryReservation,
    containerPorts: (container.portMappings ?? []).flatMap(({ containerPort }) =>
      containerPort === undefined ? [] : [containerPort]
    ),
    environment: new Map((environment ?? []).map((entry) => [entry.name ?? "", entry.value ?? ""])),
    secrets: new Map((secrets ?? []).map((entry) => [entry.name ?? "", entry.valueFrom ?? ""])),
    others: canonicalMembers(others),
  };
}

/** An empty list or object means the same to ECS as none at all, and it answers with either. */
function canonicalMembers(members: object): ReadonlyMap<string, string> {
  const entries = Object.entries(members).map(([key, value]) => [key, canonicalJson(value)] as const);
  return new Map(
    entries.filter(([, json]) => json !== undefined && json !== "[]" && json !== "{}") as [string, string][],
  );
}

/** JSON with its keys in order, so that equal values give equal texts. */
function canonicalJson(value: unknown): string | undefined {
  return JSON.stringify(
    value,
    (_key, nested) =>
      typeof nested === "object" && nested !== null && !Array.isArray(nested)
        ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => a < b ? -1 : 1))
        : nested,
  );
}

/** Throws a TypeError when the answer leaves out what the program cannot do without. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TypeError(`AWS's answer has no ${name}`);
  return value;
}

/** ECS names what it does not know in `failures`; an answer that names nothing at all says nothing: a TypeError. */
export function readMissing(
  failures: readonly { readonly reason?: string | undefined }[] | undefined,
  name: string,
): undefined {
  const reason = failures?.[0]?.reason;
  if (reason === "MISSING") return undefined;
  throw new TypeError(`AWS's answer has no ${name} (${reason ?? "no reason given"})`);
}
