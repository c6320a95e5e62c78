import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ConnectionOptions } from "./connection.ts";
import { connectEcsCalls } from "./ecs_calls.ts";
import { readDefinition } from "./read_definition.ts";
import { serviceDeploymentsOver } from "./service_deployments.ts";
import { serviceRevisionsOver } from "./service_revisions.ts";
import { servicesOver } from "./services.ts";
import { taskDefinitionsOver } from "./task_definitions.ts";
import { tasksOver } from "./tasks.ts";
import { updatableMembers } from "./updatable_members.ts";

/** Everything that the program asks of ECS. */
export type Ecs = EcsReader & EcsWriter;

/** ECS over the AWS SDK. Nothing is sent before the first method is called. */
export function connectEcs(options: ConnectionOptions): Ecs {
  const calls = connectEcsCalls(options);
  const revisions = serviceRevisionsOver(calls);
  return {
    now: calls.now,
    readDefinition,
    updatableMembers,
    ...servicesOver(calls),
    ...taskDefinitionsOver(calls),
    ...tasksOver(calls),
    ...revisions,
    ...serviceDeploymentsOver(calls, revisions),
  };
}
