import type * as sdk from "@aws-sdk/client-ecs";
import { readDeploymentSettings } from "../model/deployment_settings.ts";
import { TASK_DEFINITION_ANSWER_ONLY } from "../model/read_only_fields.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { Deployment, ServiceSnapshot, TaskSet } from "../model/service.ts";
import { demandsWith, NO_DEMANDS, type ServiceDemands } from "../model/service_demands.ts";
import type { ContainerDefinition, TaskDefinition } from "../model/task_definition.ts";
import { readLaunchVolumes, readOperatingSystem, readPorts } from "../model/task_supply.ts";
import { count, list, optionalCount, optionalText, optionalTimeMs, text } from "./read_answer.ts";
import { readDefinition } from "./read_definition.ts";

/** Readers of ECS's answers. Each throws a TypeError or a RangeError when the answer has not the shape that AWS promises. */

export function fromService(service: sdk.Service): ServiceSnapshot {
  const taskDefinition = optionalText(service.taskDefinition, "taskDefinition");
  return {
    arn: text(service.serviceArn, "serviceArn"),
    clusterArn: text(service.clusterArn, "clusterArn"),
    name: text(service.serviceName, "serviceName"),
    status: text(service.status, "status"),
    desiredCount: count(service.desiredCount, "desiredCount"),
    runningCount: count(service.runningCount, "runningCount"),
    pendingCount: count(service.pendingCount, "pendingCount"),
    taskDefinition: taskDefinition && parseTaskDefinitionArn(taskDefinition).arn,
    deploymentController: optionalText(service.deploymentController?.type, "deploymentController") ?? "ECS",
    schedulingStrategy: optionalText(service.schedulingStrategy, "schedulingStrategy") ?? "REPLICA",
    ...demandsOf(service),
    deployments: list(service.deployments, "deployments").map(fromDeployment),
    deploymentStrategy: optionalText(service.deploymentConfiguration?.strategy, "strategy") ?? "ROLLING",
    deploymentSettings: readDeploymentSettings(service.deploymentConfiguration as JsonObject | undefined),
    currentServiceDeployment: optionalText(service.currentServiceDeployment, "currentServiceDeployment"),
    taskSets: list(service.taskSets, "taskSets").map(fromTaskSet),
    events: list(service.events, "events").map(({ id, createdAt, message }) => ({
      id: text(id, "event id"),
      createdAtMs: optionalTimeMs(createdAt, "event createdAt") ?? 0,
      message: text(message, "event message"),
    })),
  };
}

/** API reference, Deployment: some of the settings are answered in the PRIMARY deployment only. */
function demandsOf(service: sdk.Service): ServiceDemands {
  const primary = list(service.deployments, "deployments").find(({ status }) => status === "PRIMARY");
  const { launchType, capacityProviderStrategy, networkConfiguration, loadBalancers, serviceRegistries } = service;
  const { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations } = primary ?? {};
  const settings = {
    launchType,
    capacityProviderStrategy,
    networkConfiguration,
    loadBalancers,
    serviceRegistries,
    serviceConnectConfiguration,
    volumeConfigurations,
    vpcLatticeConfigurations,
  };
  const unknown = {
    ...NO_DEMANDS,
    platformFamily: optionalText(service.platformFamily, "platformFamily"),
    ...(primary === undefined && { volumeNames: undefined }),
  };
  return demandsWith(unknown, settings as unknown as JsonObject);
}

function fromTaskSet(taskSet: sdk.TaskSet): TaskSet {
  return {
    id: text(taskSet.id, "task set id"),
    status: text(taskSet.status, "task set status"),
    taskDefinition: parseTaskDefinitionArn(text(taskSet.taskDefinition, "task set taskDefinition")).arn,
    externalId: optionalText(taskSet.externalId, "externalId"),
    // AWS's own name for what a task set is to have of the service's tasks.
    desiredCount: count(taskSet.computedDesiredCount, "computedDesiredCount"),
    pendingCount: count(taskSet.pendingCount, "task set pendingCount"),
    runningCount: count(taskSet.runningCount, "task set runningCount"),
    stabilityStatus: optionalText(taskSet.stabilityStatus, "stabilityStatus"),
  };
}

