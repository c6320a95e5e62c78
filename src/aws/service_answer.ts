import type * as sdk from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import { readDeploymentSettings } from "../model/deployment_settings.ts";
import { type JsonObject, objectIn, textsIn } from "../model/json.ts";
import { demandsWith, NO_DEMANDS, type ServiceDemands } from "../model/misfit.ts";
import type { Deployment, DescribedService, ServiceEvent, ServiceSnapshot, TaskSet } from "../model/service.ts";
import { readWaits } from "../model/waits.ts";
import type { KnownEvents } from "./ecs_api.ts";
import { findUnkept } from "./find_unkept.ts";
import { count, list, optionalText, optionalTimeMs, required, text, toJson } from "./read_answer.ts";

/** A service that was read. `describe` keeps AWS's whole answer, which takes several times the memory. */
export interface ReadService {
  readonly snapshot: ServiceSnapshot;
  readonly describe: () => DescribedService;
}

/** Reads a service. Throws an UnreadableAnswer or a RangeError when it does not have the shape that AWS promises. */
export function fromService(service: sdk.Service, known: KnownEvents): ReadService {
  const snapshot = snapshotOf(service, known);
  let raw: JsonObject | undefined;
  const describe = () => ({
    ...snapshot,
    get raw() {
      return raw ??= toJson(service);
    },
  });
  return { snapshot, describe };
}

export function snapshotOf(service: sdk.Service, known: KnownEvents): ServiceSnapshot {
  const taskDefinition = optionalText(service.taskDefinition, "taskDefinition");
  const arn = text(service.serviceArn, "serviceArn");
  return {
    arn,
    clusterArn: text(service.clusterArn, "clusterArn"),
    name: text(service.serviceName, "serviceName"),
    status: text(service.status, "status"),
    desiredCount: count(service.desiredCount, "desiredCount"),
    runningCount: count(service.runningCount, "runningCount"),
    taskDefinition: taskDefinition && parseTaskDefinitionArn(taskDefinition).arn,
    deploymentController: optionalText(service.deploymentController?.type, "deploymentController") ?? "ECS",
    schedulingStrategy: optionalText(service.schedulingStrategy, "schedulingStrategy") ?? "REPLICA",
    ...demandsOf(service),
    deployments: list(service.deployments, "deployments").map(fromDeployment),
    deploymentStrategy: optionalText(service.deploymentConfiguration?.strategy, "strategy") ?? "ROLLING",
    deploymentSettings: readDeploymentSettings(service.deploymentConfiguration as JsonObject | undefined),
    waits: readWaits(objectIn(service.deploymentConfiguration)),
    currentServiceDeployment: optionalText(service.currentServiceDeployment, "currentServiceDeployment"),
    serviceRevisionArns: list(service.currentServiceRevisions, "currentServiceRevisions")
      .flatMap(({ arn }) => optionalText(arn, "serviceRevision.arn") ?? []),
    taskSets: list(service.taskSets, "taskSets").map(fromTaskSet),
    events: known.of(arn, list(service.events, "events").map(fromEvent)),
  };
}

function fromEvent({ id, createdAt, message }: sdk.ServiceEvent): ServiceEvent {
  return {
    id: text(id, "event.id"),
    createdAtMs: optionalTimeMs(createdAt, "event.createdAt") ?? 0,
    message: text(message, "event.message"),
  };
}

/** What the service demands of a task definition. Some settings are in the PRIMARY deployment only (API reference). */
function demandsOf(service: sdk.Service): ServiceDemands {
  const primary = list(service.deployments, "deployments").find(({ status }) => status === "PRIMARY");
  const { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations } = primary ?? {};
  const settings = { ...service, serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations };
  const unknown = {
    ...NO_DEMANDS,
    platformFamily: optionalText(service.platformFamily, "platformFamily"),
    ...(primary === undefined && { volumeNames: undefined }),
  };
  return demandsWith(unknown, settings as object as JsonObject);
}

function fromTaskSet(taskSet: sdk.TaskSet): TaskSet {
  return {
    ...readTasksOf(taskSet, "taskSet."),
    externalId: optionalText(taskSet.externalId, "externalId"),
    // AWS's name for the number of the service's tasks that a task set is to have.
    desiredCount: count(taskSet.computedDesiredCount, "computedDesiredCount"),
    stabilityStatus: optionalText(taskSet.stabilityStatus, "stabilityStatus"),
  };
}

function fromDeployment(deployment: sdk.Deployment): Deployment {
  return {
    ...readTasksOf(deployment, "deployment."),
    desiredCount: count(deployment.desiredCount, "deployment.desiredCount"),
    failedTasks: count(deployment.failedTasks, "deployment.failedTasks"),
    createdAtMs: optionalTimeMs(deployment.createdAt, "deployment.createdAt") ?? 0,
    rolloutState: optionalText(deployment.rolloutState, "rolloutState"),
    rolloutStateReason: optionalText(deployment.rolloutStateReason, "rolloutStateReason"),
    ...networkOf(deployment),
  };
}

/** Reads what deployments and task sets have in common; `of` goes before the names of members in errors. */
function readTasksOf(part: sdk.Deployment | sdk.TaskSet, of: string) {
  return {
    id: text(part.id, `${of}id`),
    status: text(part.status, `${of}status`),
    taskDefinition: parseTaskDefinitionArn(text(part.taskDefinition, `${of}taskDefinition`)).arn,
    pendingCount: count(part.pendingCount, `${of}pendingCount`),
    runningCount: count(part.runningCount, `${of}runningCount`),
  };
}

function networkOf({ networkConfiguration }: sdk.Deployment): Pick<Deployment, "network"> {
  const { subnets, securityGroups, assignPublicIp } = networkConfiguration?.awsvpcConfiguration ?? {};
  if (subnets === undefined) return {};
  return {
    network: {
      subnets: textsIn(subnets).toSorted(),
      securityGroups: textsIn(securityGroups).toSorted(),
      assignPublicIp: optionalText(assignPublicIp, "assignPublicIp"),
    },
  };
}

export function fromOrdered(order: JsonObject, answer: sdk.Service | undefined, known: KnownEvents): ServiceSnapshot {
  const service = required(answer, "service");
  const snapshot = snapshotOf(service, known);
  const unkept = findUnkept(order, toJson(service));
  return { ...snapshot, ...(unkept.length > 0 && { unkept }) };
}
