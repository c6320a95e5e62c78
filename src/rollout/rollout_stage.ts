import { speaksOfFailure } from "../diagnosis/diagnose_events.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../model/service.ts";
import { hasFailed, hasGoneBack, isGoingBack, type ServiceDeployment } from "../model/service_deployment.ts";
import { readTasksSign, showsFailure } from "./failure_signs.ts";

/**
 * How far ECS is with a service's newest deployment, where that is not simply done. `short`: it is completed, and tasks are
 * missing again.
 */
export type RolloutStage = "underWay" | "short" | "failed" | "goingBack" | "wentBack";

/** `undefined`: the newest deployment is completed and its tasks run, as far as the service and ECS's record of it show. */
export function findRolloutStage(
  service: ServiceSnapshot,
  record: ServiceDeployment | undefined,
): RolloutStage | undefined {
  const primary = primaryDeployment(service);
  if (primary === undefined || service.deploymentController !== "ECS") return undefined;
  if (record !== undefined && isGoingBack(record)) return "goingBack";
  if (record !== undefined && hasFailed(record)) return hasGoneBack(record) ? "wentBack" : "failed";
  if (othersOf(service).some(({ rolloutState }) => rolloutState === "FAILED")) return "goingBack";
  if (primary.rolloutState === "FAILED") return "failed";
  const isUnderWay = primary.rolloutState === "IN_PROGRESS" || record?.status === "IN_PROGRESS";
  if (isUnderWay) return "underWay";
  return primary.runningCount < primary.desiredCount ? "short" : undefined;
}

/** The deployment that the stage is about, while ECS still lists it. */
export function findDeploymentOf(stage: RolloutStage, service: ServiceSnapshot): Deployment | undefined {
  if (stage === "wentBack") return undefined;
  if (stage !== "goingBack") return primaryDeployment(service);
  const newestFirst = othersOf(service).toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  return newestFirst.find(({ rolloutState }) => rolloutState === "FAILED") ?? newestFirst[0];
}

/** Whether the service alone shows that tasks have failed, or are missing: only then it is worth asking why. */
export function showsTrouble(service: ServiceSnapshot): boolean {
  const primary = primaryDeployment(service);
  if (primary === undefined || service.deploymentController !== "ECS") return false;
  if (liveDeployments(service).some((one) => one.failedTasks > 0 || one.rolloutState === "FAILED")) return true;
  if (primary.rolloutState === "COMPLETED") return primary.runningCount < primary.desiredCount;
  return showsFailure(readTasksSign(service, primary, primary.createdAtMs), undefined);
}

/** Whether the newest deployment may have failed although none is under way: then only ECS's record of it says so. */
export function mayHaveFailed(service: ServiceSnapshot): boolean {
  const primary = primaryDeployment(service);
  if (primary === undefined || service.deploymentController !== "ECS") return false;
  if (primary.rolloutState === "IN_PROGRESS") return false;
  return primary.rolloutState === "FAILED" || service.events.some(speaksOfFailure);
}

function othersOf(service: ServiceSnapshot): Deployment[] {
  return liveDeployments(service).filter(({ status }) => status !== "PRIMARY");
}
