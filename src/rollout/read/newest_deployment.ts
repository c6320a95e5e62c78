import type { Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import {
  hasEnded,
  isBeingRolledBack,
  type ServiceDeployment,
  type ServiceRevision,
} from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";

/** The newest service deployment, and what ECS rolls back to, or would: its source, until ECS names another. */
export interface NewestDeployment {
  readonly deployment: ServiceDeployment;
  /** The ARN of the task definition to roll back to; `undefined` after the end, and with several sources or none. */
  readonly cameFrom: string | undefined;
  /** The service revision to roll back to. */
  readonly source?: ServiceRevision | undefined;
}

/** Whether ECS would roll a deployment back to the target, with the images that ran then. */
export function comesFrom(
  { cameFrom, source }: NewestDeployment,
  target: Revision,
  ran: ServiceRevision | undefined,
): boolean {
  return cameFrom === target.arn && ranTheSame(source?.images, ran?.images);
}

/** Whether ECS is rolling back to the target, or will once the deployment under way is stopped. Pure. */
export function ecsRollsBackTo(
  newest: NewestDeployment | undefined,
  target: TaskDefinition,
  ran: ServiceRevision | undefined,
): boolean {
  if (newest === undefined || hasEnded(newest.deployment) || !comesFrom(newest, target, ran)) return false;
  return isBeingRolledBack(newest.deployment) ||
    (target.status === "ACTIVE" && stoppingRollsBackTo(newest, target, ran));
}

/** Whether ECS rolls back to the target once the deployment under way is stopped. Pure. */
export function stoppingRollsBackTo(
  newest: NewestDeployment | undefined,
  target: Revision,
  ran: ServiceRevision | undefined,
): newest is NewestDeployment {
  const isStoppable = newest?.deployment.status === "PENDING" || newest?.deployment.status === "IN_PROGRESS";
  return isStoppable && comesFrom(newest, target, ran);
}
