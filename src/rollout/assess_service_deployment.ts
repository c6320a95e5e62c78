import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../ecs/service.ts";
import type { ServiceDeployment } from "../ecs/service_deployment.ts";
import type { Phase } from "./assess.ts";

/** How the followed service deployment is to end: by reaching its own target, or (after a stop) by going back. */
export type Goal = "success" | "rollback";

/**
 * Judges a service deployment, which is what tells of blue/green, linear and canary strategies and of a deployment that
 * was told to stop; `rolloutState` is documented for rolling deployments only.
 *
 * @param taskDefinition the ARN that the service has to have in the end
 */
export function assessServiceDeployment(
  service: ServiceSnapshot,
  deployment: ServiceDeployment,
  goal: Goal,
  taskDefinition: string,
): Phase {
  if (service.status !== "ACTIVE") return { kind: "gone", status: service.status };
  const primary = primaryDeployment(service);
  const reason = deployment.statusReason ?? deployment.rollback?.reason ?? `service deployment ${deployment.status}`;
  switch (deployment.status) {
    case "SUCCESSFUL":
      if (goal === "success") return reached(primary, taskDefinition);
      return { kind: "failed", reason: "the deployment was completed before ECS stopped it" };
    case "ROLLBACK_SUCCESSFUL":
      if (goal === "rollback") return reached(primary, taskDefinition);
      return { kind: "rolledBackByEcs", to: primary, reason };
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      if (goal === "rollback") return { kind: "progressing" };
      return { kind: "rolledBackByEcs", to: undefined, reason };
    case "ROLLBACK_FAILED":
      return { kind: "failed", reason };
    case "STOPPED":
      // ECS stops a deployment when another one takes its place.
      if (primary !== undefined && primary.taskDefinition !== taskDefinition) {
        return { kind: "superseded", by: primary };
      }
      return { kind: "failed", reason };
    default:
      return { kind: "progressing" };
  }
}

/** ECS says that it is done; a read of the service that lags behind is waited for. */
function reached(primary: Deployment | undefined, taskDefinition: string): Phase {
  if (primary === undefined || primary.taskDefinition !== taskDefinition) return { kind: "progressing" };
  return primary.runningCount === primary.desiredCount ? { kind: "succeeded" } : { kind: "progressing" };
}
