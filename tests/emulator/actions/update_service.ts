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
  settingsIn,
} from "../service_settings.ts";
import { serviceShape } from "../wire.ts";
import type { Actions } from "./action.ts";

const CODE_DEPLOY_REFUSAL = "Unable to update task definition on services with a CODE_DEPLOY deployment controller. " +
  "Use AWS CodeDeploy to trigger a new deployment.";

/** Members that an EXTERNAL controller leaves to its task sets. */
const EXTERNAL_REFUSAL = "Unable to update task definition on services with an EXTERNAL deployment controller. " +
  "Use task sets to deploy.";

function checkController(service: Service, input: Input): void {
  if (!input.has("taskDefinition")) return;
  if (controllerOf(service) === "CODE_DEPLOY") throw invalidParameter(CODE_DEPLOY_REFUSAL);
  if (controllerOf(service) === "EXTERNAL") throw invalidParameter(EXTERNAL_REFUSAL);
}

/** A deregistered task definition is refused, but only some time after it was deregistered. */
function checkActive(world: World, definition: TaskDefinition): void {
  if (definition.status === "ACTIVE") return;
  const enforcedAtMs = (definition.deregisteredAtMs ?? 0) + world.settings.inactiveEnforcementDelayMs;
  if (world.nowMs >= enforcedAtMs) throw clientException("TaskDefinition is inactive");
}

function updateService(world: World, input: Input): JsonObject {
  const service = serviceOf(world, clusterOf(world, input.string("cluster")), input.requiredString("service"));
  if (service.status !== "ACTIVE") throw serviceNotActive();
  checkController(service, input);
  const desiredCount = desiredCountIn(input);
  const named = settingsIn(input);
  const settings: ServiceSettings = { ...service.settings, ...named };
  const asked = input.string("taskDefinition");
  const definition = taskDefinitionOf(world, asked ?? service.taskDefinition);
  if (asked !== undefined && definition.arn !== service.taskDefinition) checkActive(world, definition);
  if (asked !== undefined || Object.keys(named).length > 0) checkFits(definition, settings);
  const deploymentConfiguration = mergeDeploymentConfiguration(service.deploymentConfiguration, input);

  const startsDeployment = definition.arn !== service.taskDefinition || input.boolean("forceNewDeployment") === true ||
    JSON.stringify(settings) !== JSON.stringify(service.settings);
  Object.assign(service, { settings, deploymentConfiguration, taskDefinition: definition.arn });
  Object.assign(service.carried, carriedIn(input));
  if (desiredCount !== undefined) service.desiredCount = desiredCount;
  if (startsDeployment) startDeployment(world, service);
  else wakeSoon(world, service);
  return { service: serviceShape(world, service) };
}

export const actions: Actions = { UpdateService: updateService };
