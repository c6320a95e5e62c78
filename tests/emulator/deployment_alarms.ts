/**
 * CloudWatch alarms of a deployment: one that goes off while the deployment is watched ends it. ECS watches from the first
 * running task on until the bake time is over. Where one is in ALARM already when a deployment begins, ECS watches none of
 * them for it: "Amazon ECS ignores the alarm configuration", so that a mended release can be deployed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
import { serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import { failDeployment } from "./fail_deployment.ts";
import type { Deployment, JsonObject, Service, World } from "./model.ts";
import type { ServiceDeployment } from "./service_deployment_model.ts";
import { liveTasks } from "./tasks.ts";

/** AWS computes it from the alarms' periods, and lets nobody set it. */
const BAKE_TIME_MS = 60_000;
/** The words of event and record are AWS's; what `rolloutStateReason` says in this case is written down nowhere. */
const ALARM_DETECTED = {
  detector: "ECS deployment failed",
  finding: "alarm detected",
  inRecord: "of one or more active alarms",
};

/** An alarm of Amazon CloudWatch. */
export interface Alarm {
  name: string;
  type: "MetricAlarm" | "CompositeAlarm";
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  changedAtMs: number;
  /** Each change of its state, oldest first. */
  changes: { atMs: number; from: Alarm["state"]; to: Alarm["state"] }[];
}

/** Brings an alarm into a state, in which it stays. One that is not there yet is made. */
export function setAlarm(world: World, name: string, state: Alarm["state"], type: Alarm["type"] = "MetricAlarm"): void {
  const before = world.alarms[name];
  const isNews = before !== undefined && before.state !== state;
  const change = isNews ? [{ atMs: world.nowMs, from: before.state, to: state }] : [];
  const changes = [...before?.changes ?? [], ...change];
  world.alarms[name] = { name, type: before?.type ?? type, state, changedAtMs: world.nowMs, changes };
  for (const service of world.services) {
    if (serviceDeploymentInProgress(world, service)?.alarms.names.includes(name)) wakeAt(service, world.nowMs);
  }
}

/** Ends a deployment where one of its alarms is off. Returns whether one is. */
export function endOnAlarm(world: World, service: Service, primary: Deployment): boolean {
  const deployment = serviceDeploymentInProgress(world, service);
  if (!deployment || !isWatched(world, service, primary, deployment)) return false;
  const triggered = deployment.alarms.names.filter((name) => isInAlarm(world, name));
  if (triggered.length === 0) return false;
  deployment.alarms = { ...deployment.alarms, status: "TRIGGERED", triggered };
  const { rollback } = deployment.deploymentConfiguration.alarms as JsonObject;
  failDeployment(world, service, primary, { ...ALARM_DETECTED, rollback: rollback === true });
  return true;
}

function isInAlarm(world: World, name: string): boolean {
  return world.alarms[name]?.state === "ALARM";
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
