import type { Revision } from "../../model/arn.ts";
import { parseImageName } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, isGoingBack } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import type { AwaitDeployment, ImagesToPin, StopDeployment, UpdateService } from "./plan.ts";
import { hasPins, type KnownImages, type PinPolicy, type PlannedImage } from "./plan_images.ts";
import { planUpdate } from "./plan_update.ts";
import { comesFrom, isTurnedBackByStopping } from "./turned_back.ts";

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
  { newest, ran, images: known }: CurrentState,
  { service, target, described, isAtTarget, images }: Destination,
  attributes: JsonObject,
  pin: PinPolicy,
): StopDeployment | UpdateService {
  if (described.status !== "ACTIVE" && !isAtTarget) return planUpdate(service, newest, "registered", attributes);
  if (isTurnedBackByStopping(newest, target, ran)) {
    const otherwise = planUpdate(service, newest, target, attributes);
    const { arn } = newest.deployment;
    return {
      kind: "stopDeployment",
      arn,
      to: target,
      otherwise,
      ...imagesToPin(known, images, { pin, isDeployed: service.taskDefinition === target.arn }),
    };
  }
  return planUpdate(service, newest, hasPins(images) ? "registered" : target, attributes);
}

/** ECS goes back to the same images, whatever their tags name by now; an update would not. */
function imagesToPin(
  known: KnownImages | undefined,
  images: readonly PlannedImage[],
  others: Pick<ImagesToPin, "pin" | "isDeployed">,
): Pick<StopDeployment, "images"> {
  const mayMove = images.some(({ image, ran, isConsistent }) =>
    ran !== undefined && isConsistent && parseImageName(image).digest === undefined
  );
  if (known === undefined || others.pin === "never" || !mayMove) return {};
  const written = images.map(({ container, image, isConsistent }) => ({ container, image, isConsistent }));
  return { images: { written, known: { ran: known.ran, running: known.running }, ...others } };
}
