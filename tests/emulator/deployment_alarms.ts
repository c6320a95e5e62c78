/**
 * CloudWatch alarms of a deployment: one that goes off while the deployment is watched ends it. ECS watches from the first
 * running task on until the bake time is over. Alarms that are off already when a deployment begins are not watched by it.
 */
import { serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import { failDeployment } from "./fail_deployment.ts";
import type { Deployment, JsonObject, Service, ServiceDeployment, World } from "./model.ts";
import { liveTasks } from "./tasks.ts";

/** AWS computes it from the alarms' periods, and lets nobody set it. */
const BAKE_TIME_MS = 60_000;
/** The service event's words are AWS's; what `rolloutStateReason` says in this case is written down nowhere. */
const ALARM_DETECTED = { detector: "ECS deployment failed", finding: "alarm detected" };

/** Sets an alarm off, and it stays so. */
export function triggerAlarm(world: World, name: string): void {
  if (!world.alarmsInAlarm.includes(name)) world.alarmsInAlarm.push(name);
  for (const service of world.services) {
    if (serviceDeploymentInProgress(world, service)?.alarms.names.includes(name)) wakeAt(service, world.nowMs);
  }
}

/** Ends a deployment where one of its alarms is off. Returns whether one is. */
export function endOnAlarm(world: World, service: Service, primary: Deployment): boolean {
  const deployment = serviceDeploymentInProgress(world, service);
  if (!deployment || !isWatched(world, service, primary, deployment)) return false;
  const triggered = deployment.alarms.names.filter((name) => world.alarmsInAlarm.includes(name));
  if (triggered.length === 0) return false;
  deployment.alarms = { ...deployment.alarms, status: "TRIGGERED", triggered };
  const { rollback } = deployment.deploymentConfiguration.alarms as JsonObject;
  failDeployment(world, service, primary, { ...ALARM_DETECTED, rollback: rollback === true });
  return true;
}

/** How long a rolling deployment stays IN_PROGRESS after it has become steady. */
export function bakeTimeMs(world: World, service: Service): number {
  const deployment = serviceDeploymentInProgress(world, service);
  return deployment?.alarms.status === "MONITORING" && !deployment.rollback ? BAKE_TIME_MS : 0;
}

function isWatched(world: World, service: Service, primary: Deployment, deployment: ServiceDeployment): boolean {
  return deployment.alarms.status === "MONITORING" && !deployment.rollback &&
    primary.rolloutState === "IN_PROGRESS" && deployment.lifecycleStage !== "CLEAN_UP" &&
    liveTasks(world, service).some((task) => task.startedBy === primary.id && task.lastStatus === "RUNNING");
}
