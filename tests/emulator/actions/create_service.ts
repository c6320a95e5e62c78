/** CreateService */
import { startDeployment } from "../deployments.ts";
import { mergeDeploymentConfiguration } from "../deployment_configuration.ts";
import { clientException, invalidParameter } from "../failure.ts";
import { ecsArn } from "../identifiers.ts";
import type { Input } from "../input.ts";
import { clusterOf, findService, taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, Service, World } from "../model.ts";
import { carriedIn, checkFits, desiredCountIn, settingsIn } from "../service_settings.ts";
import { serviceShape } from "../service_shapes.ts";
import type { Actions } from "./action.ts";
import { parseTags } from "./ecs_tags.ts";

/** What a REPLICA service has when nothing else was asked for. */
const REPLICA_DEFAULTS: JsonObject = { maximumPercent: 200, minimumHealthyPercent: 100 };
const SERVICE_NAME = /^[A-Za-z0-9_-]{1,255}$/;

function createService(world: World, input: Input): JsonObject {
  const name = input.requiredString("serviceName");
  if (!SERVICE_NAME.test(name)) throw invalidParameter("Invalid service name.");
  const cluster = clusterOf(world, input.string("cluster"));
  const previous = findService(world, cluster, name);
  if (previous && previous.status !== "INACTIVE") throw invalidParameter("Creation of service was not idempotent.");
  const definition = taskDefinitionOf(world, input.requiredString("taskDefinition"));
  if (definition.status !== "ACTIVE") throw clientException("TaskDefinition is inactive");
  const settings = { loadBalancers: [], ...settingsIn(input) };
  if (!settings.launchType && !settings.capacityProviderStrategy?.length) settings.launchType = "EC2";
  checkFits(definition, settings);
  const tags = parseTags(input.objects("tags") ?? []);
  const service: Service = {
    name,
    arn: ecsArn(world, `service/${cluster.name}/${name}`),
    clusterArn: cluster.arn,
    status: "ACTIVE",
    desiredCount: desiredCountIn(input) ?? 1,
    createdAtMs: world.nowMs,
    settings,
    deploymentConfiguration: mergeDeploymentConfiguration(REPLICA_DEFAULTS, input),
    ...(input.object("deploymentController") ? { deploymentController: input.object("deploymentController") } : {}),
    carried: {
      schedulingStrategy: input.string("schedulingStrategy") ?? "REPLICA",
      enableECSManagedTags: false,
      propagateTags: "NONE",
      enableExecuteCommand: false,
      ...carriedIn(input),
    },
    taskDefinition: definition.arn,
    deployments: [],
    events: [],
    startNotBeforeMs: 0,
  };
  world.services = [...world.services.filter((one) => one !== previous), service];
  if (Object.keys(tags).length > 0) world.tags[service.arn] = tags;
  startDeployment(world, service);
  return { service: serviceShape(world, service, true) };
}

export const actions: Actions = { CreateService: createService };
