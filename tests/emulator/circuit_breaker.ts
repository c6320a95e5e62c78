/** The deployment circuit breaker: gives up on a deployment whose tasks keep failing, and goes back if it may. */
import { breakerOf, breakerThreshold } from "./deployment_criteria.ts";
import { serviceDeploymentInProgress } from "./deployments.ts";
import { failDeployment } from "./fail_deployment.ts";
import type { Deployment, Service, World } from "./model.ts";

/** The record's words: public reports, and the acceptance tests of hashicorp/terraform-provider-aws. */
const TASKS_FAILED = {
  detector: "ECS deployment circuit breaker",
  finding: "tasks failed to start",
  inRecord: "the circuit breaker threshold was exceeded",
};

/** Trips when the failures have reached the threshold. Returns whether it did. */
export function tripIfDue(world: World, service: Service, deployment: Deployment): boolean {
  const breaker = breakerOf(service);
  const threshold = breakerThreshold(service);
  const failures = deployment.breakerFailures;
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  if (serviceDeployment) Object.assign(serviceDeployment.breaker, { failures, threshold });
  if (!breaker.enable || deployment.rolloutState !== "IN_PROGRESS" || failures < threshold) return false;

  if (serviceDeployment) serviceDeployment.breaker.status = "TRIGGERED";
  failDeployment(world, service, deployment, { ...TASKS_FAILED, rollback: breaker.rollback });
  return true;
}
