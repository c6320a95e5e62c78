import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import { readDeploymentSettings } from "../model/deployment_settings.ts";
import { type JsonObject, objectIn, textsIn } from "../model/json.ts";
import { NEW_SERVICE, requirementsWith, type ServiceRequirements } from "../model/misfit.ts";
import type { EcsReader, Priority } from "../model/ports.ts";
import type {
  Deployment,
  DescribedService,
  ServiceEvent,
  ServiceRef,
  ServiceSnapshot,
  TaskSet,
} from "../model/service.ts";
import { readWaits } from "../model/waits.ts";
import type { EcsApi } from "./ecs_api.ts";
import {
  checkAsked,
  count,
  inChunks,
  list,
  maskedText,
  optionalText,
  optionalTimeMs,
  readAll,
  readMissing,
  text,
  toJson,
} from "./read_answer.ts";

/** How many services one call describes. */
export const SERVICES_PER_CALL = 10;

const describeServices = (which: sdk.DescribeServicesCommandInput) => new DescribeServicesCommand(which);

/** A service that was read. `describe` keeps AWS's whole answer, which takes several times the memory. */
export interface ReadService {
  readonly snapshot: ServiceSnapshot;
  readonly describe: () => DescribedService;
}

/** Reads one service; `undefined` where ECS does not know it. */
export type ReadOne = (ref: ServiceRef, signal: AbortSignal, priority?: Priority) => Promise<ReadService | undefined>;

/** Reads services, each with its tags where AWS shows these. */
export class ServiceReader {
  readonly #events = new KnownEvents();

  constructor(private readonly api: EcsApi) {}

  readonly readOne: ReadOne = ({ cluster, service }, signal, priority) =>
    this.readSeveral(cluster, [service], signal, ({ services, failures }, read) => {
      const found = list(services, "services")[0];
      if (found === undefined) return readMissing(failures, "service");
      checkAsked(found.serviceArn, service, "service");
      return read(found);
    }, priority);

  /** Describes up to `SERVICES_PER_CALL` services. `readAnswer` gets the answer, and a function that reads a service. */
  readSeveral<Result>(
    cluster: string,
    services: string[],
    signal: AbortSignal,
    readAnswer: (answer: sdk.DescribeServicesCommandOutput, read: (service: sdk.Service) => ReadService) => Result,
    priority?: Priority,
  ): Promise<Result> {
    return this.api.withTags((tags) => {
      // Where tags were not asked for, they stay unknown.
      const read = (service: sdk.Service) =>
        this.read(tags.include === undefined ? service : { ...service, tags: service.tags ?? [] });
      const command = describeServices({ cluster, services, ...tags });
      return this.api.read(command, signal, (answer) => readAnswer(answer, read), { priority });
    });
  }

  /** Describes any number of services of a cluster. Returns what `read` makes of each. */
  describeAll<Result>(
    { cluster, arns, include }: { cluster: string; arns: readonly string[]; include?: sdk.ServiceField[] },
    signal: AbortSignal,
    read: (service: sdk.Service) => Result,
  ): Promise<readonly Result[]> {
    return inChunks(arns, SERVICES_PER_CALL, (services) => {
      const readAnswer = ({ services: found, failures }: sdk.DescribeServicesCommandOutput) =>
        readAll(found, failures, services.length, "services").map(read);
      return this.api.read(describeServices({ cluster, services, include }), signal, readAnswer);
    });
  }

