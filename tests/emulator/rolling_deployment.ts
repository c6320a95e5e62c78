/**
 * The service scheduler: what ECS does to bring a service's tasks to what is desired.
 *
 * A rolling deployment replaces tasks within two bounds: at least `minimumHealthyPercent` of the desired count stays
 * running, and no more than `maximumPercent` of it runs or is about to.
 */
import { scale } from "./auto_scaling.ts";
import type { Behaviour } from "./behaviours.ts";
import { tripIfDue } from "./circuit_breaker.ts";
import { bakeTimeMs, endOnAlarm } from "./deployment_alarms.ts";
import { earlySuccessOf } from "./deployment_criteria.ts";
import { beginIfDue, finishServiceDeployment, primaryOf, serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import { replaceOld } from "./fail_deployment.ts";
import type { Deployment, Service, Task, World } from "./model.ts";
import { record, taskList } from "./service_events.ts";
import { goBackIfDue } from "./stop_requests.ts";
import { behaviourOf, liveTasks, startTask, stopTask } from "./tasks.ts";
import { shiftsTraffic, shiftTraffic, tasksToSpare } from "./traffic_shift.ts";

/** How long everything must hold before ECS calls it steady. */
const SETTLE_MS = 10_000;
const STEADY_EVENT_EVERY_MS = 6 * 3_600_000;
const PLACEMENT_RETRY_MS = 30_000;

/** How many tasks must stay running and how many may exist during a deployment. */
function taskBounds(service: Service): { lower: number; upper: number } {
  // Traffic is shifted between whole sets of tasks: a new one starts beside all that are there.
  if (shiftsTraffic(service)) return { lower: service.desiredCount, upper: Infinity };
  const { minimumHealthyPercent, maximumPercent } = service.deploymentConfiguration;
  return {
    lower: Math.ceil((service.desiredCount * Number(minimumHealthyPercent ?? 100)) / 100),
    upper: Math.floor((service.desiredCount * Number(maximumPercent ?? 200)) / 100),
  };
}

/** Looks at a service once and does what is to be done now. */
export function reconcile(world: World, service: Service): void {
  delete service.wakeAtMs;
  goBackIfDue(world, service);
  if (beginIfDue(world, service)) return;
  scale(world, service);
  const primary = primaryOf(service);
  if (service.status === "INACTIVE" || !primary) return;
  if (tripIfDue(world, service, primary) || endOnAlarm(world, service, primary)) return;
  // A FAILED deployment launches nothing more, and what it had not yet replaced stays.
  if (primary.rolloutState !== "FAILED") {
    const mayStopOld = !shiftsTraffic(service) || shiftTraffic(world, service, primary);
    // A hook that ran out of time may just have turned the deployment back: the next look is about another PRIMARY.
    if (primaryOf(service) !== primary) return;
    stopSurplus(world, service, primary, mayStopOld);
    startMissing(world, service, primary);
    if (tripIfDue(world, service, primary)) return;
  } else {
    replaceOld(world, service);
  }
  dropDrained(world, service, primary);
  settle(world, service, primary);
  if (service.status === "DRAINING" && liveTasks(world, service).length === 0) becomesInactive(service);
}

const wanted = (task: Task) => task.desiredStatus === "RUNNING";

function stopSurplus(world: World, service: Service, primary: Deployment, mayStopOld: boolean): void {
  const tasks = liveTasks(world, service).filter(wanted);
  const current = tasks.filter(({ startedBy }) => startedBy === primary.id);
  const others = tasks.filter(({ startedBy }) => startedBy !== primary.id);
  const old = mayStopOld ? others : tasksToSpare(world, service, others);
  const { lower, upper } = taskBounds(service);
  const occupied = liveTasks(world, service).length;
  const healthyCurrent = current.filter(({ healthy }) => healthy).length;
  const missing = Math.max(0, service.desiredCount - current.length);
  const roomWanted = Math.max(0, missing - Math.max(0, upper - occupied));
  const stopsAll = !mayStopOld || isCleaningUp(world, service, primary);
  const replaced = stopsAll ? old.length : old.length - Math.max(0, service.desiredCount - healthyCurrent);
  const spare = tasks.filter(({ healthy }) => healthy).length - lower;
  // Tasks that are not healthy serve nobody: they go first and do not count against the lower bound.
  const candidates = old.toSorted((one, other) => Number(one.healthy) - Number(other.healthy));
  const unhealthy = candidates.filter(({ healthy }) => !healthy).length;
  const count = Math.min(Math.max(replaced, roomWanted), unhealthy + Math.max(0, spare));
  const surplus = current.slice(service.desiredCount);
  const stopping = [...candidates.slice(0, Math.max(0, count)), ...surplus];
  if (stopping.length === 0) return;
  for (const task of stopping) {
    const cause = service.status === "DRAINING" ? `(service ${service.name})` : `(deployment ${primary.id})`;
    stopTask(world, task, {
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: `Scaling activity initiated by ${cause}`,
    });
  }
  for (const { targetGroupArn } of service.settings.loadBalancers) {
    if (targetGroupArn) {
      record(world, service, `deregistered ${stopping.length} targets in (target-group ${targetGroupArn})`);
    }
  }
  record(world, service, `has stopped ${stopping.length} running tasks: ${taskList(stopping)}.`);
}

function startMissing(world: World, service: Service, primary: Deployment): void {
  const tasks = liveTasks(world, service);
  const current = tasks.filter((task) => wanted(task) && task.startedBy === primary.id).length;
  const missing = service.desiredCount - current;
  const count = Math.min(missing, taskBounds(service).upper - tasks.length);
  if (missing > 0 && count <= 0 && !tasks.some((task) => !wanted(task))) stuckBetweenBounds(world, service, current);
  if (count <= 0) return;
  if (world.nowMs < service.startNotBeforeMs) return wakeAt(service, service.startNotBeforeMs);
  const { unplaceable } = behaviourOf(world, primary.taskDefinition);
  if (unplaceable) return cannotPlace(world, service, primary, unplaceable);
  const started = Array.from({ length: count }, () => startTask(world, service, primary));
  record(world, service, `has started ${started.length} tasks: ${taskList(started)}.`);
}

/** Nothing may be started and nothing may be stopped: the two percentages leave no way forward. */
function stuckBetweenBounds(world: World, service: Service, current: number): void {
  const { lower, upper } = taskBounds(service);
  if (current > 0 || lower < upper) return;
  record(
    world,
    service,
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. " +
      "Update the minimumHealthyPercent or maximumPercent value and try again.",
  );
}

function cannotPlace(
  world: World,
  service: Service,
  primary: Deployment,
  { event, isFailure }: NonNullable<Behaviour["unplaceable"]>,
): void {
  record(world, service, event);
  if (isFailure) {
    primary.failedTasks++;
    primary.breakerFailures++;
  }
  service.startNotBeforeMs = world.nowMs + PLACEMENT_RETRY_MS;
  wakeAt(service, service.startNotBeforeMs);
}

/** A replaced deployment is shown while it has tasks; a FAILED one, until the rollback from it is through. */
function dropDrained(world: World, service: Service, primary: Deployment): void {
  const tasks = liveTasks(world, service);
  service.deployments = service.deployments.filter((deployment) =>
    deployment === primary || deployment.rolloutState === "FAILED" ||
    tasks.some(({ startedBy }) => startedBy === deployment.id)
  );
}

function isSteady(world: World, service: Service, primary: Deployment): boolean {
  const tasks = liveTasks(world, service);
  return tasks.length === service.desiredCount &&
    tasks.every((task) => task.startedBy === primary.id && task.healthy && wanted(task));
}

/** Whether enough of a rolling deployment in progress is healthy to call it complete, the old tasks left aside. */
function isHealthyEnough(world: World, service: Service, primary: Deployment): boolean {
  const early = shiftsTraffic(service) ? undefined : earlySuccessOf(service);
  if (!early) return isSteady(world, service, primary);
  const healthy = liveTasks(world, service).filter((task) => task.startedBy === primary.id && task.healthy);
  return healthy.length >= Math.min(early.healthyTasks, service.desiredCount);
}

/** When a deployment that has been healthy enough for a while has baked, too: where alarms are watched, that takes longer. */
function bakedAtMs(world: World, service: Service): number {
  const since = service.completableSinceMs ?? world.nowMs;
  return since + SETTLE_MS + (shiftsTraffic(service) ? 0 : bakeTimeMs(world, service));
}

/** An early success that waits for the clean-up stops what is left of the old tasks, however many new ones are missing. */
function isCleaningUp(world: World, service: Service, primary: Deployment): boolean {
  const early = shiftsTraffic(service) ? undefined : earlySuccessOf(service);
  if (!early || service.completableSinceMs === undefined) return false;
  return primary.rolloutState === "IN_PROGRESS" && world.nowMs >= bakedAtMs(world, service);
}

function completeIfDue(world: World, service: Service, primary: Deployment): void {
  if (primary.rolloutState !== "IN_PROGRESS" || !isHealthyEnough(world, service, primary)) {
    delete service.completableSinceMs;
    return;
  }
  service.completableSinceMs ??= world.nowMs;
  const dueAtMs = bakedAtMs(world, service);
  if (world.nowMs < dueAtMs) return wakeAt(service, dueAtMs);
  const early = shiftsTraffic(service) ? undefined : earlySuccessOf(service);
  const isOldLeft = liveTasks(world, service).some(({ startedBy }) => startedBy !== primary.id);
  if (!early?.waitsForCleanup || !isOldLeft) return completes(world, service, primary);
  // Not the stopping itself brings the scheduler back: what is to be stopped has to be seen as that first.
  if (liveTasks(world, service).some((task) => wanted(task) && task.startedBy !== primary.id)) {
    wakeAt(service, world.nowMs + 1_000);
  }
}

function settle(world: World, service: Service, primary: Deployment): void {
  if (service.status === "ACTIVE") completeIfDue(world, service, primary);
  if (primary.rolloutState === "FAILED" || service.status !== "ACTIVE" || !isSteady(world, service, primary)) {
    delete service.steadySinceMs;
    delete service.steadyReportedAtMs;
    return;
  }
  service.steadySinceMs ??= world.nowMs;
  const settledAtMs = service.steadySinceMs + SETTLE_MS;
  if (world.nowMs < settledAtMs) return wakeAt(service, settledAtMs);
  if (primary.rolloutState === "IN_PROGRESS") return;
  if (world.nowMs >= (service.steadyReportedAtMs ?? -Infinity) + STEADY_EVENT_EVERY_MS) {
    service.steadyReportedAtMs = world.nowMs;
    record(world, service, "has reached a steady state.");
  }
  wakeAt(service, (service.steadyReportedAtMs ?? world.nowMs) + STEADY_EVENT_EVERY_MS);
}

function completes(world: World, service: Service, primary: Deployment): void {
  primary.rolloutState = "COMPLETED";
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAtMs = world.nowMs;
  primary.isRollback = false;
  delete service.completableSinceMs;
  // After an early success others may still have tasks, which are stopped in the background.
  const busy = new Set(liveTasks(world, service).map(({ startedBy }) => startedBy));
  service.deployments = service.deployments.filter((one) => one === primary || busy.has(one.id));
  const { id: deploymentId, taskDefinition, serviceRevisionArn } = primary;
  service.lastCompleted = { deploymentId, taskDefinition, serviceRevisionArn };
  service.blueRevisionArn = serviceRevisionArn;
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  if (serviceDeployment) {
    finishServiceDeployment(
      world,
      serviceDeployment,
      serviceDeployment.rollback ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL",
    );
  }
  record(world, service, `(deployment ${primary.id}) deployment completed.`);
  // Scale-in has waited for this.
  scale(world, service);
}

function becomesInactive(service: Service): void {
  service.status = "INACTIVE";
  service.deployments = [];
  delete service.wakeAtMs;
}
