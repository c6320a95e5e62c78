import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { Previous } from "./find_previous.ts";
import { newestFirst } from "../../model/service_deployment.ts";

/** The times of a deployment in the service, in its events and in ECS's record differ by less. */
export const SAME_TIME_MS = 60_000;

/** What ECS has gone back to, or is going back to. */
export interface ShownWayBack extends Previous {
  /** When ECS has said so, where that alone shows it and the PRIMARY deployment is no older: it may have begun since. */
  readonly eventAtMs: number | undefined;
}

/**
 * What runs, where the service shows that ECS has gone back to it, or is going back, from a deployment that failed: then
 * what runs is what ran before. ECS's record of it may lag behind, or not be readable. Not where it has failed itself. Pure.
 */
export function findShownWayBack(service: ServiceSnapshot): ShownWayBack | undefined {
  const primary = primaryDeployment(service);
  if (primary === undefined || primary.rolloutState === "FAILED") return undefined;
  const target = parseTaskDefinitionArn(primary.taskDefinition);
  const failed = liveDeployments(service).find((other) => wasLeft(other, target));
  const event = service.events.find(({ message }) => /\) rolling back to deployment ecs-svc\/[0-9]+/.test(message));
  const hasBegunSince = event !== undefined && primary.createdAtMs > event.createdAtMs + SAME_TIME_MS;
  if (failed === undefined && (event === undefined || hasBegunSince)) return undefined;
  const isNoOlder = event !== undefined && primary.createdAtMs >= event.createdAtMs;
  return {
    target,
    reason: { code: "ecsWentBack", target, failed: failed && parseTaskDefinitionArn(failed.taskDefinition) },
    eventAtMs: failed === undefined && isNoOlder ? event.createdAtMs : undefined,
  };
}

/** Whether a deployment has failed that what is PRIMARY now was there before; a newer revision has been deployed over it. */
function wasLeft({ rolloutState, rolloutStateReason = "", taskDefinition }: Deployment, primary: Revision): boolean {
  const hasFailed = rolloutState === "FAILED" || /rolling back to deployment/i.test(rolloutStateReason);
  if (!hasFailed || taskDefinition === primary.arn) return false;
  const { family, revision } = parseTaskDefinitionArn(taskDefinition);
  return family !== primary.family || revision > primary.revision;
}

/**
 * What ran before, where the service still shows it: a deployment that was completed, or has tasks, and is being replaced by
 * the one that runs. Pure.
 */
export function findShownPrevious(service: ServiceSnapshot): Previous | undefined {
  const primary = primaryDeployment(service);
  const isReplaced = ({ rolloutState, runningCount, taskDefinition, createdAtMs }: Deployment) => {
    const hasRun = rolloutState === "COMPLETED" || (rolloutState === undefined && runningCount > 0);
    return hasRun && primary && taskDefinition !== primary.taskDefinition && createdAtMs <= primary.createdAtMs;
  };
  const [replaced] = newestFirst(liveDeployments(service).filter(isReplaced));
  if (replaced === undefined) return undefined;
  const target = parseTaskDefinitionArn(replaced.taskDefinition);
  return { target, reason: { code: "beingReplaced", target } };
}