  /** Reads what AWS shows of a service. Throws an UnreadableAnswer or a RangeError where its shape is wrong. */
  read(service: sdk.Service): ReadService {
    const snapshot = snapshotOf(service, this.#events, this.api.mask);
    let raw: JsonObject | undefined;
    const describe = () => ({
      ...snapshot,
      get raw() {
        return raw ??= toJson(service);
      },
    });
    return { snapshot, describe };
  }
}

/** Describes one service with AWS's whole answer, or looks at what is known of it without that. */
export function connectService(readOne: ReadOne): Pick<EcsReader, "describeService" | "readSnapshot"> {
  return {
    describeService: async (ref, signal) => (await readOne(ref, signal))?.describe(),
    readSnapshot: async (ref, signal, priority) => (await readOne(ref, signal, priority))?.snapshot,
  };
}

/** An event as AWS words it, and as it is shown: secret values are hidden before anybody takes its words apart. */
interface KnownEvent {
  readonly said: string;
  readonly event: ServiceEvent;
}

/** The events of services. Up to a hundred come with every answer; each is kept in memory, and masked, once. */
export class KnownEvents {
  readonly #ofService = new Map<string, readonly KnownEvent[]>();

  /** Returns the events of a service that was read; an event that is known already is the same object as before. */
  of(serviceArn: string, events: readonly ServiceEvent[], mask: (text: string) => string): readonly ServiceEvent[] {
    const known = new Map(this.#ofService.get(serviceArn)?.map((one) => [one.event.id, one]));
    const kept = events.map((event): KnownEvent => {
      const before = known.get(event.id);
      const isKnown = before?.said === event.message && before.event.createdAtMs === event.createdAtMs;
      return isKnown ? before : { said: event.message, event: { ...event, message: mask(event.message) } };
    });
    this.#ofService.set(serviceArn, kept);
    return kept.map(({ event }) => event);
  }
}

function snapshotOf(service: sdk.Service, known: KnownEvents, mask: (text: string) => string): ServiceSnapshot {
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
    ...requirementsOf(service),
    deployments: list(service.deployments, "deployments").map((one) => fromDeployment(one, mask)),
    deploymentStrategy: optionalText(service.deploymentConfiguration?.strategy, "strategy") ?? "ROLLING",
    deploymentSettings: readDeploymentSettings(service.deploymentConfiguration as JsonObject | undefined),
    waits: readWaits(objectIn(service.deploymentConfiguration)),
    currentServiceDeployment: optionalText(service.currentServiceDeployment, "currentServiceDeployment"),
    serviceRevisionArns: list(service.currentServiceRevisions, "currentServiceRevisions")
      .flatMap(({ arn }) => optionalText(arn, "serviceRevision.arn") ?? []),
    taskSets: list(service.taskSets, "taskSets").map(fromTaskSet),
    events: known.of(arn, list(service.events, "events").map(fromEvent), mask),
  };
}

function fromEvent({ id, createdAt, message }: sdk.ServiceEvent): ServiceEvent {
  return {
    id: text(id, "event.id"),
    createdAtMs: optionalTimeMs(createdAt, "event.createdAt") ?? 0,
    message: text(message, "event.message"),
  };
}

/** What the service requires of a task definition. Some settings are in the PRIMARY deployment only (API reference). */
function requirementsOf(service: sdk.Service): ServiceRequirements {
  const primary = list(service.deployments, "deployments").find(({ status }) => status === "PRIMARY");
  const { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations } = primary ?? {};
  const settings = { ...service, serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations };
  const unknown = {
    ...NEW_SERVICE,
    platformFamily: optionalText(service.platformFamily, "platformFamily"),
    ...(primary === undefined && { volumeNames: undefined }),
  };
  return requirementsWith(unknown, settings as object as JsonObject);
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

function fromDeployment(deployment: sdk.Deployment, mask: (text: string) => string): Deployment {
  return {
    ...readTasksOf(deployment, "deployment."),
    desiredCount: count(deployment.desiredCount, "deployment.desiredCount"),
    failedTasks: count(deployment.failedTasks, "deployment.failedTasks"),
    createdAtMs: optionalTimeMs(deployment.createdAt, "deployment.createdAt") ?? 0,
    rolloutState: optionalText(deployment.rolloutState, "rolloutState"),
    rolloutStateReason: maskedText(deployment.rolloutStateReason, "rolloutStateReason", mask),
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
