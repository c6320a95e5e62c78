/** The life of a task: PROVISIONING, PENDING, RUNNING, (healthy), ..., STOPPED. */
import { type Behaviour, cannotPullContainer, healthy } from "./behaviours.ts";
import { writeLogs } from "./container_logs.ts";
import { breakerOf } from "./deployment_criteria.ts";
import { ecsArn, familyRevision, nameOf, newTaskId } from "./identifiers.ts";
import { type Pulled, pullImages } from "./images.ts";
import type { Deployment, JsonObject, Service, Task, TaskStep, World } from "./model.ts";
import { record, taskList } from "./service_events.ts";

/** How long ECS shows a stopped task. */
const STOPPED_TASK_VISIBLE_MS = 3_600_000;
/** The share of a task's start that it spends PROVISIONING before it is PENDING. */
const PROVISIONING_SHARE = 0.25;
/** From this many consecutive failures on, ECS waits longer and longer before it starts another task. */
const BACK_OFF_AFTER_FAILURES = 10;
const FIRST_BACK_OFF_MS = 60_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;

/** How tasks of a task definition behave: as an image does that they have pulled, or as is said of the revision. */
export function behaviourOf(
  world: World,
  taskDefinitionArn: string,
  imageDigests: Readonly<Record<string, string>> = {},
): Behaviour {
  const [ofImage] = Object.values(imageDigests).flatMap((digest) => world.behaviours[digest] ?? []);
  return ofImage ?? world.behaviours[familyRevision(taskDefinitionArn)] ?? healthy();
}

/** All tasks of a service that have not stopped. */
export function liveTasks(world: World, service: Service): Task[] {
  return world.tasks.filter((task) =>
    task.clusterArn === service.clusterArn && task.serviceName === service.name && task.lastStatus !== "STOPPED"
  );
}

/** Starts a task for a deployment; what becomes of it is up to the task definition's behaviour. */
export function startTask(world: World, service: Service, deployment: Deployment): Task {
  const id = newTaskId(world);
  const { startMs } = behaviourOf(world, deployment.taskDefinition);
  const task: Task = {
    id,
    arn: ecsArn(world, `task/${nameOf(service.clusterArn)}/${id}`),
    clusterArn: service.clusterArn,
    serviceName: service.name,
    startedBy: deployment.id,
    taskDefinitionArn: deployment.taskDefinition,
    lastStatus: "PROVISIONING",
    desiredStatus: "RUNNING",
    healthy: false,
    createdAtMs: world.nowMs,
    next: { atMs: world.nowMs + startMs * PROVISIONING_SHARE, to: "PENDING" },
  };
  world.tasks.push(task);
  return task;
}

/** Orders a task to stop: it leaves RUNNING now and is STOPPED once its grace period is over. */
export function stopTask(world: World, task: Task, stopCode: Task["stopCode"], stoppedReason: string): void {
  const neverRan = task.startedAtMs === undefined;
  const { stopMs } = behaviourOf(world, task.taskDefinitionArn, task.imageDigests);
  task.desiredStatus = "STOPPED";
  task.lastStatus = neverRan ? "DEACTIVATING" : "STOPPING";
  task.healthy = false;
  task.stoppingAtMs = world.nowMs;
  task.stopCode = stopCode;
  task.stoppedReason = stoppedReason;
  // A container that handles SIGTERM ends with 143; one that is killed after the grace period, with 137.
  if (!neverRan) task.exitCode = stopMs >= 30_000 ? 137 : 143;
  task.next = { atMs: world.nowMs + (neverRan ? 0 : stopMs), to: "STOPPED" };
}

function stoppedByItself(world: World, task: Task, stopCode: Task["stopCode"], stoppedReason: string): void {
  task.desiredStatus = "STOPPED";
  task.lastStatus = "STOPPED";
  task.healthy = false;
  task.stopCode = stopCode;
  task.stoppedReason = stoppedReason;
  task.stoppingAtMs = task.stoppedAtMs = world.nowMs;
}

function failsToStart(world: World, service: Service, task: Task, reason: string): void {
  stoppedByItself(world, task, "TaskFailedToStart", reason);
  if (reason.startsWith("CannotPullContainerError")) task.containerReason = reason;
  countFailure(world, service, task);
}

