import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { type Phase, runsEnough, type WaitUntil } from "./assess.ts";

/**
 * How the followed service deployment is to end: by reaching its own target, by going back as it was told to, or by going
 * back because it has failed (which is its end, but no success).
 */
export type Goal = "success" | "rollback" | "reversal";

/** What a followed service deployment is to lead to. */
export interface Destination {
  readonly goal: Goal;
  readonly until: WaitUntil;
  /** The ARN that the service has to have in the end. */
  readonly taskDefinition: string;
  /** The ids of the deployments from before: a read that lags behind a write still shows one of them as PRIMARY. */
  readonly predecessors: ReadonlySet<string>;
}

/**
 * Judges a service deployment, which is what tells of blue/green, linear and canary strategies and of a deployment that
 * was told to stop; `rolloutState` is documented for rolling deployments only.
 */
export function assessServiceDeployment(
  service: ServiceSnapshot,
  deployment: ServiceDeployment,
  destination: Destination,
): Phase {
  if (service.status !== "ACTIVE") return { kind: "gone", status: service.status };
  const { goal } = destination;
  const primary = primaryDeployment(service);
  const reason = deployment.statusReason ?? deployment.rollback?.reason ??
    { code: "serviceDeploymentEnded" as const, status: deployment.status };
  if (deployment.status === "ROLLBACK_FAILED") return { kind: "failed", reason };
  if (goal === "success" && deployment.status.startsWith("ROLLBACK_")) {
    return { kind: "rolledBackByEcs", to: deployment.status === "ROLLBACK_SUCCESSFUL" ? primary : undefined, reason };
  }
  const newcomer = findNewcomer(primary, destination);
  if (newcomer !== undefined) return { kind: "superseded", by: newcomer };
  switch (deployment.status) {
    case "SUCCESSFUL":
      if (goal === "success") return reached(service, primary, destination);
      return { kind: "failed", reason: { code: "completedBeforeStop" } };
    case "ROLLBACK_SUCCESSFUL": {
      const phase = reached(service, primary, destination);
      return phase.kind === "succeeded" && goal === "reversal"
        ? { kind: "rolledBackByEcs", to: primary, reason }
        : phase;
    }
    case "STOPPED":
      // Also where another deployment took its place that a read of the service, lagging behind, does not show yet.
      return { kind: "failed", reason };
    default:
      return { kind: "progressing" };
  }
}

/** A PRIMARY deployment that was not there before and does not lead to the target is somebody else's. */
function findNewcomer(
  primary: Deployment | undefined,
  { taskDefinition, predecessors }: Destination,
): Deployment | undefined {
  return primary?.taskDefinition === taskDefinition || predecessors.has(primary?.id ?? "") ? undefined : primary;
}

/** ECS says that it is done; a read of the service that lags behind is waited for. */
function reached(
  service: ServiceSnapshot,
  primary: Deployment | undefined,
  { taskDefinition, until }: Destination,
): Phase {
  if (primary === undefined || primary.taskDefinition !== taskDefinition) return { kind: "progressing" };
  const isReached = until === "deployed" || runsEnough(service, primary);
  return { kind: isReached ? "succeeded" : "progressing" };
}
