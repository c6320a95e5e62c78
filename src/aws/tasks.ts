import { DescribeTasksCommand, ListTasksCommand, type ListTasksCommandInput, type Task } from "@aws-sdk/client-ecs";
import type { EcsReader } from "../model/ports.ts";
import type { LiveTask, ServiceRef, StoppedTask } from "../model/service.ts";
import { mebibytesIn } from "../model/task_definition.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { EcsApi } from "./ecs_api.ts";
import {
  list,
  maskedText,
  optionalCount,
  optionalText,
  optionalTimeMs,
  readAll,
  readPages,
  requiredList,
  text,
} from "./read_answer.ts";

/** How many pages of 100 tasks are read: crash loops stop hundreds an hour, and ECS promises no order. */
const MAX_PAGES = 10;

/** Reads the tasks of all deployments of a service, and of a family. ECS shows stopped ones for about an hour. */
export function connectTasks(
  api: EcsApi,
  { mask = (text) => text }: Pick<ConnectionOptions, "mask">,
): Pick<EcsReader, "listStoppedTasks" | "listLiveTasks" | "listTaskDefinitionsInUse"> {
  return {
    listStoppedTasks: (ref, signal) => readTasks(api, ref, "STOPPED", (task) => fromTask(task, mask), signal),
    listLiveTasks: (ref, signal) => readTasks(api, ref, "RUNNING", fromLiveTask, signal),

    async listTaskDefinitionsInUse(cluster, family, signal) {
      const used = new Set<string>();
      const read = ({ taskDefinitionArn }: Task) => text(taskDefinitionArn, "taskDefinitionArn");
      for await (const tasks of listPages(api, { cluster, family, desiredStatus: "RUNNING" }, signal)) {
        for (const arn of await describe(api, cluster, tasks, read, signal)) used.add(arn);
      }
      return used;
    },
  };
}

async function readTasks<Result>(
  api: EcsApi,
  { cluster, service }: ServiceRef,
  desiredStatus: "RUNNING" | "STOPPED",
  read: (task: Task) => Result,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const listed: (readonly string[])[] = [];
  for await (const tasks of listPages(api, { cluster, serviceName: service, desiredStatus }, signal)) {
    listed.push(tasks);
    if (listed.length === MAX_PAGES) break;
  }
  const described = await Promise.all(listed.map((tasks) => describe(api, cluster, tasks, read, signal)));
  return described.flat();
}

/** Lists tasks page by page. A page has as many as one DescribeTasks call takes. */
function listPages(api: EcsApi, which: ListTasksCommandInput, signal: AbortSignal) {
  return readPages(
    "ListTasks",
    (token) =>
      api.read(new ListTasksCommand({ ...which, nextToken: token }), signal, ({ taskArns, nextToken }) => ({
        items: requiredList(taskArns, "taskArns").map((arn) => text(arn, "taskArn")),
        nextToken: optionalText(nextToken, "nextToken"),
      })),
  );
}

/** Returns what `read` makes of each task. Tasks that ECS has forgotten meanwhile are `failures`, and are left out. */
async function describe<Result>(
  api: EcsApi,
  cluster: string,
  tasks: readonly string[],
  read: (task: Task) => Result,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  if (tasks.length === 0) return [];
  return await api.read(
    new DescribeTasksCommand({ cluster, tasks: [...tasks] }),
    signal,
    ({ tasks: found, failures }) => readAll(found, failures, tasks.length, "tasks").map(read),
  );
}

function fromLiveTask(task: Task): LiveTask {
  return {
    startedBy: optionalText(task.startedBy, "startedBy"),
    taskDefinition: text(task.taskDefinitionArn, "taskDefinitionArn"),
    lastStatus: optionalText(task.lastStatus, "lastStatus"),
    healthStatus: optionalText(task.healthStatus, "healthStatus"),
    startedAtMs: optionalTimeMs(task.startedAt, "startedAt"),
    images: list(task.containers, "containers").map(({ name, image, imageDigest }) => ({
      container: text(name, "container.name"),
      image: optionalText(image, "container.image") ?? "",
      digest: optionalText(imageDigest, "imageDigest"),
    })),
  };
}

/** @param mask hides secret values in reasons, which repeat commands, before these are cut, and in what they name */
function fromTask(task: Task, mask: (text: string) => string): StoppedTask {
  const masked = (value: unknown, name: string) => maskedText(value, name, mask);
  return {
    arn: text(task.taskArn, "taskArn"),
    startedBy: optionalText(task.startedBy, "startedBy"),
    stopCode: optionalText(task.stopCode, "stopCode"),
    stoppedReason: masked(task.stoppedReason, "stoppedReason"),
    startedAtMs: optionalTimeMs(task.startedAt, "startedAt"),
    stoppingAtMs: optionalTimeMs(task.stoppingAt, "stoppingAt"),
    executionStoppedAtMs: optionalTimeMs(task.executionStoppedAt, "executionStoppedAt"),
    stoppedAtMs: optionalTimeMs(task.stoppedAt, "stoppedAt"),
    memoryMiB: mebibytesIn(optionalText(task.memory, "memory")),
    containers: list(task.containers, "containers").map((container) => ({
      name: mask(text(container.name, "container.name")),
      exitCode: optionalCount(container.exitCode, "exitCode"),
      reason: masked(container.reason, "container.reason"),
      runtimeId: optionalText(container.runtimeId, "runtimeId"),
      healthStatus: optionalText(container.healthStatus, "healthStatus"),
      image: masked(container.image, "container.image"),
      memoryMiB: mebibytesIn(optionalText(container.memory, "container.memory")),
    })),
  };
}
