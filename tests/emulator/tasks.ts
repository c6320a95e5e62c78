/** The life of a task: PROVISIONING, PENDING, RUNNING, (healthy), ..., STOPPED. */
import { type Behaviour, cannotPullContainer, healthy, type Stop } from "./behaviours.ts";
import { writeLogs } from "./container_logs.ts";
import { breakerOf } from "./deployment_criteria.ts";
import { groupedBy } from "./grouped.ts";
import { ecsArn, familyRevision, nameOf, newTaskId } from "./identifiers.ts";
import { type Pulled, pullImages } from "./images.ts";
import type { Deployment, JsonObject, Service, Task, TaskStep, World } from "./model.ts";
import { record, taskList } from "./service_events.ts";
import { beginStop, hasStopped } from "./stopping.ts";

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

const tasksOf = groupedBy(({ serviceName }: Task) => serviceName);

/** All tasks of a service that have not stopped. */
export function liveTasks(world: World, service: Service): Task[] {
  return tasksOf(world.tasks, service.name).filter(({ clusterArn, lastStatus }) =>
    clusterArn === service.clusterArn && lastStatus !== "STOPPED"
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
export function stopTask(world: World, task: Task, stop: Stop): void {
  beginStop(world, task, stop, behaviourOf(world, task.taskDefinitionArn, task.imageDigests));
}

function failsToStart(world: World, service: Service, task: Task, stop: Stop): void {
  stopTask(world, task, stop);
  if (world.settings.startFailuresHaveEvents) {
    record(world, service, `was unable to place a task. Reason: ${stop.stoppedReason}.`);
  }
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
    const because = behaviour.failsHealthCheck;
    const verdict = because === undefined ? { to: "HEALTHY" } as const : { to: "UNHEALTHY", because } as const;
    task.next = { atMs: world.nowMs + behaviour.healthCheckMs, ...verdict };
    if (!behaviour.stops || behaviour.stops.afterMs > behaviour.healthCheckMs) return;
  } else {
    becomesHealthy(service, task);
  }
  stopsLater(world, task, behaviour);
}

function stopsLater(world: World, task: Task, { stops: because }: Behaviour): void {
  if (because) task.next = { atMs: (task.startedAtMs ?? world.nowMs) + because.afterMs, to: "STOPS", because };
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

function failsHealthCheck(world: World, service: Service, task: Task, stop: Stop): void {
  noteStop(world, service, task, stop);
  countFailure(world, service, task);
}

function noteStop(world: World, service: Service, task: Task, stop: Stop): void {
  if (stop.event) record(world, service, stop.event.replace("{task}", taskList([task])));
  stopTask(world, task, stop);
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
      return step.because && failsToStart(world, service, task, step.because);
    case "RUNNING":
      return runs(world, service, task, behaviour);
    case "HEALTHY":
      becomesHealthy(service, task);
      return stopsLater(world, task, behaviour);
    case "UNHEALTHY":
      return step.because && failsHealthCheck(world, service, task, step.because);
    case "STOPS":
      return step.because && noteStop(world, service, task, step.because);
    case "STOPPED":
      return hasStopped(world, task);
  }
}

/** Forgets the tasks that ECS would no longer show. */
export function forgetOldTasks(world: World): void {
  const [oldest] = world.tasks;
  if (oldest === undefined || oldest.createdAtMs + STOPPED_TASK_VISIBLE_MS > world.nowMs) return;
  const isOld = ({ stoppedAtMs = Infinity }: Task) => stoppedAtMs + STOPPED_TASK_VISIBLE_MS <= world.nowMs;
  if (world.tasks.some(isOld)) world.tasks = world.tasks.filter((task) => !isOld(task));
}
