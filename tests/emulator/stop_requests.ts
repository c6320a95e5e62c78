/**
 * A service deployment that was asked to stop is ROLLBACK_REQUESTED for a while; then ECS goes back to where it came from.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
import { rollBackTo, serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import type { Service, World } from "./model.ts";
import type { ServiceDeployment } from "./service_deployment_model.ts";
import { revisionBefore } from "./traffic_shift.ts";

const STOPPED_BY_USER = "Service deployment rolled back by StopServiceDeployment.";

/** Takes the order to stop a service deployment that has something to go back to. One that goes back already, goes on. */
export function requestStop(world: World, service: Service, deployment: ServiceDeployment): void {
  if (deployment.status !== "PENDING" && deployment.status !== "IN_PROGRESS") return;
  deployment.status = "ROLLBACK_REQUESTED";
  deployment.updatedAtMs = world.nowMs;
  deployment.goesBackAtMs = world.nowMs + world.settings.rollbackRequestedMs;
  goBackIfDue(world, service);
}

/** Goes back where that was asked for, and its time has come. */
export function goBackIfDue(world: World, service: Service): void {
  const deployment = serviceDeploymentInProgress(world, service);
  if (deployment?.status !== "ROLLBACK_REQUESTED" || deployment.goesBackAtMs === undefined) return;
  if (world.nowMs < deployment.goesBackAtMs) return wakeAt(service, deployment.goesBackAtMs);
  const source = revisionBefore(world, service, deployment);
  if (!source) return;
  deployment.statusReason = STOPPED_BY_USER;
  rollBackTo(world, service, source, STOPPED_BY_USER);
}
