import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ConnectionOptions } from "./connection.ts";
import { EcsApi } from "./ecs_api.ts";
import { batchRecords, batchServices } from "./batched_ecs.ts";
import { readDefinition, updatableMembers } from "./api_members.ts";
import { connectDeployments, stopServiceDeployment } from "./service_deployments.ts";
import { connectRecords } from "./service_records.ts";
import { connectTags } from "./service_tags.ts";
import { connectListings } from "./service_listings.ts";
import { connectOrders } from "./service_orders.ts";
import { connectService, ServiceReader } from "./services.ts";
import * as definitions from "./task_definitions.ts";
import { connectTasks } from "./tasks.ts";

/** Everything that the program asks of ECS. */
export type Ecs = EcsReader & EcsWriter;

/** Connects to Amazon ECS. Nothing is sent before the first method is called. */
export function connectEcs(options: ConnectionOptions): Ecs {
  const { rates, clock } = options;
  const api = new EcsApi(options);
  const services = new ServiceReader(api);
  // In a run with many services, one call reads several.
  const readOne = rates ? batchServices(services, { rates, clock }) : services.readOne;
  const records = rates ? batchRecords(connectRecords(api), { rates, clock }) : connectRecords(api);
  return {
    ...records,
    now: api.now,
    readDefinition,
    updatableMembers,
    ...connectService(readOne),
    ...connectListings(api, services),
    ...connectTags(api, services),
    ...connectOrders(api, services, options),
    ...connectDeployments(api, records),
    stopServiceDeployment: stopServiceDeployment(api),
    ...definitions.connectRevisions(api),
    registerTaskDefinition: definitions.registerTaskDefinition(api),
    deregisterTaskDefinition: definitions.deregisterTaskDefinition(api),
    deleteTaskDefinitions: definitions.deleteTaskDefinitions(api),
    ...connectTasks(api, options),
  };
}
