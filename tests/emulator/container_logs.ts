/** What containers write, and the streams of Amazon CloudWatch Logs that it goes to. */
import type { Behaviour } from "./behaviours.ts";
import { digitsFrom } from "./identifiers.ts";
import type { JsonObject, Task, TaskDefinition, World } from "./model.ts";
import { addToLog } from "./set_stores.ts";

/** As long as a container's ID in Docker. */
const DOCKER_ID_LENGTH = 64;

/**
 * What a container is called where it runs: by Docker on an instance; AWS Fargate makes it of the task's ID and a number.
 *
 * @returns nothing before the task runs
 */
export function runtimeIdOf(task: Task, container: string, definition: TaskDefinition | undefined): string | undefined {
  if (task.startedAtMs === undefined) return undefined;
  const launchTypes = (definition?.registered.requiresCompatibilities ?? []) as string[];
  const id = digitsFrom(`${task.id}/${container}`, DOCKER_ID_LENGTH);
  return launchTypes.includes("FARGATE") ? `${task.id}-${Number.parseInt(id.slice(0, 8), 16)}` : id;
}

/**
 * Writes what each container has to say, by its name, to its log where its driver is awslogs. With a prefix "the log stream takes the format
 * prefix-name/container-name/ecs-task-id", without it "is named after the container ID that's assigned by the Docker daemon"
 * (API reference, LogConfiguration). What goes to another region, or to a group that is not there, is not seen again.
 */
export function writeLogs(world: World, task: Task, lines: Behaviour["logs"] = {}): void {
  const definition = world.taskDefinitions.find(({ arn }) => arn === task.taskDefinitionArn);
  for (const container of (definition?.registered.containerDefinitions ?? []) as JsonObject[]) {
    const name = String(container.name);
    const { logDriver, options = {} } = (container.logConfiguration ?? {}) as {
      logDriver?: string;
      options?: JsonObject;
    };
    if (logDriver !== "awslogs" || options["awslogs-region"] !== world.settings.region) continue;
    const group = String(options["awslogs-group"]);
    if (options["awslogs-create-group"] === "true") world.logGroups[group] ??= world.nowMs;
    if (!Object.hasOwn(world.logGroups, group)) continue;
    const prefix = options["awslogs-stream-prefix"];
    const stream = prefix ? `${prefix}/${name}/${task.id}` : runtimeIdOf(task, name, definition)!;
    addToLog(world, group, stream, lines[name] ?? []);
  }
}
