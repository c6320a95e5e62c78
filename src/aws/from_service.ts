import type * as sdk from "@aws-sdk/client-ecs";
import { readDeploymentSettings } from "../model/deployment_settings.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { Deployment, ServiceSnapshot, TaskSet } from "../model/service.ts";
import { demandsWith, NO_DEMANDS, type ServiceDemands } from "../model/misfit.ts";
import { count, list, optionalText, optionalTimeMs, text } from "./read_answer.ts";

/** Throws a TypeError or a RangeError when the answer has not the shape that AWS promises. */
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

/** API reference, Deployment: ECS shows some of the settings in the PRIMARY deployment only. */
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
