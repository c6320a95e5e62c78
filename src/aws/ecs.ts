import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ConnectionOptions } from "./connection.ts";
import { EcsApi } from "./ecs_api.ts";
import { readDefinition, updatableMembers } from "./api_members.ts";
import * as deployments from "./service_deployments.ts";
import * as records from "./service_records.ts";
import * as services from "./services.ts";
import * as definitions from "./task_definitions.ts";
import * as tasks from "./tasks.ts";

/** Everything that the program asks of ECS. */
export type Ecs = EcsReader & EcsWriter;

/** Amazon ECS. Nothing is sent before the first method is called. */
export function connectEcs(options: ConnectionOptions): Ecs {
  const api = new EcsApi(options);
  return {
    now: api.now,
    awaitTurn: services.awaitTurn(options),
    readDefinition,
    updatableMembers,
    describeService: services.describeService(api),
    describeServices: services.describeServices(api),
    listServices: services.listServices(api),
    createService: services.createService(api),
    updateService: services.updateService(api),
    describeServiceDeployment: records.describeServiceDeployment(api),
    findNewestServiceDeployment: deployments.findNewestServiceDeployment(api),
    findLastCompleted: deployments.findLastCompleted(api),
    listPastDeployments: deployments.listPastDeployments(api),
    listDeployments: deployments.listDeployments(api),
    describeServiceDeployments: records.describeServiceDeployments(api),
    describeServiceRevisions: records.describeServiceRevisions(api),
    stopServiceDeployment: deployments.stopServiceDeployment(api),
    describeTaskDefinition: definitions.describeTaskDefinition(api),
    listRevisions: definitions.listRevisions(api),
    listNewestRevisions: definitions.listNewestRevisions(api),
    registerTaskDefinition: definitions.registerTaskDefinition(api),
    deregisterTaskDefinition: definitions.deregisterTaskDefinition(api),
    deleteTaskDefinitions: definitions.deleteTaskDefinitions(api),
    listLiveTasks: tasks.listLiveTasks(api),
    listStoppedTasks: tasks.listStoppedTasks(api),
    listTaskDefinitionsInUse: tasks.listTaskDefinitionsInUse(api),
  };
}
