import { CreateServiceCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import { serviceName } from "../model/arn.ts";
import { isEmpty, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import { readDefinition } from "./api_members.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { EcsApi } from "./ecs_api.ts";
import { required } from "./read_answer.ts";
import type { ReadService, ServiceReader } from "./services.ts";

const holderOf = ({ cluster, service }: ServiceRef) => `${cluster}/${service}`;

/** Orders changes of services. */
export function connectOrders(
  api: EcsApi,
  services: ServiceReader,
  { rates }: ConnectionOptions,
): Pick<EcsReader, "awaitTurn"> & Pick<EcsWriter, "updateService" | "createService"> {
  const read = (order: JsonObject) => ({ service }: { readonly service?: sdk.Service }) =>
    ordered(order, services.read(required(service, "service")));
  return {
    awaitTurn: async (ref, signal) => await rates?.hold("UpdateService", holderOf(ref), signal),

    updateService(ref, { taskDefinition, attributes = {} }, signal) {
      const { cluster, service } = ref;
      const command = new UpdateServiceCommand({
        ...attributes as Partial<sdk.UpdateServiceCommandInput>,
        cluster,
        service,
        ...(taskDefinition !== undefined && { taskDefinition }),
      });
      // UpdateService has no client token: sent twice, it may start two deployments.
      return api.change(command, "once", signal, read(attributes), { holder: holderOf(ref) });
    },

    createService(ref, input, clientToken, signal) {
      const command = new CreateServiceCommand({
        ...input as Partial<sdk.CreateServiceCommandInput>,
        cluster: ref.cluster,
        serviceName: serviceName(ref.service),
        clientToken,
      });
      const confirm = async () => {
        const found = await services.readOne(ref, signal);
        // A service with another task definition was created by somebody else.
        const isMade = found?.snapshot.status === "ACTIVE" && found.snapshot.taskDefinition === input.taskDefinition;
        return isMade ? ordered(input, found) : undefined;
      };
      // The client token makes ECS create the service only once.
      return api.change(command, { mayArriveTwice: true, confirm }, signal, read(input));
    },
  };
}

/** A service as an answer shows it after an order, with the members of this that ECS did not keep. */
function ordered(order: JsonObject, { snapshot, describe }: ReadService): ServiceSnapshot {
  const unkept = findUnkept(order, describe().raw);
  return { ...snapshot, ...(unkept.length > 0 && { unkept }) };
}

/**
 * Finds the members of an order that the API's model does not know and that ECS's answer does not show: ECS silently
 * drops a member that it does not know either. One of which the answer shows more than was ordered counts as kept.
 *
 * @param answer the service in ECS's answer; some members are in its PRIMARY deployment only
 * @returns their paths, without values; none when ECS has kept all of the order
 */
export function findUnkept(order: JsonObject, answer: JsonObject): string[] {
  const deployments = Array.isArray(answer.deployments) ? answer.deployments as readonly JsonObject[] : [];
  const places: readonly Json[] = [answer, ...deployments.filter(({ status }) => status === "PRIMARY")];
  const unknown = readDefinition("service", order).problems.filter(({ problem }) => problem.code === "unknownMember");
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
  return isObject(value) && Object.hasOwn(value, at) ? valuesAt(value[at]!, rest, isMeant) : [];
}

function includes(value: Json, part: Json): boolean {
  if (typeof part !== "object" || part === null) return value === part;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(part)) return false;
  if (Array.isArray(part) && part.length !== (value as readonly Json[]).length) return false;
  const members = value as JsonObject;
  return Object.entries(part).every(([name, item]) => Object.hasOwn(members, name) && includes(members[name]!, item));
}
