import { DescribeServicesCommand, type ECSClient, ListServicesCommand, type Service } from "@aws-sdk/client-ecs";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import type { Caller } from "./connection.ts";
import { fromService } from "./from_ecs.ts";
import { inChunks } from "./in_chunks.ts";
import { list, optionalText, readAll, readAsked, readMissing, requiredList, text } from "./read_answer.ts";
import { readPages } from "./read_pages.ts";

/** What ListServices gives at most; without it a page has 10. */
const PAGE_SIZE = 100;
/** What DescribeServices takes. */
const MOST_DESCRIBED = 10;

/** Reads one service; `undefined` where ECS says that there is none. */
export function describeOneService<Result>(
  client: ECSClient,
  caller: Caller,
  { cluster, service }: ServiceRef,
  read: (service: Service) => Result,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const command = new DescribeServicesCommand({ cluster, services: [service], include: ["TAGS"] });
  return caller.make({
    operation: "DescribeServices",
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

/** Every service of a cluster, page by page, by ARN; ends when pages repeat. */
export async function* listServices(
  client: ECSClient,
  caller: Caller,
  cluster: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, void> {
  const pages = readPages("ListServices", (nextToken) => {
    const command = new ListServicesCommand({ cluster, maxResults: PAGE_SIZE, nextToken });
    return caller.make({
      operation: "ListServices",
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

/** In tens, which are read at the same time. One that ECS does not know any more has nothing to tell. */
export async function describeServices(
  client: ECSClient,
  caller: Caller,
  cluster: string,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<readonly ServiceSnapshot[]> {
  const found = await Promise.all(
    inChunks(arns, MOST_DESCRIBED).map((services) => {
      const command = new DescribeServicesCommand({ cluster, services });
      return caller.make({
        operation: "DescribeServices",
        send: (options) => client.send(command, options),
        read: ({ services: found, failures }) => readAll(found, failures, services.length, "services").map(fromService),
        signal,
      });
    }),
  );
  return found.flat();
}
