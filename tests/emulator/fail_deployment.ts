/** The end of a deployment that ECS gives up on, by itself: FAILED, and back to the last one that completed if it may. */
import { finishServiceDeployment, rollBackTo, serviceDeploymentInProgress } from "./deployments.ts";
import type { Deployment, Service, World } from "./model.ts";
import { record, taskList } from "./service_events.ts";
import { liveTasks, startTask } from "./tasks.ts";
import { shiftsTraffic } from "./traffic_shift.ts";

/** What has made ECS give up, in its words. */
interface Cause {
  /** How a reason begins: `ECS deployment circuit breaker`. */
  detector: string;
  /** What was detected: `tasks failed to start`. */
  finding: string;
  /** How the record of a service deployment that ECS rolls back says it, behind `because `. */
  inRecord: string;
  /** Whether ECS goes back by itself. */
  rollback: boolean;
}

/** Sets a deployment FAILED. Its tasks stay as they are, unless ECS goes back. */
export function failDeployment(world: World, service: Service, deployment: Deployment, cause: Cause): void {
  const reason = `${cause.detector}: ${cause.finding}.`;
  deployment.rolloutState = "FAILED";
  deployment.rolloutStateReason = reason;
  deployment.updatedAtMs = world.nowMs;
  for (const other of service.deployments) {
    other.keeps = other === deployment ? 0 : countWanted(world, service, other);
  }
  record(world, service, `(deployment ${deployment.id}) deployment failed: ${cause.finding}.`);
  if (cause.rollback) return rollBack(world, service, deployment, reason, cause);
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  if (serviceDeployment) finishServiceDeployment(world, serviceDeployment, "STOPPED", reason);
}

/** With no completed deployment to go back to, or when the rollback itself has failed, the service stalls. */
function rollBack(world: World, service: Service, failed: Deployment, reason: string, cause: Cause): void {
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  const revision = world.serviceRevisions.find(({ arn }) => arn === service.lastCompleted?.serviceRevisionArn);
  if (!revision || failed.isRollback) {
    const status = failed.isRollback ? "ROLLBACK_FAILED" : "STOPPED";
    if (serviceDeployment) finishServiceDeployment(world, serviceDeployment, status, reason);
    return;
  }
  const recorded = `Service deployment rolled back because ${cause.inRecord}.`;
  if (serviceDeployment) serviceDeployment.statusReason = recorded;
  const deployment = rollBackTo(world, service, revision, recorded);
  deployment.rolloutStateReason = `${cause.detector}: rolling back to deploymentId ${deployment.id}.`;
  record(world, service, `rolling back to deployment ${deployment.id}.`);
}

/**
 * "ECS now replaces unhealthy or terminated tasks using the same service revision they belong to ... independent of the new
 * version's status."
 * https://aws.amazon.com/about-aws/whats-new/2025/11/amazon-ecs-service-availability-rolling-deployments
 */
export function replaceOld(world: World, service: Service): void {
  if (shiftsTraffic(service) || service.status !== "ACTIVE") return;
  for (const deployment of service.deployments) {
    const missing = (deployment.keeps ?? 0) - countWanted(world, service, deployment);
    if (missing <= 0) continue;
    const started = Array.from({ length: missing }, () => startTask(world, service, deployment));
    record(world, service, `has started ${started.length} tasks: ${taskList(started)}.`);
  }
}

function countWanted(world: World, service: Service, { id }: Deployment): number {
  return liveTasks(world, service).filter((task) => task.startedBy === id && task.desiredStatus === "RUNNING").length;
}
