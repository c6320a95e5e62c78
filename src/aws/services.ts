import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  ListServicesCommand,
  type Service,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { serviceName } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import type { EcsCalls } from "./ecs_calls.ts";
import { findUnkept } from "./find_unkept.ts";
import { fromService } from "./from_service.ts";
import {
  inChunks,
  list,
  optionalText,
  readAll,
  readAsked,
  readMissing,
  readPages,
  required,
  requiredList,
  text,
  toJson,
} from "./read_answer.ts";

/** What ListServices gives at most; without it a page has 10. */
const PAGE_SIZE = 100;
/** What DescribeServices takes. */
const MOST_DESCRIBED = 10;

/** Services over the SDK: the only place that describes one. */
export function servicesOver(
  calls: EcsCalls,
): Pick<
  EcsReader & EcsWriter,
  "createService" | "describeService" | "describeServices" | "listServices" | "updateService"
> {
  return {
    describeService: (ref, signal) =>
      describeService(calls, ref, (found) => ({ ...fromService(found), raw: toJson(found) }), signal),
    describeServices: (cluster, arns, signal) => describeServices(calls, cluster, arns, signal),
    listServices: (cluster, signal) => listServices(calls, cluster, signal),
    updateService: (ref, change, signal) => updateService(calls, ref, change, signal),
    createService: (ref, input, clientToken, signal) => createService(calls, ref, input, clientToken, signal),
  };
}

/** What `read` makes of one service; `undefined` where ECS says that there is none. */
function describeService<Result>(
  { client, caller }: EcsCalls,
  { cluster, service }: ServiceRef,
  read: (service: Service) => Result,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const command = new DescribeServicesCommand({ cluster, services: [service], include: ["TAGS"] });
  return caller.make({
    operation: "DescribeServices",
    policy: "safe",
    send: (options) => client.send(command, options),
    read: ({ services, failures }) => {
      const found = list(services, "services")[0];
      if (found === undefined) return readMissing(failures, "service");
      readAsked(found.serviceArn, service, "service");
      return read(found);
    },
    signal,
  });
}

/** In tens, which are read at the same time. */
async function describeServices(
  { client, caller }: EcsCalls,
  cluster: string,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<readonly ServiceSnapshot[]> {
  const found = await Promise.all(
    inChunks(arns, MOST_DESCRIBED).map((services) => {
      const command = new DescribeServicesCommand({ cluster, services });
      return caller.make({
        operation: "DescribeServices",
        policy: "safe",
        send: (options) => client.send(command, options),
        read: ({ services: found, failures }) => readAll(found, failures, services.length, "services").map(fromService),
        signal,
      });
    }),
  );
  return found.flat();
}

async function* listServices(
  { client, caller }: EcsCalls,
  cluster: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, void> {
  const pages = readPages("ListServices", (nextToken) => {
    const command = new ListServicesCommand({ cluster, maxResults: PAGE_SIZE, nextToken });
    return caller.make({
      operation: "ListServices",
      policy: "safe",
      send: (options) => client.send(command, options),
      read: ({ serviceArns, nextToken }) => ({
        arns: requiredList(serviceArns, "serviceArns").map((arn) => text(arn, "serviceArn")),
        nextToken: optionalText(nextToken, "nextToken"),
      }),
      signal,
    });
  });
  for await (const { arns } of pages) if (arns.length > 0) yield arns;
}

function updateService(
  { onceClient, caller }: EcsCalls,
  { cluster, service }: ServiceRef,
  { taskDefinition, attributes = {} }: Parameters<EcsWriter["updateService"]>[1],
  signal: AbortSignal,
): Promise<ServiceSnapshot> {
  const command = new UpdateServiceCommand({
    ...attributes as Partial<UpdateServiceCommandInput>,
    cluster,
    service,
    ...(taskDefinition !== undefined && { taskDefinition }),
  });
  return caller.make({
    operation: "UpdateService",
    // It has no client token: sent twice it may start two deployments.
    policy: "once",
    send: (options) => onceClient.send(command, options),
    read: (answer) => fromOrdered(attributes, answer.service),
    signal,
  });
}

function createService(
  calls: EcsCalls,
  { cluster, service }: ServiceRef,
  input: JsonObject,
  clientToken: string,
  signal: AbortSignal,
): Promise<ServiceSnapshot> {
  const members = { ...input as Partial<CreateServiceCommandInput>, cluster, serviceName: serviceName(service) };
  const command = new CreateServiceCommand({ ...members, clientToken });
  const confirm = async () => {
    const found = await describeService(calls, { cluster, service }, (one) => fromOrdered(input, one), signal);
    // One of another task definition is somebody else's.
    return found?.status === "ACTIVE" && found.taskDefinition === input.taskDefinition ? found : undefined;
  };
  return calls.caller.make({
    operation: "CreateService",
    // The token makes ECS create it once.
    policy: { mayArriveTwice: true, confirm },
    send: (options) => calls.onceClient.send(command, options),
    read: (answer) => fromOrdered(input, answer.service),
    signal,
  });
}

/** The service in the answer to an order, with what of the order that does not show. */
function fromOrdered(order: JsonObject, answered: Service | undefined): ServiceSnapshot {
  const service = required(answered, "service");
  const unkept = findUnkept(order, toJson(service));
  return { ...fromService(service), ...(unkept.length > 0 && { unkept }) };
}
