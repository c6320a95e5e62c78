/**
 * How a task stops: which of its containers end by themselves, and how ECS stops the others. ECS says of no container when
 * it has ended; while the task is stopping, `lastStatus` of its containers shows it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
import type { Behaviour, Stop } from "./behaviours.ts";
import type { JsonObject, Task, World } from "./model.ts";

/** A container that handles SIGTERM ends with 143; one that is killed after the grace period, with 137. */
const GRACE_PERIOD_MS = 30_000;
const SIGTERM = 143;
const SIGKILL = 137;

/** Orders a task to stop, or notes that it does: it leaves RUNNING now, and is STOPPED when its last container has ended. */
export function beginStop(world: World, task: Task, stop: Stop, { stopMs }: Behaviour): void {
  const hasRun = task.startedAtMs !== undefined;
  const others = { endsAtMs: world.nowMs + stopMs, exitCode: stopMs >= GRACE_PERIOD_MS ? SIGKILL : SIGTERM };
  // Nobody waits for a container that never ran.
  const unnamed = hasRun ? others : { endsAtMs: world.nowMs };
  const endsByItself = stop.stopCode === "EssentialContainerExited" ? { endsAtMs: world.nowMs } : unnamed;
  const names = containerNames(world, task);
  const [first] = names;
  const own = new Map((stop.containers ?? []).map(({ name = first, ...ending }) => [name, ending]));
  task.endings = Object.fromEntries(names.map((name) => {
    const ending = own.get(name);
    return [name, ending === undefined ? unnamed : { ...endsByItself, ...ending }];
  }));
  task.desiredStatus = "STOPPED";
  task.lastStatus = hasRun ? "STOPPING" : "DEACTIVATING";
  task.healthy = false;
  task.stopCode = stop.stopCode;
  task.stoppedReason = stop.stoppedReason;
  task.stoppingAtMs = world.nowMs;
  const endsAtMs = Math.max(world.nowMs, ...Object.values(task.endings).map((ending) => ending.endsAtMs));
  if (endsAtMs > world.nowMs) task.next = { atMs: endsAtMs, to: "STOPPED" };
  else hasStopped(world, task);
}

/** The last container has ended. */
export function hasStopped(world: World, task: Task): void {
  delete task.next;
  task.lastStatus = "STOPPED";
  task.stoppedAtMs = world.nowMs;
  if (task.startedAtMs !== undefined) task.executionStoppedAtMs = world.nowMs;
}

function containerNames(world: World, { taskDefinitionArn }: Task): string[] {
  const definition = world.taskDefinitions.find(({ arn }) => arn === taskDefinitionArn);
  return ((definition?.registered.containerDefinitions ?? []) as JsonObject[]).map(({ name }) => String(name));
}
