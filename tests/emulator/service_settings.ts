/** The settings that CreateService and UpdateService take, and whether a task definition fits them. */
import { invalidParameter } from "./failure.ts";
import type { Input } from "./input.ts";
import type { JsonObject, Service, ServiceSettings, TaskDefinition } from "./model.ts";

/** Members that a service carries along without any effect on the simulation. */
const CARRIED = ["healthCheckGracePeriodSeconds", "schedulingStrategy", "enableECSManagedTags", "propagateTags"];

/** The part of the settings that the request names. */
export function settingsIn(input: Input): Partial<ServiceSettings> {
  const { capacityProviderStrategy, serviceRegistries } = input.members;
  const named: Partial<ServiceSettings> = {
    launchType: input.string("launchType"),
    platformVersion: input.string("platformVersion"),
    capacityProviderStrategy,
    networkConfiguration: input.object("networkConfiguration"),
    loadBalancers: input.objects("loadBalancers"),
    serviceRegistries,
  };
  return structuredClone(Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)));
}

/** The carried members that the request names. */
export function carriedIn(input: Input): JsonObject {
  const carried: JsonObject = {};
  for (const member of CARRIED) if (input.has(member)) carried[member] = input.members[member];
  const executeCommand = input.boolean("enableExecuteCommand");
  if (executeCommand !== undefined) carried.enableExecuteCommand = executeCommand;
  return structuredClone(carried);
}

/** Merges the named members into the deployment configuration. @throws InvalidParameterException for percentages out of bounds */
export function mergeDeploymentConfiguration(before: JsonObject, input: Input): JsonObject {
  const merged = { ...before, ...structuredClone(input.object("deploymentConfiguration") ?? {}) };
  const { minimumHealthyPercent: minimum, maximumPercent: maximum } = merged;
  if (typeof minimum !== "number" || minimum < 0) throw invalidParameter("minimumHealthyPercent must not be negative.");
  if (typeof maximum !== "number" || maximum < 1) throw invalidParameter("maximumPercent must be at least 1.");
  if (maximum <= minimum && maximum < 100) {
    throw invalidParameter("The maximumPercent must be greater than the minimumHealthyPercent.");
  }
  return merged;
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
