import type { Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import { hasEnded, isGoingBack, type ServiceDeployment, type ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";

/** The newest service deployment, and what ECS goes back to, or would: its source, until ECS names another. */
export interface NewestDeployment {
  readonly deployment: ServiceDeployment;
  /** The ARN of the task definition to go back to; `undefined` after the end, and with several sources or none. */
  readonly cameFrom: string | undefined;
  /** The service revision to go back to. */
  readonly source?: ServiceRevision | undefined;
}

/** Whether ECS would go back from a deployment to the target, with the images that are meant. */
export function comesFrom(
  { cameFrom, source }: NewestDeployment,
  target: Revision,
  ran: ServiceRevision | undefined,
): boolean {
  return cameFrom === target.arn && ranTheSame(source?.images, ran?.images);
}

/** Whether ECS goes back to the target by itself, or will once the deployment under way is stopped. Pure. */
export function isTurnedBackByEcs(
  newest: NewestDeployment | undefined,
  target: TaskDefinition,
  ran: ServiceRevision | undefined,
): boolean {
  if (newest === undefined || hasEnded(newest.deployment) || !comesFrom(newest, target, ran)) return false;
  return isGoingBack(newest.deployment) || (target.status === "ACTIVE" && isTurnedBackByStopping(newest, target, ran));
}

/** Whether ECS goes back to the target by itself as soon as the deployment under way is stopped. Pure. */
export function isTurnedBackByStopping(
  newest: NewestDeployment | undefined,
  target: Revision,
  ran: ServiceRevision | undefined,
): newest is NewestDeployment {
  const isStoppable = newest?.deployment.status === "PENDING" || newest?.deployment.status === "IN_PROGRESS";
  return isStoppable && comesFrom(newest, target, ran);
}
