/** ListTasks, DescribeTasks and StopTask */
import { wakeSoon } from "../deployments.ts";
import { invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import { clusterOf, findService, findTaskDefinition, serviceOf } from "../lookup.ts";
import type { Cluster, JsonObject, Task, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import { stopTask } from "../tasks.ts";
import { tagList, taskShape } from "../wire.ts";
import type { Actions } from "./action.ts";

const MAX_DESCRIBED_TASKS = 100;

function listTasks(world: World, input: Input): JsonObject {
  const cluster = clusterOf(world, input.string("cluster"));
  const desiredStatus = input.string("desiredStatus") ?? "RUNNING";
  const [serviceName, family, startedBy] = ["serviceName", "family", "startedBy"].map((member) => input.string(member));
  if (startedBy !== undefined && (serviceName !== undefined || family !== undefined)) {
    // API reference: "When you specify startedBy as the filter, it must be the only filter that you use".
    throw invalidParameter("startedBy must be the only filter.");
  }
  const service = serviceName === undefined ? undefined : serviceOf(world, cluster, serviceName);
  const found = world.tasks.filter((task) =>
    task.clusterArn === cluster.arn && task.desiredStatus === desiredStatus &&
    (service === undefined || task.serviceName === service.name) &&
    (family === undefined || findTaskDefinition(world, task.taskDefinitionArn)?.family === family) &&
    (startedBy === undefined || task.startedBy === startedBy)
  );
  const { items, nextToken } = pageOf(world, input, found, { default: 100, max: 100 });
  return { taskArns: items.map(({ arn }) => arn), nextToken };
}

function findTask(world: World, cluster: Cluster, idOrArn: string): Task | undefined {
  return world.tasks.find((task) => task.clusterArn === cluster.arn && (task.id === idOrArn || task.arn === idOrArn));
}

function describeTasks(world: World, input: Input): JsonObject {
  const cluster = clusterOf(world, input.string("cluster"));
  const ids = input.requiredStrings("tasks");
  if (ids.length > MAX_DESCRIBED_TASKS) throw invalidParameter("Member must have length less than or equal to 100");
  const withTags = input.strings("include")?.includes("TAGS") ?? false;
  const tasks: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const id of ids) {
    const task = findTask(world, cluster, id);
    if (task) {
      const shape = taskShape(world, task, findTaskDefinition(world, task.taskDefinitionArn));
      tasks.push(withTags ? { ...shape, tags: tagList(tagsOf(world, cluster, task)) } : shape);
    } else failures.push({ arn: id, reason: "MISSING" });
  }
  return { tasks, failures };
}

/** The tags that `propagateTags` gives to a task. */
function tagsOf(world: World, cluster: Cluster, task: Task): Record<string, string> {
  const service = findService(world, cluster, task.serviceName);
  const from = service?.carried.propagateTags;
  const owner = from === "SERVICE" ? service?.arn : from === "TASK_DEFINITION" ? task.taskDefinitionArn : undefined;
  return owner === undefined ? {} : world.tags[owner] ?? {};
}

function stop(world: World, input: Input): JsonObject {
  const cluster = clusterOf(world, input.string("cluster"));
  const task = findTask(world, cluster, input.requiredString("task"));
  if (!task) throw invalidParameter("The referenced task was not found.");
  if (task.desiredStatus === "RUNNING") {
    stopTask(world, task, {
      stopCode: "UserInitiated",
      stoppedReason: input.string("reason") ?? "Task stopped by user",
    });
    const service = findService(world, cluster, task.serviceName);
    if (service) wakeSoon(world, service);
  }
  return { task: taskShape(world, task, findTaskDefinition(world, task.taskDefinitionArn)) };
}

export const actions: Actions = { ListTasks: listTasks, DescribeTasks: describeTasks, StopTask: stop };
