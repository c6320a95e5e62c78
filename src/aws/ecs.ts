import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ConnectionOptions } from "./connection.ts";
import { EcsApi } from "./ecs_api.ts";
import { batchRecords, batchServices } from "./batched_ecs.ts";
import { readDefinition, updatableMembers } from "./api_members.ts";
import { connectDeployments, stopServiceDeployment } from "./service_deployments.ts";
import { connectRecords } from "./service_records.ts";
import { connectTags } from "./service_tags.ts";
import * as services from "./services.ts";
import * as definitions from "./task_definitions.ts";
import { connectTasks } from "./tasks.ts";

/** Everything that the program asks of ECS. */
export type Ecs = EcsReader & EcsWriter;

/** Connects reads of services and of their records; in a run with many services, one call reads several. */
function connectReads(api: EcsApi, { rates, clock }: ConnectionOptions) {
  const readService = services.readService(api);
  const records = connectRecords(api);
  if (rates === undefined) return { readService, records };
  const joining = { rates, clock };
  return { readService: batchServices(api, readService, joining), records: batchRecords(records, joining) };
}

/** Connects to Amazon ECS. Nothing is sent before the first method is called. */
export function connectEcs(options: ConnectionOptions): Ecs {
  const api = new EcsApi(options);
  const { readService, records } = connectReads(api, options);
  return {
    ...records,
    now: api.now,
    readDefinition,
    updatableMembers,
    ...services.connectService(readService),
    ...services.connectListings(api),
    ...connectTags(api),
    ...services.connectOrders(api, options),
    ...connectDeployments(api, records),
    stopServiceDeployment: stopServiceDeployment(api),
    ...definitions.connectRevisions(api),
    registerTaskDefinition: definitions.registerTaskDefinition(api),
    deregisterTaskDefinition: definitions.deregisterTaskDefinition(api),
    deleteTaskDefinitions: definitions.deleteTaskDefinitions(api),
    ...connectTasks(api),
  };
}
