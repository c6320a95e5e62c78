import {
  CreateServiceCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn, serviceName } from "../model/arn.ts";
import { readDeploymentSettings } from "../model/deployment_settings.ts";
import { readWaits } from "../model/waits.ts";
import { type JsonObject, objectIn, textsIn } from "../model/json.ts";
import type { EcsReader, EcsWriter, Pace } from "../model/ports.ts";
import type {
  Deployment,
  DescribedService,
  ServiceEvent,
  ServiceRef,
  ServiceSnapshot,
  TaskSet,
} from "../model/service.ts";
import { demandsWith, NO_DEMANDS, type ServiceDemands } from "../model/misfit.ts";
import type { ConnectionOptions } from "./connection.ts";
import { type EcsApi, type KnownEvents, withReadTags } from "./ecs_api.ts";
import { findUnkept } from "./find_unkept.ts";
import {
  count,
  inChunks,
  list,
  optionalText,
  optionalTimeMs,
  readAll,
  readAsked,
  readMissing,
  required,
  requiredList,
  text,
  toJson,
} from "./read_answer.ts";

/** How many services a call describes. */
export const MOST_SERVICES = 10;

/** A service that was read. `describe` holds AWS's whole answer, which takes several times the memory. */
export interface ReadService {
  readonly snapshot: ServiceSnapshot;
  readonly describe: () => DescribedService;
}

export type ServiceReader = (ref: ServiceRef, signal: AbortSignal, pace?: Pace) => Promise<ReadService | undefined>;

export function readService(api: EcsApi): ServiceReader {
  return (ref, signal, pace) => describeAs(api, ref, (service) => fromService(service, api.events), signal, pace);
}

function describeAs<Result>(
  api: EcsApi,
  { cluster, service }: ServiceRef,
  read: (service: sdk.Service) => Result,
  signal: AbortSignal,
  pace?: Pace,
): Promise<Result | undefined> {
  return api.withTags((tags) => {
    const command = new DescribeServicesCommand({ cluster, services: [service], ...tags });
    return api.read(command, signal, ({ services, failures }) => {
      const found = list(services, "services")[0];
      if (found === undefined) return readMissing(failures, "service");
      readAsked(found.serviceArn, service, "service");
      return read(withReadTags(found, tags));
    }, { pace });
  });
}

const PAGE_SIZE = 100;

/** The ARNs of services and of clusters. */
export function connectListings(api: EcsApi): Pick<EcsReader, "listServices" | "listClusters"> {
  return {
    listServices: (cluster, signal) =>
      api.list(
        (nextToken) => new ListServicesCommand({ cluster, maxResults: PAGE_SIZE, nextToken }),
        signal,
        ({ serviceArns }) => requiredList(serviceArns, "serviceArns").map((arn) => text(arn, "serviceArn")),
      ),
    listClusters: (signal) =>
      api.list(
        (nextToken) => new ListClustersCommand({ maxResults: PAGE_SIZE, nextToken }),
        signal,
        ({ clusterArns }) => requiredList(clusterArns, "clusterArns").map((arn) => text(arn, "clusterArn")),
      ),
  };
}

export function describeServices(api: EcsApi): EcsReader["describeServices"] {
  return (cluster, arns, signal) =>
    inChunks(arns, MOST_SERVICES, (services) => {
      const command = new DescribeServicesCommand({ cluster, services });
      return api.read(command, signal, ({ services: found, failures }) =>
        readAll(found, failures, services.length, "services").map((service) =>
          snapshotOf(service, api.events)
        ));
    });
}

export function awaitTurn({ rates }: ConnectionOptions): EcsReader["awaitTurn"] {
  return async (ref, signal) => await rates?.hold("UpdateService", holderOf(ref), signal);
}

const holderOf = ({ cluster, service }: ServiceRef) => `${cluster}/${service}`;

export function updateService(api: EcsApi): EcsWriter["updateService"] {
  return (ref, { taskDefinition, attributes = {} }, signal) => {
    const { cluster, service } = ref;
    const command = new UpdateServiceCommand({
      ...attributes as Partial<sdk.UpdateServiceCommandInput>,
      cluster,
      service,
      ...(taskDefinition !== undefined && { taskDefinition }),
    });
    // It has no client token: sent twice it may start two deployments.
    const read = (answer: sdk.UpdateServiceCommandOutput) => fromOrdered(attributes, answer.service, api.events);
    return api.change(command, "once", signal, read, { holder: holderOf(ref) });
  };
}

export function createService(api: EcsApi): EcsWriter["createService"] {
  return ({ cluster, service }, input, clientToken, signal) => {
    const members = { ...input as Partial<sdk.CreateServiceCommandInput>, cluster, serviceName: serviceName(service) };
    const command = new CreateServiceCommand({ ...members, clientToken });
    const confirm = async () => {
      const found = await describeAs(api, { cluster, service }, (one) => fromOrdered(input, one, api.events), signal);
      // One of another task definition is somebody else's.
      return found?.status === "ACTIVE" && found.taskDefinition === input.taskDefinition ? found : undefined;
    };
    // The token makes ECS create it once.
    const policy = { mayArriveTwice: true, confirm };
    return api.change(command, policy, signal, (answer) => fromOrdered(input, answer.service, api.events));
  };
}

/** Throws an UnreadableAnswer or a RangeError when the answer has not the shape that AWS promises. */
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

function snapshotOf(service: sdk.Service, known: KnownEvents): ServiceSnapshot {
  const taskDefinition = optionalText(service.taskDefinition, "taskDefinition");
  const arn = text(service.serviceArn, "serviceArn");
  return {
    arn,
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
    id: text(id, "event id"),
    createdAtMs: optionalTimeMs(createdAt, "event createdAt") ?? 0,
    message: text(message, "event message"),
  };
}

/** API reference, Deployment: ECS shows some of the settings in the PRIMARY deployment only. */
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
    id: text(taskSet.id, "taskSet.id"),
    status: text(taskSet.status, "taskSet.status"),
    taskDefinition: parseTaskDefinitionArn(text(taskSet.taskDefinition, "taskSet.taskDefinition")).arn,
    externalId: optionalText(taskSet.externalId, "externalId"),
    // AWS's own name for what a task set is to have of the service's tasks.
    desiredCount: count(taskSet.computedDesiredCount, "computedDesiredCount"),
    pendingCount: count(taskSet.pendingCount, "taskSet.pendingCount"),
    runningCount: count(taskSet.runningCount, "taskSet.runningCount"),
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
    ...networkOf(deployment),
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

function fromOrdered(order: JsonObject, answer: sdk.Service | undefined, known: KnownEvents): ServiceSnapshot {
  const service = required(answer, "service");
  const snapshot = snapshotOf(service, known);
  const unkept = findUnkept(order, toJson(service));
  return { ...snapshot, ...(unkept.length > 0 && { unkept }) };
}
