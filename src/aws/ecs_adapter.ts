import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  ECSClient,
  ListTaskDefinitionsCommand,
  type Service,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn, serviceName } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { Caller, clientConfig, type ConnectionOptions } from "./connection.ts";
import { findUnkept } from "./find_unkept.ts";
import { fromDescribedService, fromService } from "./from_ecs.ts";
import { keepUnknownMembers } from "./keep_unknown_members.ts";
import { orReadBack } from "./or_read_back.ts";
import { required, requiredList, text } from "./read_answer.ts";
import { registryOver } from "./registry.ts";
import { retiringOver } from "./retire_task_definitions.ts";
import {
  describeServiceDeployment,
  describeServiceRevisions,
  findLastCompleted,
  findNewestServiceDeployment,
  stopServiceDeployment,
} from "./service_deployments.ts";
import { describeOneService, describeServices, listServices } from "./services.ts";
import { listStoppedTasks, listTaskDefinitionsInUse } from "./tasks.ts";

/** Everything that the program asks of ECS. */
export type Ecs = EcsReader & EcsWriter;

/** ECS over the AWS SDK. Nothing is sent before the first method is called. */
export function connectEcs(options: ConnectionOptions): Ecs {
  const client = keepUnknownMembers(new ECSClient(clientConfig(options)));
  const { credentials } = client.config;
  const onceClient = keepUnknownMembers(new ECSClient({ ...clientConfig(options, "once"), credentials }));
  const caller = new Caller(options);

  return {
    ...registryOver(client, onceClient, caller),
    ...retiringOver(client, caller),
    // What the SDK signs by, once AWS has refused this machine's time.
    now: () => options.clock.now() + client.config.systemClockOffset,
    describeService: (ref, signal) => describeOneService(client, caller, ref, fromDescribedService, signal),

    listNewestRevisions(family, maxResults, signal) {
      const command = new ListTaskDefinitionsCommand({
        familyPrefix: family,
        sort: "DESC",
        status: "ACTIVE",
        maxResults,
      });
      return caller.make({
        operation: "ListTaskDefinitions",
        send: (options) => client.send(command, options),
        read: ({ taskDefinitionArns }) =>
          requiredList(taskDefinitionArns, "taskDefinitionArns").map((arn) =>
            parseTaskDefinitionArn(text(arn, "taskDefinitionArn")).revision
          ).toSorted((a, b) => b - a),
        signal,
      });
    },

    listServices: (cluster, signal) => listServices(client, caller, cluster, signal),
    describeServices: (cluster, arns, signal) => describeServices(client, caller, cluster, arns, signal),
    listTaskDefinitionsInUse: (cluster, family, signal) =>
      listTaskDefinitionsInUse(client, caller, cluster, family, signal),
    listStoppedTasks: (ref, signal) => listStoppedTasks(client, caller, ref, signal),
    findNewestServiceDeployment: (ref, signal) => findNewestServiceDeployment(client, caller, ref, signal),
    findLastCompleted: (ref, signal) => findLastCompleted(client, caller, ref, signal),
    describeServiceDeployment: (arn, signal) => describeServiceDeployment(client, caller, arn, signal),
    describeServiceRevisions: (arns, signal) => describeServiceRevisions(client, caller, arns, signal),
    stopServiceDeployment: (arn, signal) => stopServiceDeployment(onceClient, caller, arn, signal),

    updateService({ cluster, service }, { taskDefinition, attributes = {} }, signal) {
      const command = new UpdateServiceCommand({
        ...attributes as Partial<UpdateServiceCommandInput>,
        cluster,
        service,
        ...(taskDefinition !== undefined && { taskDefinition }),
      });
      return caller.make({
        operation: "UpdateService",
        send: (options) => onceClient.send(command, options),
        read: (answer) => fromOrdered(attributes, answer.service),
        signal,
        // It has no client token: sent twice it may start two deployments.
        once: true,
      });
    },

    createService({ cluster, service }, input, clientToken, signal) {
      const members = { ...input as Partial<CreateServiceCommandInput>, cluster, serviceName: serviceName(service) };
      const command = new CreateServiceCommand({ ...members, clientToken });
      const order = caller.make({
        operation: "CreateService",
        send: (options) => onceClient.send(command, options),
        read: (answer) => fromOrdered(input, answer.service),
        isChange: true,
        signal,
      });
      return orReadBack(order, async () => {
        const read = (found: Service) => fromOrdered(input, found);
        const found = await describeOneService(client, caller, { cluster, service }, read, signal);
        // One of another task definition is somebody else's.
        return found?.status === "ACTIVE" && found.taskDefinition === input.taskDefinition ? found : undefined;
      }, signal);
    },
  };
}

/** The service in the answer to an order, with what that shows no more of it. */
function fromOrdered(order: JsonObject, answered: Service | undefined): ServiceSnapshot {
  const service = required(answered, "service");
  const unkept = findUnkept(order, JSON.parse(JSON.stringify(service)));
  return { ...fromService(service), ...(unkept.length > 0 && { unkept }) };
}
