import { isObject, type JsonObject } from "../../model/json.ts";

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
 * With the order to force a new deployment where ECS refuses a change without it: "When switching from launch type to
 * capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is
 * already using one, you must force a new deployment."
 */
export function forceWhereDemanded(attributes: JsonObject): JsonObject {
  return Object.hasOwn(attributes, "capacityProviderStrategy")
    ? { ...attributes, forceNewDeployment: true }
    : attributes;
}

/** The strategy by which a service is deployed once it has these attributes. */
export function strategyWith(attributes: JsonObject, { deploymentStrategy }: { readonly deploymentStrategy: string }) {
  const { deploymentConfiguration } = attributes;
  const strategy = isObject(deploymentConfiguration) ? deploymentConfiguration.strategy : undefined;
  return typeof strategy === "string" ? strategy : deploymentStrategy;
}
