/** The settings that CreateService and UpdateService take, and whether a task definition fits them. */
import { invalidParameter } from "./failure.ts";
import type { Input } from "./input.ts";
import type { JsonObject, Service, ServiceSettings, TaskDefinition, World } from "./model.ts";

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

/** Members that the request names and that a service carries along without any effect on the simulation. */
export function carriedIn(input: Input): JsonObject {
  return named({
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
  return structuredClone(Object.fromEntries(entries)) as Partial<Members>;
}

/** The desired count that the request names. @throws InvalidParameterException for a negative one */
export function desiredCountIn(input: Input): number | undefined {
  const desiredCount = input.integer("desiredCount");
  if (desiredCount !== undefined && desiredCount < 0) throw invalidParameter("desiredCount cannot be negative");
  return desiredCount;
}

/**
 * Checks that a task definition can run with a service's settings.
 *
 * @throws InvalidParameterException where launch type, network mode or a load balancer's container do not fit
 */
export function checkFits(definition: TaskDefinition, settings: ServiceSettings): void {
  const { requiresCompatibilities, networkMode, containerDefinitions } = definition.registered;
  const { launchType, networkConfiguration, loadBalancers } = settings;
  const supported = (requiresCompatibilities ?? []) as string[];
  if (
    launchType === "FARGATE" && !supported.includes("FARGATE") ||
    supported.length > 0 && launchType && !supported.includes(launchType)
  ) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  if (networkMode === "awsvpc" && !networkConfiguration) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== "awsvpc" && networkConfiguration) {
    throw invalidParameter("Network Configuration is not valid for the given networkMode of this task definition.");
  }
  for (const { containerName, containerPort } of loadBalancers) {
    const container = (containerDefinitions as JsonObject[]).find(({ name }) => name === containerName);
    if (!container) throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    const ports = (container.portMappings ?? []) as JsonObject[];
    if (!ports.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
}

/** `deploymentController.type`; the whole member is absent for ECS's own rolling deployments. */
export function controllerOf(service: Service): string {
  return String(service.deploymentController?.type ?? "ECS");
}
