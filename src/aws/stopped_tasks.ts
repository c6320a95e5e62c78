import { DescribeTasksCommand, type ECSClient, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import type { ServiceRef } from "../ecs/service.ts";
import type { StoppedTask } from "../ecs/stopped_task.ts";
import { call } from "./connection.ts";
import { required } from "./from_ecs.ts";

/** One page is as much as one DescribeTasks takes (100); ECS shows a stopped task for about an hour. */
export async function listStoppedTasks(
  client: ECSClient,
  { cluster, service }: ServiceRef,
  abortSignal: AbortSignal,
): Promise<readonly StoppedTask[]> {
  const list = new ListTasksCommand({ cluster, serviceName: service, desiredStatus: "STOPPED" });
  const arns = await call(
    "ListTasks",
    client.send(list, { abortSignal }),
    ({ taskArns }) => required(taskArns, "taskArns"),
  );
  if (arns.length === 0) return [];
  const describe = new DescribeTasksCommand({ cluster, tasks: arns });
  // A task that ECS has forgotten since it was listed is among the `failures`: then it has nothing to tell.
  return await call(
    "DescribeTasks",
    client.send(describe, { abortSignal }),
    ({ tasks }) => required(tasks, "tasks").map(fromTask),
  );
}

function fromTask({ taskArn, startedBy, stopCode, stoppedReason, stoppedAt, containers }: Task): StoppedTask {
  return {
    arn: required(taskArn, "taskArn"),
    startedBy,
    stopCode,
    stoppedReason,
    stoppedAtMs: stoppedAt?.getTime(),
    containers: (containers ?? []).map(({ name, exitCode, reason }) => ({
      name: required(name, "container name"),
      exitCode,
      reason,
    })),
  };
}
