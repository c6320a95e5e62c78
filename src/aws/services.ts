import {
  CreateServiceCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import { serviceName } from "../model/arn.ts";
import type { EcsReader, EcsWriter, Pace } from "../model/ports.ts";
import type { ServiceRef } from "../model/service.ts";
import type { ConnectionOptions } from "./connection.ts";
import { type EcsApi, withReadTags } from "./ecs_api.ts";
import { inChunks, list, readAll, readAsked, readMissing, requiredList, text } from "./read_answer.ts";
import { fromOrdered, fromService, type ReadService, snapshotOf } from "./service_answer.ts";

/** How many services one call describes. */
export const MOST_SERVICES = 10;

export type ServiceReader = (ref: ServiceRef, signal: AbortSignal, pace?: Pace) => Promise<ReadService | undefined>;

export function readService(api: EcsApi): ServiceReader {
  return (ref, signal, pace) => describeAs(api, ref, (service) => fromService(service, api.events), signal, pace);
}

/** Describes one service with AWS's whole answer, or looks at what is known of it without that. */
export function connectService(read: ServiceReader): Pick<EcsReader, "describeService" | "lookAtService"> {
  return {
    describeService: async (ref, signal) => (await read(ref, signal))?.describe(),
    lookAtService: async (ref, signal, pace) => (await read(ref, signal, pace))?.snapshot,
  };
}

function describeAs<Result>(
  api: EcsApi,
  { cluster, service }: ServiceRef,
  read: (service: sdk.Service) => Result,
  signal: AbortSignal,
  pace?: Pace,
): Promise<Result | undefined> {
  return api.withTags((tags) => {
    const which = { cluster, services: [service], ...tags };
    return askForServices(api, which, signal, ({ services, failures }) => {
      const found = list(services, "services")[0];
      if (found === undefined) return readMissing(failures, "service");
      readAsked(found.serviceArn, service, "service");
      return read(withReadTags(found, tags));
    }, pace);
  });
}

/** Makes one call that describes services: of one cluster, and `MOST_SERVICES` at most. */
export function askForServices<Result>(
  api: EcsApi,
  which: sdk.DescribeServicesCommandInput,
  signal: AbortSignal,
  read: (answer: sdk.DescribeServicesCommandOutput) => Result,
  pace?: Pace,
): Promise<Result> {
  return api.read(new DescribeServicesCommand(which), signal, read, { pace });
}

/** Describes any number of services of a cluster. Returns what `read` makes of each. */
export function describeAll<Result>(
  api: EcsApi,
  { cluster, arns, include }: { cluster: string; arns: readonly string[]; include?: sdk.ServiceField[] },
  read: (service: sdk.Service) => Result,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  return inChunks(arns, MOST_SERVICES, (services) => {
    const readAnswer = ({ services: found, failures }: sdk.DescribeServicesCommandOutput) =>
      readAll(found, failures, services.length, "services").map(read);
    return askForServices(api, { cluster, services, include }, signal, readAnswer);
  });
}

const PAGE_SIZE = 100;

/** Lists the ARNs of services and of clusters, and describes services. */
export function connectListings(
  api: EcsApi,
): Pick<EcsReader, "listServices" | "listClusters" | "describeServices"> {
  return {
    describeServices: (cluster, arns, signal) =>
      describeAll(api, { cluster, arns }, (service) => snapshotOf(service, api.events), signal),
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

const holderOf = ({ cluster, service }: ServiceRef) => `${cluster}/${service}`;

export function connectOrders(
  api: EcsApi,
  { rates }: ConnectionOptions,
): Pick<EcsReader, "awaitTurn"> & Pick<EcsWriter, "updateService" | "createService"> {
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
      const read = (answer: sdk.UpdateServiceCommandOutput) => fromOrdered(attributes, answer.service, api.events);
      return api.change(command, "once", signal, read, { holder: holderOf(ref) });
    },

    createService({ cluster, service }, input, clientToken, signal) {
      const members = {
        ...input as Partial<sdk.CreateServiceCommandInput>,
        cluster,
        serviceName: serviceName(service),
      };
      const command = new CreateServiceCommand({ ...members, clientToken });
      const confirm = async () => {
        const found = await describeAs(api, { cluster, service }, (one) => fromOrdered(input, one, api.events), signal);
        // A service with another task definition was created by somebody else.
        return found?.status === "ACTIVE" && found.taskDefinition === input.taskDefinition ? found : undefined;
      };
      // The client token makes ECS create the service only once.
      const policy = { mayArriveTwice: true, confirm };
      return api.change(command, policy, signal, (answer) => fromOrdered(input, answer.service, api.events));
    },
  };
}
