/** CreateService */
import { startDeployment } from "../deployments.ts";
import { mergeDeploymentConfiguration } from "../deployment_configuration.ts";
import { clientException, invalidParameter } from "../failure.ts";
import { ecsArn } from "../identifiers.ts";
import type { Input } from "../input.ts";
import { clusterOf, findService, taskDefinitionOf } from "../lookup.ts";
import type { Cluster, JsonObject, Service, ServiceSettings, TaskDefinition, World } from "../model.ts";
import { checkNewService } from "../new_service_checks.ts";
import { carriedIn, settingsIn } from "../service_settings.ts";
import { serviceShape } from "../service_shapes.ts";
import { noteSubnets, noteTargetGroups } from "../set_stores.ts";
import { checkFits } from "../task_definition_fit.ts";
import type { Actions } from "./action.ts";
import { parseTags } from "./ecs_tags.ts";

/** What a service has when nothing else was asked for. */
const REPLICA_DEFAULTS: JsonObject = { maximumPercent: 200, minimumHealthyPercent: 100 };
const DAEMON_DEFAULTS: JsonObject = { maximumPercent: 100, minimumHealthyPercent: 0 };
const SERVICE_NAME = /^[A-Za-z0-9_-]{1,255}$/;

function createService(world: World, input: Input): JsonObject {
  const name = input.requiredString("serviceName");
  if (!SERVICE_NAME.test(name)) throw invalidParameter("Invalid service name.");
  const cluster = clusterOf(world, input.string("cluster"));
  const previous = findService(world, cluster, name);
  if (previous && previous.status !== "INACTIVE") return answerAgain(world, input, previous);
  const service = newService(world, input, cluster, name);
  const tags = parseTags(input.objects("tags") ?? []);
  if (previous) world.services = world.services.filter((one) => one !== previous);
  world.services.push(service);
  if (Object.keys(tags).length > 0) world.tags[service.arn] = tags;
  if (service.taskDefinition !== "") startDeployment(world, service);
  return { service: serviceShape(world, service, true) };
}

/** The same order under the same token is answered, and not carried out again. */
function answerAgain(world: World, input: Input, service: Service): JsonObject {
  const isRepeated = input.has("clientToken") && service.createdWith === input.asText();
  if (!isRepeated) throw invalidParameter("Creation of service was not idempotent.");
  return { service: serviceShape(world, service, true) };
}

function newService(world: World, input: Input, cluster: Cluster, name: string): Service {
  const settings = { loadBalancers: [], ...settingsIn(input) };
  checkNewService(input, settings, cluster);
  noteTargetGroups(world, settings.loadBalancers);
  noteSubnets(world, settings.networkConfiguration);
  const definition = definitionFor(world, input, settings);
  const isDaemon = input.string("schedulingStrategy") === "DAEMON";
  const deploymentController = input.object("deploymentController");
  return {
    name,
    arn: ecsArn(world, `service/${cluster.name}/${name}`),
    clusterArn: cluster.arn,
    status: "ACTIVE",
    desiredCount: isDaemon ? world.settings.containerInstances : input.integer("desiredCount") ?? 1,
    createdAtMs: world.nowMs,
    createdWith: input.asText(),
    settings,
    deploymentConfiguration: mergeDeploymentConfiguration(isDaemon ? DAEMON_DEFAULTS : REPLICA_DEFAULTS, input),
    ...(deploymentController ? { deploymentController } : {}),
    carried: {
      schedulingStrategy: isDaemon ? "DAEMON" : "REPLICA",
      enableECSManagedTags: false,
      propagateTags: "NONE",
      enableExecuteCommand: false,
      availabilityZoneRebalancing: "ENABLED",
      ...(input.has("role") ? { roleArn: roleArn(world, input.requiredString("role")) } : {}),
      ...carriedIn(input, world),
    },
    taskDefinition: definition?.arn ?? "",
    deployments: [],
    events: [],
    startNotBeforeMs: 0,
  };
}

/** What the service is to run; `undefined` where its task sets have that (controller EXTERNAL). */
function definitionFor(world: World, input: Input, settings: ServiceSettings): TaskDefinition | undefined {
  const asked = input.string("taskDefinition");
  if (input.object("deploymentController")?.type === "EXTERNAL") {
    // https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/278
    if (asked !== undefined) throw invalidParameter("TaskDefinition must be blank");
    return undefined;
  }
  if (!asked) throw invalidParameter("TaskDefinition can not be blank.");
  if (!settings.launchType && !settings.capacityProviderStrategy?.length) settings.launchType = "EC2";
  const definition = taskDefinitionOf(world, asked);
  if (definition.status !== "ACTIVE") throw clientException("TaskDefinition is inactive");
  checkFits(definition, settings);
  return definition;
}

function roleArn({ settings: { accountId } }: World, nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : `arn:aws:iam::${accountId}:role/${nameOrArn.replace(/^\//, "")}`;
}

export const actions: Actions = { CreateService: createService };
