/** UpdateService */
import { checkCapacity, checkProviders } from "../capacity_providers.ts";
import { copyOf } from "../copy_of.ts";
import { checkStrategyStays, mergeDeploymentConfiguration } from "../deployment_configuration.ts";
import { serviceDeploymentInProgress, startDeployment, wakeSoon } from "../deployments.ts";
import { clientException, invalidParameter, serviceNotActive } from "../failure.ts";
import type { Input } from "../input.ts";
import { clusterOf, serviceOf, taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, Service, ServiceSettings, TaskDefinition, World } from "../model.ts";
import { checkDaemon, daemonCount } from "../new_service_checks.ts";
import { carriedIn, controllerOf, desiredCountIn, rollsOut, settingsIn } from "../service_settings.ts";
import { serviceShape } from "../service_shapes.ts";
import { checkFits } from "../task_definition_fit.ts";
import { noteSubnets, noteTargetGroups } from "../set_stores.ts";
import type { Actions } from "./action.ts";

/** What other controllers deploy themselves, and what AWS calls it. */
const LEFT_TO_OTHERS = {
  taskDefinition: "task definition",
  networkConfiguration: "network parameters",
  platformVersion: "platform version",
  loadBalancers: "load balancer parameters",
};

/**
 * What UpdateService changes under any controller, says its reference; of enableExecuteCommand the reference says nothing,
 * but kayac/ecspresso sends it.
 */
const FOR_ALL = [
  "cluster",
  "service",
  "desiredCount",
  "healthCheckGracePeriodSeconds",
  "placementConstraints",
  "placementStrategy",
  "enableECSManagedTags",
  "propagateTags",
  "enableExecuteCommand",
  // Where it is true, it has been refused already.
  "forceNewDeployment",
];

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
  const allowed = [...FOR_ALL, ...(controller === "CODE_DEPLOY" ? ["deploymentConfiguration"] : [])];
  const other = input.names.find((member) => !allowed.includes(member));
  if (other !== undefined) {
    throw invalidParameter(`emulator: how ${other} changes under the deployment controller ${controller} is not known`);
  }
}

/**
 * The controller that the request names, where it is another one.
 *
 * @throws InvalidParameterException where another controller would have to take the deployments over
 */
function controllerIn(service: Service, input: Input): JsonObject | undefined {
  const deploymentController = input.object("deploymentController");
  if (deploymentController === undefined || deploymentController.type === controllerOf(service)) return undefined;
  if (input.has("taskDefinition") || input.has("forceNewDeployment")) {
    throw invalidParameter(
      "emulator: a deployment together with a change of the deployment controller is not simulated",
    );
  }
  return copyOf(deploymentController);
}

/** A deregistered task definition is refused, but only some time after it was deregistered. */
function checkActive(world: World, definition: TaskDefinition): void {
  if (definition.status === "ACTIVE") return;
  const enforcedAtMs = (definition.deregisteredAtMs ?? 0) + world.settings.inactiveEnforcementDelayMs;
  if (definition.status === "INACTIVE" && world.nowMs < enforcedAtMs) return;
  throw clientException("TaskDefinition is inactive");
}

function updateService(world: World, input: Input): JsonObject {
  const cluster = clusterOf(world, input.string("cluster"));
  const service = serviceOf(world, cluster, input.requiredString("service"));
  if (service.status !== "ACTIVE") throw serviceNotActive();
  checkController(service, input);
  const deploymentController = controllerIn(service, input);
  const desiredCount = desiredCountIn(input);
  if (service.carried.schedulingStrategy === "DAEMON") {
    if (desiredCount !== undefined) throw daemonCount();
    checkDaemon(input);
  }
  const { launchType: _, ...named } = settingsIn(input);
  const settings: ServiceSettings = { ...service.settings, ...named };
  noteTargetGroups(world, settings.loadBalancers);
  noteSubnets(world, settings.networkConfiguration);
  const isForced = input.boolean("forceNewDeployment") === true;
  checkCapacity(service.settings, settings, isForced);
  checkProviders(settings, cluster);
  const asked = input.string("taskDefinition");
  const definition = taskDefinitionOf(world, asked ?? service.taskDefinition);
  if (asked !== undefined && definition.arn !== service.taskDefinition) checkActive(world, definition);
  if (asked !== undefined || Object.keys(named).length > 0) checkFits(definition, settings);
  const deploymentConfiguration = mergeDeploymentConfiguration(service.deploymentConfiguration, input);
  const isUnderWay = serviceDeploymentInProgress(world, service) !== undefined;
  checkStrategyStays(service.deploymentConfiguration, deploymentConfiguration, isUnderWay);

  const startsDeployment = definition.arn !== service.taskDefinition || isForced ||
    rollsOut(world, service.settings, settings);
  Object.assign(service, { settings, deploymentConfiguration, taskDefinition: definition.arn });
  if (deploymentController !== undefined) service.deploymentController = deploymentController;
  Object.assign(service.carried, carriedIn(input, world));
  if (desiredCount !== undefined) service.desiredCount = desiredCount;
  if (startsDeployment) startDeployment(world, service);
  else {
    recordInPlace(world, service);
    wakeSoon(world, service);
  }
  return { service: serviceShape(world, service) };
}

/** What only service revisions answer has to be seen in one, also where no deployment brings it. */
function recordInPlace(world: World, service: Service): void {
  const [current] = service.deployments;
  const revision = world.serviceRevisions.find(({ arn }) => arn === current?.serviceRevisionArn);
  if (revision === undefined) return;
  const { monitoring, gatewayConnectors } = service.settings;
  Object.assign(revision.settings, copyOf({ monitoring, gatewayConnectors }));
}

export const actions: Actions = { UpdateService: updateService };
