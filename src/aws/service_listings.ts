import { ListClustersCommand, ListServicesCommand } from "@aws-sdk/client-ecs";
import type { EcsReader } from "../model/ports.ts";
import type { EcsApi } from "./ecs_api.ts";
import { requiredList, text } from "./read_answer.ts";
import type { ServiceReader } from "./services.ts";

const PAGE_SIZE = 100;

/** Lists the ARNs of services and of clusters, and describes services. */
export function connectListings(
  api: EcsApi,
  services: ServiceReader,
): Pick<EcsReader, "listServices" | "listClusters" | "describeServices"> {
  return {
    describeServices: (cluster, arns, signal) =>
      services.describeAll({ cluster, arns }, signal, (service) => services.read(service).snapshot),
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
