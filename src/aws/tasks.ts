import { DescribeTasksCommand, type ECSClient, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import type { ServiceRef } from "../ecs/service.ts";
import type { StoppedTask } from "../ecs/stopped_task.ts";
import type { Caller } from "./connection.ts";
import { list, optionalCount, optionalText, optionalTimeMs, requiredList, text } from "./read_answer.ts";
import { readPages } from "./read_pages.ts";

/** One page is as much as one DescribeTasks takes (100); ECS shows a stopped task for about an hour. */
export async function listStoppedTasks(
  client: ECSClient,
  caller: Caller,
  { cluster, service }: ServiceRef,
  signal: AbortSignal,
): Promise<readonly StoppedTask[]> {
  const list = new ListTasksCommand({ cluster, serviceName: service, desiredStatus: "STOPPED" });
  const arns = await caller.make({
    operation: "ListTasks",
    send: (options) => client.send(list, options),
    signal,
    read: ({ taskArns }) => requiredList(taskArns, "taskArns").map((arn) => text(arn, "taskArn")),
  });
  if (arns.length === 0) return [];
  const describe = new DescribeTasksCommand({ cluster, tasks: arns });
  // A task that ECS has forgotten since it was listed is among the `failures`: then it has nothing to tell.
  return await caller.make({
    operation: "DescribeTasks",
    send: (options) => client.send(describe, options),
    signal,
    read: ({ tasks }) => requiredList(tasks, "tasks").map(fromTask),
  });
}

/** The task definitions of the family's tasks that run, or are to run, in a cluster, from every page of them. */
export async function listTaskDefinitionsInUse(
  client: ECSClient,
  caller: Caller,
  cluster: string,
  family: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  const pages = readPages((nextToken) => {
    const list = new ListTasksCommand({ cluster, family, desiredStatus: "RUNNING", nextToken });
    return caller.make({
      operation: "ListTasks",
      send: (options) => client.send(list, options),
      read: ({ taskArns, nextToken }) => ({
        tasks: requiredList(taskArns, "taskArns").map((arn) => text(arn, "taskArn")),
        nextToken: optionalText(nextToken, "nextToken"),
      }),
      signal,
    });
  });
  for await (const { tasks } of pages) {
    if (tasks.length === 0) continue;
    const describe = new DescribeTasksCommand({ cluster, tasks });
    const described = await caller.make({
      operation: "DescribeTasks",
      send: (options) => client.send(describe, options),
      read: ({ tasks }) =>
        requiredList(tasks, "tasks").map(({ taskDefinitionArn }) => text(taskDefinitionArn, "taskDefinitionArn")),
      signal,
    });
    for (const arn of described) used.add(arn);
  }
  return used;
}

function fromTask({ taskArn, startedBy, stopCode, stoppedReason, stoppedAt, containers }: Task): StoppedTask {
  return {
    arn: text(taskArn, "taskArn"),
    startedBy: optionalText(startedBy, "startedBy"),
    stopCode: optionalText(stopCode, "stopCode"),
    stoppedReason: optionalText(stoppedReason, "stoppedReason"),
    stoppedAtMs: optionalTimeMs(stoppedAt, "stoppedAt"),
    containers: list(containers, "containers").map(({ name, exitCode, reason }) => ({
      name: text(name, "container name"),
      exitCode: optionalCount(exitCode, "exitCode"),
      reason: optionalText(reason, "container reason"),
    })),
  };
}
