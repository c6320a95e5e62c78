/** The deployment circuit breaker: gives up on a deployment whose tasks keep failing, and goes back if it may. */
import {
  breakerThreshold,
  circuitBreakerOf,
  finishServiceDeployment,
  rollBackTo,
  serviceDeploymentInProgress,
} from "./deployments.ts";
import type { Deployment, Service, World } from "./model.ts";
import { record } from "./service_events.ts";

const TASKS_FAILED_TO_START = "ECS deployment circuit breaker: tasks failed to start.";

/** Trips when the consecutive failures have reached the threshold. Returns whether it did. */
export function tripIfDue(world: World, service: Service, deployment: Deployment): boolean {
  const breaker = circuitBreakerOf(service);
  const threshold = breakerThreshold(service.desiredCount);
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  if (serviceDeployment) serviceDeployment.breaker.failures = deployment.failedTasks;
  if (!breaker.enable || deployment.rolloutState !== "IN_PROGRESS" || deployment.failedTasks < threshold) return false;

  deployment.rolloutState = "FAILED";
  deployment.rolloutStateReason = TASKS_FAILED_TO_START;
  deployment.updatedAtMs = world.nowMs;
  if (serviceDeployment) serviceDeployment.breaker.status = "TRIGGERED";
  record(world, service, `(deployment ${deployment.id}) deployment failed: tasks failed to start.`);
  if (breaker.rollback) rollBack(world, service, deployment);
  else if (serviceDeployment) finishServiceDeployment(world, serviceDeployment, "STOPPED", TASKS_FAILED_TO_START);
  return true;
}

/** With no completed deployment to go back to, or when the rollback itself has failed, the service stalls. */
function rollBack(world: World, service: Service, failed: Deployment): void {
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  const revision = world.serviceRevisions.find(({ arn }) => arn === service.lastCompleted?.serviceRevisionArn);
  if (!revision || failed.isRollback) {
    const status = failed.isRollback ? "ROLLBACK_FAILED" : "STOPPED";
    if (serviceDeployment) finishServiceDeployment(world, serviceDeployment, status, TASKS_FAILED_TO_START);
    return;
  }
  const deployment = rollBackTo(world, service, revision, TASKS_FAILED_TO_START);
  deployment.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${deployment.id}.`;
  record(world, service, `rolling back to deployment ${deployment.id}.`);
}