function runs(world: World, service: Service, task: Task, behaviour: Behaviour): void {
  task.lastStatus = "RUNNING";
  task.startedAtMs = world.nowMs;
  writeLogs(world, task, behaviour.logs);
  for (const { targetGroupArn } of service.settings.loadBalancers) {
    if (targetGroupArn) record(world, service, `registered 1 targets in (target-group ${targetGroupArn})`);
  }
  if (behaviour.healthCheckMs > 0) {
    const to = behaviour.failsHealthCheck ? "UNHEALTHY" : "HEALTHY";
    task.next = { atMs: world.nowMs + behaviour.healthCheckMs, to };
    if (!behaviour.exits || behaviour.exits.afterMs > behaviour.healthCheckMs) return;
  } else {
    becomesHealthy(service, task);
  }
  if (behaviour.exits) task.next = { atMs: world.nowMs + behaviour.exits.afterMs, to: "EXITED" };
}

function becomesHealthy(service: Service, task: Task): void {
  task.healthy = true;
  const deployment = service.deployments.find(({ id }) => id === task.startedBy);
  // One task that runs ends the streak of failures: this is why crash loops evade the circuit breaker.
  if (!deployment) return;
  deployment.failedTasks = 0;
  if (breakerOf(service).resetsOnHealthyTask) deployment.breakerFailures = 0;
}

function countFailure(world: World, service: Service, task: Task): void {
  const deployment = service.deployments.find(({ id }) => id === task.startedBy);
  if (!deployment) return;
  deployment.breakerFailures++;
  const excess = ++deployment.failedTasks - BACK_OFF_AFTER_FAILURES;
  if (excess < 0 || world.nowMs < service.startNotBeforeMs) return;
  service.startNotBeforeMs = world.nowMs + Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(excess, 4));
  record(world, service, "is unable to consistently start tasks successfully.");
}

function failsHealthCheck(world: World, service: Service, task: Task): void {
  record(world, service, `${taskList([task])} failed container health checks.`);
  stopTask(world, task, "ServiceSchedulerInitiated", "Task failed container health checks");
  countFailure(world, service, task);
}

function exits(world: World, service: Service, task: Task, behaviour: Behaviour): void {
  stoppedByItself(world, task, "EssentialContainerExited", "Essential container in task exited");
  task.exitCode = behaviour.exits?.exitCode ?? 1;
  if (behaviour.exits?.reason) task.containerReason = behaviour.exits.reason;
  if (!task.startedAtMs) countFailure(world, service, task);
}

/** The images are pulled; what becomes of the task besides is up to its behaviour. */
function pending(world: World, service: Service, task: Task, behaviour: Behaviour): void {
  task.lastStatus = "PENDING";
  const pulled = behaviour.failsToStart === undefined ? pull(world, service, task) : undefined;
  if (pulled && "digests" in pulled) task.imageDigests = pulled.digests;
  const because = pulled && "missing" in pulled
    ? cannotPullContainer(pulled.missing).failsToStart
    : behaviourOf(world, task.taskDefinitionArn, task.imageDigests).failsToStart;
  task.next = {
    atMs: task.createdAtMs + behaviour.startMs,
    ...(because === undefined ? { to: "RUNNING" } : { to: "FAILED_TO_START", because }),
  };
}

function pull(world: World, service: Service, task: Task): Pulled | undefined {
  const deployment = service.deployments.find(({ id }) => id === task.startedBy);
  const revision = world.serviceRevisions.find(({ arn }) => arn === deployment?.serviceRevisionArn);
  const definition = world.taskDefinitions.find(({ arn }) => arn === task.taskDefinitionArn);
  const containers = (definition?.registered.containerDefinitions ?? []) as JsonObject[];
  return revision && pullImages(world, containers, revision.imageDigests);
}

/** Takes the step that is due for a task of a service. */
export function takeStep(world: World, service: Service, task: Task, step: TaskStep): void {
  const behaviour = behaviourOf(world, task.taskDefinitionArn, task.imageDigests);
  delete task.next;
  switch (step.to) {
    case "PENDING":
      return pending(world, service, task, behaviour);
    case "FAILED_TO_START":
      return failsToStart(world, service, task, step.because ?? "Task failed to start");
    case "RUNNING":
      return runs(world, service, task, behaviour);
    case "HEALTHY":
      becomesHealthy(service, task);
      if (behaviour.exits) {
        task.next = { atMs: (task.startedAtMs ?? world.nowMs) + behaviour.exits.afterMs, to: "EXITED" };
      }
      return;
    case "UNHEALTHY":
      return failsHealthCheck(world, service, task);
    case "EXITED":
      return exits(world, service, task, behaviour);
    case "STOPPED":
      task.lastStatus = "STOPPED";
      task.stoppedAtMs = world.nowMs;
      return;
  }
}

/** Forgets the tasks that ECS would no longer show. */
export function forgetOldTasks(world: World): void {
  world.tasks = world.tasks.filter(({ stoppedAtMs }) =>
    stoppedAtMs === undefined || stoppedAtMs + STOPPED_TASK_VISIBLE_MS > world.nowMs
  );
}
