import { DescribeServicesCommand, ListClustersCommand, ListServicesCommand } from "@aws-sdk/client-ecs";
import type { EcsReader } from "../model/ports.ts";
import type { EcsApi } from "./ecs_api.ts";
import { inChunks, list, optionalText, readAll, readPages, requiredList, text } from "./read_answer.ts";
import { MOST_SERVICES } from "./services.ts";

const PAGE_SIZE = 100;

export function listServices(api: EcsApi): EcsReader["listServices"] {
  return async function* (cluster, signal) {
    const pages = readPages("ListServices", (nextToken) => {
      const command = new ListServicesCommand({ cluster, maxResults: PAGE_SIZE, nextToken });
      return api.read(command, signal, (answer) => ({
        arns: requiredList(answer.serviceArns, "serviceArns").map((arn) => text(arn, "serviceArn")),
        nextToken: optionalText(answer.nextToken, "nextToken"),
      }));
    });
    for await (const { arns } of pages) if (arns.length > 0) yield arns;
  };
}

export function listClusters(api: EcsApi): EcsReader["listClusters"] {
  return async function* (signal) {
    const pages = readPages("ListClusters", (nextToken) => {
      const command = new ListClustersCommand({ maxResults: PAGE_SIZE, nextToken });
      return api.read(command, signal, (answer) => ({
        arns: requiredList(answer.clusterArns, "clusterArns").map((arn) => text(arn, "clusterArn")),
        nextToken: optionalText(answer.nextToken, "nextToken"),
      }));
    });
    for await (const { arns } of pages) if (arns.length > 0) yield arns;
  };
}

export function readServiceTags(api: EcsApi): EcsReader["readServiceTags"] {
  return async (cluster, arns, signal) => {
    const found = await inChunks(arns, MOST_SERVICES, (services) =>
      // Without tags the answer is of no use: a refusal of them is one of the call.
      api.read(new DescribeServicesCommand({ cluster, services, include: ["TAGS"] }), signal, (answer) =>
        readAll(answer.services, answer.failures, services.length, "services").map(({ serviceArn, tags }) => {
          const pairs = list(tags, "tags").map(({ key, value = "" }) =>
            [text(key, "tag key"), value] as const
          );
          return [text(serviceArn, "serviceArn"), new Map(pairs)] as const;
        })));
    return new Map(found);
  };
}
