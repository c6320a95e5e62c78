import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { EcsWriter } from "../model/ports.ts";
import type { Caller } from "./connection.ts";
import { orReadBack } from "./or_read_back.ts";
import { list, optionalText, readAll, readOrdered, required, text } from "./read_answer.ts";
import { undefinedWhenUnknown } from "./registry.ts";

/** What ends the life of task definitions, each order read back where its answer does not say that it was carried out. */
export function retiringOver(
  client: ECSClient,
  caller: Caller,
): Pick<EcsWriter, "deregisterTaskDefinition"> & Pick<EcsWriter, "deleteTaskDefinitions"> {
  const readStatus = (taskDefinition: string, signal: AbortSignal) => {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition });
    return undefinedWhenUnknown(caller.make({
      operation: "DescribeTaskDefinition",
      send: (options) => client.send(command, options),
      read: (answer) => statusOf(answer.taskDefinition, taskDefinition),
      signal,
    }));
  };

  return {
    async deregisterTaskDefinition(arn, signal) {
      const command = new DeregisterTaskDefinitionCommand({ taskDefinition: arn });
      const order = caller.make({
        operation: "DeregisterTaskDefinition",
        isChange: true,
        send: (options) => client.send(command, options),
        read: ({ taskDefinition }) => {
          if (statusOf(taskDefinition, arn) === "ACTIVE") throw new TypeError("AWS's answer shows it as ACTIVE");
          return true;
        },
        signal,
      });
      await orReadBack(order, async () => await readStatus(arn, signal) !== "ACTIVE" || undefined, signal);
    },

    deleteTaskDefinitions(arns, signal) {
      const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: [...arns] });
      const order = caller.make({
        operation: "DeleteTaskDefinitions",
        send: (options) => client.send(command, options),
        read: ({ taskDefinitions, failures }) => {
          readAll(taskDefinitions, failures, arns.length, "taskDefinitions");
          return new Map(
            list(failures, "failures").map(({ arn, reason, detail }) => [
              text(arn, "failure arn"),
              [optionalText(reason, "failure reason"), optionalText(detail, "failure detail")].filter(Boolean).join(
                ": ",
              ),
            ]),
          );
        },
        isChange: true,
        signal,
      });
      const readBack = async () => {
        const statuses = await Promise.all(arns.map((arn) => readStatus(arn, signal)));
        const areDeleted = statuses.every((status) => status === undefined || status === "DELETE_IN_PROGRESS");
        return areDeleted ? new Map<string, string>() : undefined;
      };
      return orReadBack(order, readBack, signal);
    },
  };
}

function statusOf(answered: TaskDefinition | undefined, arn: string): string {
  const { taskDefinitionArn, status } = required(answered, "taskDefinition");
  readOrdered(taskDefinitionArn, arn, "taskDefinitionArn");
  return text(status, "status");
}
