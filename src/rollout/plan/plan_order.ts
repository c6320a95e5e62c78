import type { CurrentState } from "../read/current_state.ts";
import type { Revision } from "../../model/arn.ts";
import { parseImageName } from "../../model/images.ts";
import { type JsonObject, objectIn, textIn } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, isBeingRolledBack } from "../../model/service_deployment.ts";
import type { DefinitionChange } from "../../model/definition_change.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { AwaitDeployment, ImagesToPin, StopDeployment, TaskDefinitionRef, UpdateService } from "./plan.ts";
import { hasPins, type KnownImages, type PinPolicy, type PlannedImage } from "../judge/planned_images.ts";
import type { ChosenRevision } from "../read/chosen_revision.ts";
import { comesFrom, type NewestDeployment, stoppingRollsBackTo } from "../read/newest_deployment.ts";

/** What decides whether ECS rolls back by itself, and to which images. */
type Known = Pick<CurrentState, "newest" | "ran" | "images">;

/** The deployment that is already bringing the target, by an order or by ECS's own rollback; it is only followed. */
export function findDeploymentToTarget(
  { newest, ran }: Known,
  service: ServiceSnapshot,
  target: Revision,
  isAtTarget: boolean,
): AwaitDeployment["follows"] {
  const primary = primaryDeployment(service);
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && comesFrom(newest, target, ran) && isBeingRolledBack(newest.deployment)) {
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "rollback" };
  }
  if (!isAtTarget || primary === undefined) return undefined;
  return isUnderWay && service.deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}

/** Stops the deployment under way where it came from the target, which is faster; otherwise, updates the service. */
export function chooseRollbackOrder(
  { newest, ran, images: known }: Known,
  { service, target, described, isAtTarget, images }: Position,
  attributes: JsonObject,
  pin: PinPolicy,
): StopDeployment | UpdateService {
  if (described.status !== "ACTIVE" && !isAtTarget) return planUpdate(service, newest, "registered", attributes);
  if (stoppingRollsBackTo(newest, target, ran)) {
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

/** The images to pin in an update after a refused stop: ECS would go back to what ran, but an update resolves tags. */
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

/**
 * One UpdateService. Where it starts a deployment by another strategy than rolling, the service deployment to follow is
 * the next one after the newest that there is now.
 *
 * @param taskDefinition `undefined`: the service keeps its own
 */
export function planUpdate<Ref extends TaskDefinitionRef | undefined>(
  service: ServiceSnapshot,
  newest: NewestDeployment | undefined,
  taskDefinition: Ref,
  attributes: JsonObject = {},
): UpdateService & { readonly taskDefinition: Ref } {
  const deploys = taskDefinition !== undefined || startsDeployment(attributes);
  const isFollowedByRecord = deploys && strategyWith(attributes, service) !== "ROLLING";
  return {
    kind: "updateService",
    taskDefinition,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(isFollowedByRecord && { newerThan: { serviceDeployment: newest?.deployment.arn } }),
  };
}

/**
 * Members for which an update never starts a deployment, as the reference says of each:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const STARTS_NONE: ReadonlySet<string> = new Set([
  ...["availabilityZoneRebalancing", "capacityProviderStrategy", "deploymentConfiguration", "deploymentController"],
  ...["desiredCount", "enableECSManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds"],
  ...["placementConstraints", "placementStrategy", "propagateTags"],
]);

/**
 * Whether UpdateService starts a deployment for these members alone. The reference does not say of all, such as
 * `monitoring`, that they start none, and later versions of the API add others: these may.
 */
export function startsDeployment(attributes: JsonObject): boolean {
  return Object.keys(attributes).some((name) => !STARTS_NONE.has(name));
}

/**
 * Adds `forceNewDeployment` where ECS refuses a change without it: "When switching from launch type to capacity
 * provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is
 * already using one, you must force a new deployment."
 */
export function forceWhereRequired(attributes: JsonObject): JsonObject {
  return Object.hasOwn(attributes, "capacityProviderStrategy")
    ? { ...attributes, forceNewDeployment: true }
    : attributes;
}

/** The strategy by which a service is deployed once it has these attributes. */
export function strategyWith(
  { deploymentConfiguration }: JsonObject,
  { deploymentStrategy }: Pick<ServiceSnapshot, "deploymentStrategy">,
): string {
  return textIn(objectIn(deploymentConfiguration).strategy) ?? deploymentStrategy;
}

/** The deployment controller that a service gets with these attributes; `undefined`: its own, or ECS. */
export function controllerIn({ deploymentController }: JsonObject): string | undefined {
  return textIn(objectIn(deploymentController).type);
}

/** Where the service stands, in relation to the target. */
export interface Position {
  readonly service: ServiceSnapshot;
  readonly running: Revision;
  readonly chosen: ChosenRevision;
  readonly target: Revision;
  readonly described: TaskDefinition;
  /** The service has all of the target already, whether or not its tasks run yet. */
  readonly isAtTarget: boolean;
  readonly images: readonly PlannedImage[];
  /** The deployment under way that brings the target already. */
  readonly follows: AwaitDeployment["follows"];
}

/** The same, and how the service gets to the target. */
export interface Decided extends Position {
  readonly rollbackOrder: StopDeployment | UpdateService | undefined;
  /** What changes in the task definition; `undefined` where the running one could not be read. */
  readonly changes: readonly DefinitionChange[] | undefined;
}