function fromDeployment(deployment: sdk.Deployment): Deployment {
  return {
    id: text(deployment.id, "deployment id"),
    status: text(deployment.status, "deployment status"),
    taskDefinition: parseTaskDefinitionArn(text(deployment.taskDefinition, "deployment taskDefinition")).arn,
    desiredCount: count(deployment.desiredCount, "deployment desiredCount"),
    pendingCount: count(deployment.pendingCount, "deployment pendingCount"),
    runningCount: count(deployment.runningCount, "deployment runningCount"),
    failedTasks: count(deployment.failedTasks, "deployment failedTasks"),
    createdAtMs: optionalTimeMs(deployment.createdAt, "deployment createdAt") ?? 0,
    rolloutState: optionalText(deployment.rolloutState, "rolloutState"),
    rolloutStateReason: optionalText(deployment.rolloutStateReason, "rolloutStateReason"),
  };
}

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
    registeredAt,
    registeredBy: _registeredBy,
    deregisteredAt: _deregisteredAt,
    deleteRequestedAt: _deleteRequestedAt,
    requiresAttributes: _requiresAttributes,
    ...others
  } = definition;
  const texts = (values: readonly unknown[] | undefined, name: string) =>
    list(values, name).map((value) => text(value, name));
  return {
    ...parseTaskDefinitionArn(text(taskDefinitionArn, "taskDefinitionArn")),
    status: text(status, "status"),
    registeredAtMs: optionalTimeMs(registeredAt, "registeredAt"),
    networkMode: optionalText(networkMode, "networkMode"),
    requiresCompatibilities: texts(requiresCompatibilities, "requiresCompatibilities"),
    compatibilities: texts(compatibilities, "compatibilities"),
    operatingSystem: readOperatingSystem(definition.runtimePlatform),
    launchVolumes: readLaunchVolumes(definition.volumes),
    cpu: optionalText(cpu, "cpu"),
    memory: optionalText(memory, "memory"),
    taskRoleArn: optionalText(taskRoleArn, "taskRoleArn"),
    executionRoleArn: optionalText(executionRoleArn, "executionRoleArn"),
    containers: list(containerDefinitions, "containerDefinitions").map(fromContainerDefinition),
    others: canonicalMembers(others),
    unknownMembers: unknownMembersOf(definition as unknown as JsonObject),
  };
}

/** What is unknown may be a member of answers only, or one that RegisterTaskDefinition takes: the model does not tell. */
function unknownMembersOf(definition: JsonObject): string[] {
  const { problems } = readDefinition("taskDefinition", definition);
  return problems.filter(({ isUnknown, path: [first] }) =>
    isUnknown && !TASK_DEFINITION_ANSWER_ONLY.includes(String(first))
  ).map(({ path }) => pathByNames(definition, path));
}

/** Elements of a list are named by their own names, where they have one. */
function pathByNames(definition: JsonObject, path: readonly (string | number)[]): string {
  let part: unknown = definition;
  return path.map((step) => {
    part = (part as Readonly<Record<string | number, unknown>>)[step];
    const { name } = (part ?? {}) as { readonly name?: unknown };
    return typeof step === "number" && typeof name === "string" ? name : String(step);
  }).join(".");
}

function fromContainerDefinition(container: sdk.ContainerDefinition): ContainerDefinition {
  const { name, image, cpu, memory, memoryReservation, environment, secrets, ...others } = container;
  return {
    name: text(name, "container name"),
    image: optionalText(image, "image"),
    cpu: optionalCount(cpu, "container cpu"),
    memory: optionalCount(memory, "container memory"),
    memoryReservation: optionalCount(memoryReservation, "memoryReservation"),
    ...readPorts(container.portMappings),
    environment: new Map(
      list(environment, "environment").map((
        { name, value },
      ) => [text(name, "environment name"), optionalText(value, "environment value") ?? ""]),
    ),
    secrets: new Map(
      list(secrets, "secrets").map(({ name, valueFrom }) => [text(name, "secret name"), text(valueFrom, "valueFrom")]),
    ),
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
