import { DescribeTasksCommand, ListTasksCommand, type ListTasksCommandInput, type Task } from "@aws-sdk/client-ecs";
import type { EcsReader } from "../model/ports.ts";
import type { ServiceRef, StoppedTask } from "../model/service.ts";
import type { EcsCalls } from "./ecs_calls.ts";
import {
  list,
  optionalCount,
  optionalText,
  optionalTimeMs,
  readAll,
  readPages,
  requiredList,
  text,
} from "./read_answer.ts";

/** Tasks over the SDK. */
export function tasksOver(calls: EcsCalls): Pick<EcsReader, "listStoppedTasks" | "listTaskDefinitionsInUse"> {
  return {
    listStoppedTasks: (ref, signal) => listStoppedTasks(calls, ref, signal),
    listTaskDefinitionsInUse: (cluster, family, signal) => listTaskDefinitionsInUse(calls, cluster, family, signal),
  };
}

/** A service in trouble stops many tasks an hour: so many hundreds of them are looked at, for ECS names no order. */
const MOST_PAGES = 10;

// The service's stopped tasks, whichever deployment they were of; ECS shows them for about an hour. One page is as much as
// one DescribeTasks takes (100).
async function listStoppedTasks(
  calls: EcsCalls,
  { cluster, service }: ServiceRef,
  signal: AbortSignal,
): Promise<readonly StoppedTask[]> {
  const listed: string[][] = [];
  const pages = listPages(calls, { cluster, serviceName: service, desiredStatus: "STOPPED" }, signal);
  for await (const { tasks } of pages) {
    listed.push(tasks);
    if (listed.length === MOST_PAGES) break;
  }
  // A task that ECS has forgotten since it was listed is among the `failures`, and is left out.
  const described = await Promise.all(
    listed.filter(({ length }) => length > 0).map((tasks) => describe(calls, { cluster, tasks }, fromTask, signal)),
  );
  return described.flat();
}

function listPages(
  { client, caller }: EcsCalls,
  which: Omit<ListTasksCommandInput, "nextToken">,
  signal: AbortSignal,
): AsyncGenerator<{ readonly tasks: string[] }, void, void> {
  return readPages("ListTasks", (nextToken) => {
    const list = new ListTasksCommand({ ...which, nextToken });
    return caller.make({
      operation: "ListTasks",
      policy: "safe",
      send: (options) => client.send(list, options),
      read: ({ taskArns, nextToken }) => ({
        tasks: requiredList(taskArns, "taskArns").map((arn) => text(arn, "taskArn")),
        nextToken: optionalText(nextToken, "nextToken"),
      }),
      signal,
    });
  });
}

/** What `read` makes of each of at most 100 tasks. One that ECS has forgotten meanwhile is left out. */
function describe<Result>(
  { client, caller }: EcsCalls,
  which: { readonly cluster: string; readonly tasks: string[] },
  read: (task: Task) => Result,
  signal: AbortSignal,
): Promise<Result[]> {
  const command = new DescribeTasksCommand(which);
  return caller.make({
    operation: "DescribeTasks",
    policy: "safe",
    send: (options) => client.send(command, options),
    read: ({ tasks, failures }) => readAll(tasks, failures, which.tasks.length, "tasks").map(read),
    signal,
  });
}

/** The task definitions of the family's tasks that run, or are to run, in a cluster, from every page of them. */
async function listTaskDefinitionsInUse(
  calls: EcsCalls,
  cluster: string,
  family: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  const pages = listPages(calls, { cluster, family, desiredStatus: "RUNNING" }, signal);
  for await (const { tasks } of pages) {
    if (tasks.length === 0) continue;
    const read = ({ taskDefinitionArn }: Task) => text(taskDefinitionArn, "taskDefinitionArn");
    const described = await describe(calls, { cluster, tasks }, read, signal);
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
