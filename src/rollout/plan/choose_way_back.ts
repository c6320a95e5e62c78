import type { Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, isGoingBack, type ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import type { NewestDeployment } from "../read/read_service.ts";
import type { AwaitDeployment, StopDeployment, UpdateService } from "./plan.ts";
import { hasPins, type PlannedImage } from "./plan_images.ts";
import { planUpdate } from "./plan_update.ts";

/** Where a rollback goes. */
interface Destination {
  readonly service: ServiceSnapshot;
  readonly target: Revision;
  readonly described: TaskDefinition;
  readonly isAtTarget: boolean;
  readonly images: readonly PlannedImage[];
}

/** ECS may be on its way to the target: by its own circuit breaker, or by somebody's order. Then nothing is started. */
export function chooseFollowed(
  { newest, ran }: CurrentState,
  service: ServiceSnapshot,
  target: Revision,
  isAtTarget: boolean,
): AwaitDeployment["follows"] {
  const primary = primaryDeployment(service);
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && comesFrom(newest, target, ran) && isGoingBack(newest.deployment)) {
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "rollback" };
  }
  if (!isAtTarget || primary === undefined) return undefined;
  return isUnderWay && service.deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}

/** Stopping a deployment that came from the target alone is faster than another deployment on top of it. */
export function chooseWayBack(
  { newest, ran }: CurrentState,
  { service, target, described, isAtTarget, images }: Destination,
  attributes: JsonObject,
): StopDeployment | UpdateService {
  if (described.status !== "ACTIVE" && !isAtTarget) return planUpdate(service, newest, "registered", attributes);
  const isStoppable = newest?.deployment.status === "PENDING" || newest?.deployment.status === "IN_PROGRESS";
  if (isStoppable && comesFrom(newest, target, ran)) {
    // ECS goes back to the same images, whatever their tags name by now.
    const otherwise = hasPins(images) ? undefined : planUpdate(service, newest, target, attributes);
    return { kind: "stopDeployment", arn: newest.deployment.arn, to: target, otherwise };
  }
  return planUpdate(service, newest, hasPins(images) ? "registered" : target, attributes);
}

/** Whether ECS would go back from a deployment to the images of the target that are meant. */
function comesFrom(
  { cameFrom, source }: NewestDeployment,
  target: Revision,
  ran: ServiceRevision | undefined,
): boolean {
  return cameFrom === target.arn && ranTheSame(source?.images, ran?.images);
}
