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
import type { Json, JsonObject } from "../model/json.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import type { EcsCalls } from "./ecs_calls.ts";
import { fromService } from "./from_service.ts";
import { readDefinition } from "./read_definition.ts";
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

const PAGE_SIZE = 100;
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

function describeService<Result>(
  { client, caller, withTags }: EcsCalls,
  { cluster, service }: ServiceRef,
  read: (service: Service) => Result,
  signal: AbortSignal,
): Promise<Result | undefined> {
  return withTags((tags) =>
    caller.make({
      operation: "DescribeServices",
      policy: "safe",
      send: (options) => client.send(new DescribeServicesCommand({ cluster, services: [service], ...tags }), options),
      read: ({ services, failures }) => {
        const found = list(services, "services")[0];
        if (found === undefined) return readMissing(failures, "service");
        readAsked(found.serviceArn, service, "service");
        return read(found);
      },
      signal,
    })
  );
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

function fromOrdered(order: JsonObject, answer: Service | undefined): ServiceSnapshot {
  const service = required(answer, "service");
  const unkept = findUnkept(order, toJson(service));
  return { ...fromService(service), ...(unkept.length > 0 && { unkept }) };
}

/**
 * Finds the members of an order that the API's model has no name for and that ECS's answer does not show: ECS silently drops
 * a member that it does not know either. It has kept one in which its answer shows more than was ordered.
 *
 * @param answer the service in ECS's answer; some members are in its PRIMARY deployment only
 * @returns their paths, without values; none when ECS has kept all of the order
 */
export function findUnkept(order: JsonObject, answer: JsonObject): string[] {
  const deployments = Array.isArray(answer.deployments) ? answer.deployments as readonly JsonObject[] : [];
  const places: readonly Json[] = [answer, ...deployments.filter(({ status }) => status === "PRIMARY")];
  const unknown = readDefinition("service", order).problems.filter(({ isUnknown }) => isUnknown);
  return unknown.filter(({ path }) => {
    const given = valuesAt(order, path, isThere)[0]!;
    return !isEmpty(given) && !places.some((place) => valuesAt(place, path).some((value) => includes(value, given)));
  }).map(({ path }) => path.join("."));
}

type Path = readonly (string | number)[];

const isThere = (index: number, at: string | number) => index === at;
/** ECS may return a list in another order. */
const isAnywhere = () => true;

function valuesAt(value: Json, [at, ...rest]: Path, isMeant: typeof isThere = isAnywhere): Json[] {
  if (at === undefined) return [value];
  if (Array.isArray(value)) {
    return value.filter((_, index) => isMeant(index, at)).flatMap((item) => valuesAt(item, rest, isMeant));
  }
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.hasOwn(value, at) ? valuesAt((value as JsonObject)[at]!, rest, isMeant) : [];
}

/** An empty list or object means the same as none. */
function isEmpty(value: Json): boolean {
  return value === null || typeof value === "object" && Object.keys(value).length === 0;
}

function includes(value: Json, part: Json): boolean {
  if (typeof part !== "object" || part === null) return value === part;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(part)) return false;
  if (Array.isArray(part) && part.length !== (value as readonly Json[]).length) return false;
  const members = value as JsonObject;
  return Object.entries(part).every(([name, item]) => Object.hasOwn(members, name) && includes(members[name]!, item));
}
