/** A service deployment that was told to stop is STOP_REQUESTED for a while; then ECS goes back to where it came from. */
import { rollBackTo, serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import type { Service, ServiceDeployment, World } from "./model.ts";
import { revisionBefore } from "./traffic_shift.ts";

const STOPPED_BY_USER = "Service deployment rolled back by StopServiceDeployment.";

/** Takes the order to stop a service deployment that has something to go back to. */
export function requestStop(world: World, service: Service, deployment: ServiceDeployment): void {
  deployment.status = "STOP_REQUESTED";
  deployment.updatedAtMs = world.nowMs;
  deployment.stopsAtMs = world.nowMs + world.settings.stopRequestedMs;
  goBackIfDue(world, service);
}

/** Goes back where that was asked for, and its time has come. */
export function goBackIfDue(world: World, service: Service): void {
  const deployment = serviceDeploymentInProgress(world, service);
  if (deployment?.status !== "STOP_REQUESTED" || deployment.stopsAtMs === undefined) return;
  if (world.nowMs < deployment.stopsAtMs) return wakeAt(service, deployment.stopsAtMs);
  const source = revisionBefore(world, service, deployment);
  if (!source) return;
  deployment.statusReason = STOPPED_BY_USER;
  rollBackTo(world, service, source, STOPPED_BY_USER);
}
