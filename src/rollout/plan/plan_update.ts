import { type JsonObject, objectIn, textIn } from "../../model/json.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { NewestDeployment } from "../read/read_service.ts";
import type { TaskDefinitionRef, UpdateService } from "./plan.ts";

/**
 * One UpdateService. Where it starts a deployment of another strategy than rolling, that is followed by the service
 * deployment that comes after the newest one of now.
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
 * What an update never starts a deployment for, as its reference says of each member:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const STARTS_NONE: ReadonlySet<string> = new Set([
  "availabilityZoneRebalancing",
  "capacityProviderStrategy",
  "deploymentConfiguration",
  "deploymentController",
  "desiredCount",
  "enableECSManagedTags",
  "enableExecuteCommand",
  "healthCheckGracePeriodSeconds",
  "placementConstraints",
  "placementStrategy",
  "propagateTags",
]);

/**
 * Whether UpdateService starts a deployment for these members alone. Of some, such as `monitoring`, the reference does not
 * say it, nor of what a later version of the API adds: they may.
 */
export function startsDeployment(attributes: JsonObject): boolean {
  return Object.keys(attributes).some((name) => !STARTS_NONE.has(name));
}

/**
 * Adds the order to force a new deployment where ECS refuses a change without it: "When switching from launch type to
 * capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is
 * already using one, you must force a new deployment."
 */
export function forceWhereDemanded(attributes: JsonObject): JsonObject {
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
