/** UpdateService */
import { startDeployment, wakeSoon } from "../deployments.ts";
import { clientException, invalidParameter, serviceNotActive } from "../failure.ts";
import type { Input } from "../input.ts";
import { clusterOf, serviceOf, taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, Service, ServiceSettings, TaskDefinition, World } from "../model.ts";
import {
  carriedIn,
  checkFits,
  controllerOf,
  desiredCountIn,
  mergeDeploymentConfiguration,
  rollsOut,
  settingsIn,
} from "../service_settings.ts";
import { serviceShape } from "../service_shapes.ts";
import type { Actions } from "./action.ts";

/** What other controllers deploy themselves, and what AWS calls it. */
const LEFT_TO_OTHERS = {
  taskDefinition: "task definition",
  networkConfiguration: "network parameters",
  platformVersion: "platform version",
  loadBalancers: "load balancer parameters",
};

/** @throws InvalidParameterException for members that another deployment controller than ECS itself deploys */
function checkController(service: Service, input: Input): void {
  const controller = controllerOf(service);
  if (controller === "ECS") return;
  const [on, instead] = controller === "CODE_DEPLOY"
    ? ["a CODE_DEPLOY", "Use AWS CodeDeploy to trigger a new deployment."]
    : ["an EXTERNAL", "Use task sets to deploy."];
  const named = Object.entries(LEFT_TO_OTHERS).find(([member]) => input.has(member));
  if (named) {
    throw invalidParameter(`Unable to update ${named[1]} on services with ${on} deployment controller. ${instead}`);
  }
  if (input.boolean("forceNewDeployment")) {
    throw invalidParameter(`Cannot force a new deployment on services with ${on} deployment controller. ${instead}`);
  }
}

/** A deregistered task definition is refused, but only some time after it was deregistered. */
function checkActive(world: World, definition: TaskDefinition): void {
  if (definition.status === "ACTIVE") return;
  const enforcedAtMs = (definition.deregisteredAtMs ?? 0) + world.settings.inactiveEnforcementDelayMs;
  if (definition.status === "INACTIVE" && world.nowMs < enforcedAtMs) return;
  throw clientException("TaskDefinition is inactive");
}

function updateService(world: World, input: Input): JsonObject {
  const service = serviceOf(world, clusterOf(world, input.string("cluster")), input.requiredString("service"));
  if (service.status !== "ACTIVE") throw serviceNotActive();
  checkController(service, input);
  const desiredCount = desiredCountIn(input);
  const { launchType: _, ...named } = settingsIn(input);
  const settings: ServiceSettings = { ...service.settings, ...named };
  const asked = input.string("taskDefinition");
  const definition = taskDefinitionOf(world, asked ?? service.taskDefinition);
  if (asked !== undefined && definition.arn !== service.taskDefinition) checkActive(world, definition);
  if (asked !== undefined || Object.keys(named).length > 0) checkFits(definition, settings);
  const deploymentConfiguration = mergeDeploymentConfiguration(service.deploymentConfiguration, input);

  const startsDeployment = definition.arn !== service.taskDefinition || input.boolean("forceNewDeployment") === true ||
    rollsOut(service.settings, settings);
  Object.assign(service, { settings, deploymentConfiguration, taskDefinition: definition.arn });
  Object.assign(service.carried, carriedIn(input));
  if (desiredCount !== undefined) service.desiredCount = desiredCount;
  if (startsDeployment) startDeployment(world, service);
  else wakeSoon(world, service);
  return { service: serviceShape(world, service) };
}

export const actions: Actions = { UpdateService: updateService };
