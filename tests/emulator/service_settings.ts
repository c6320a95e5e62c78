/** The settings that CreateService and UpdateService take; whether a task definition fits them is in `task_definition_fit.ts`. */
import { copyOf } from "./copy_of.ts";
import { invalidParameter } from "./failure.ts";
import type { Input } from "./input.ts";
import type { JsonObject, Service, ServiceSettings, World } from "./model.ts";

/** The settings whose change starts a deployment (UpdateService's API reference says so of each). */
const ROLLED_OUT = [
  "platformVersion",
  "networkConfiguration",
  "loadBalancers",
  "serviceRegistries",
  "serviceConnectConfiguration",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
] as const;

/** Of these the reference does not say whether their change starts a deployment; service revisions hold them. */
const ROLLED_OUT_PERHAPS = ["monitoring", "gatewayConnectors"] as const;

/** Whether a change of settings starts a deployment. */
export function rollsOut(
  { settings: { revisionMembersRollOut } }: World,
  before: ServiceSettings,
  after: ServiceSettings,
) {
  const members = [...ROLLED_OUT, ...(revisionMembersRollOut ? ROLLED_OUT_PERHAPS : [])];
  return members.some((member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]));
}

/** The part of the settings that the request names. */
export function settingsIn(input: Input): Partial<ServiceSettings> {
  return named({
    launchType: input.string("launchType"),
    platformVersion: input.string("platformVersion"),
    capacityProviderStrategy: input.objects("capacityProviderStrategy"),
    networkConfiguration: input.object("networkConfiguration"),
    loadBalancers: input.objects("loadBalancers"),
    serviceRegistries: input.objects("serviceRegistries"),
    serviceConnectConfiguration: input.object("serviceConnectConfiguration"),
    volumeConfigurations: input.objects("volumeConfigurations"),
    vpcLatticeConfigurations: input.objects("vpcLatticeConfigurations"),
    monitoring: input.object("monitoring"),
    gatewayConnectors: input.objects("gatewayConnectors"),
  });
}

/**
 * Members that the request names and that a service carries along without any effect on the simulation; among them what
 * only this world's `Service` has.
 */
export function carriedIn(input: Input, { settings: { furtherMembers } }: World): JsonObject {
  const further = Object.keys(furtherMembers.Service ?? {}).map((name) => [name, input.members[name]] as const);
  return named({
    ...Object.fromEntries(further),
    healthCheckGracePeriodSeconds: input.integer("healthCheckGracePeriodSeconds"),
    enableECSManagedTags: input.boolean("enableECSManagedTags"),
    propagateTags: input.string("propagateTags"),
    enableExecuteCommand: input.boolean("enableExecuteCommand"),
    placementConstraints: input.objects("placementConstraints"),
    placementStrategy: input.objects("placementStrategy"),
    availabilityZoneRebalancing: input.string("availabilityZoneRebalancing"),
  });
}

function named<Members extends object>(members: Members): Partial<Members> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return copyOf(Object.fromEntries(entries)) as Partial<Members>;
}

/** The desired count that the request names. @throws InvalidParameterException for a negative one */
export function desiredCountIn(input: Input): number | undefined {
  const desiredCount = input.integer("desiredCount");
  if (desiredCount !== undefined && desiredCount < 0) throw invalidParameter("desiredCount cannot be negative");
  return desiredCount;
}

/** `deploymentController.type`; the whole member is absent for ECS's own rolling deployments. */
export function controllerOf(service: Service): string {
  return String(service.deploymentController?.type ?? "ECS");
}
