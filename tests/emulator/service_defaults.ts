/**
 * What ECS fills into its answers about a service where nobody has said anything, in another order where it keeps none.
 * What the sources disagree about, or do not say, is a setting of the world: `Settings.terseAnswers`.
 */
import type { JsonObject, ServiceSettings, World } from "./model.ts";
import { runsOnFargate } from "./task_definition_fit.ts";

/** What `LATEST` stands for: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html */
const LATEST_PLATFORM = "1.4.0";

/** The order in which ECS answers a list whose order means nothing is any but the one that was sent. */
function inAnyOrder<Item>(list: readonly Item[]): Item[] {
  return list.toReversed();
}

const listIn = (object: JsonObject, member: string) => inAnyOrder((object[member] ?? []) as string[]);

/** `deploymentConfiguration` with the strategy, the breaker, the alarms and the bake time. */
export function filledDeploymentConfiguration(configuration: JsonObject, { settings }: World): JsonObject {
  const { deploymentCircuitBreaker, alarms, ...others } = configuration as Record<string, JsonObject>;
  const written = { strategy: "ROLLING", ...others };
  const breaker = { enable: false, rollback: false, ...deploymentCircuitBreaker };
  if (settings.terseAnswers) return { ...written, deploymentCircuitBreaker: breaker, ...(alarms ? { alarms } : {}) };
  return {
    lifecycleHooks: [],
    bakeTimeInMinutes: 0,
    ...written,
    deploymentCircuitBreaker: {
      resetOnHealthyTask: true,
      thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 50 },
      ...breaker,
    },
    alarms: { rollback: false, enable: false, ...alarms, alarmNames: listIn(alarms ?? {}, "alarmNames") },
  };
}

/**
 * Launch type or capacity providers, platform and network. A capacity provider strategy takes the place of the launch
 * type. What is left out, or `LATEST`, is answered as the number that it stands for in deployments and task sets.
 */
export function filledLaunch(settings: ServiceSettings, world: World, of: "service" | "deployment"): JsonObject {
  const { launchType, platformVersion = "LATEST", capacityProviderStrategy = [], networkConfiguration } = settings;
  const asNumber = platformVersion === "LATEST" && (of === "deployment" || world.settings.terseAnswers);
  return {
    ...(capacityProviderStrategy.length > 0
      ? {
        capacityProviderStrategy: inAnyOrder(capacityProviderStrategy).map((item) => ({ weight: 0, base: 0, ...item })),
      }
      : { launchType: launchType ?? "EC2" }),
    ...(runsOnFargate(settings)
      ? { platformVersion: asNumber ? LATEST_PLATFORM : platformVersion, platformFamily: "Linux" }
      : {}),
    ...(networkConfiguration ? { networkConfiguration: filledNetwork(networkConfiguration) } : {}),
  };
}

function filledNetwork({ awsvpcConfiguration, ...others }: JsonObject): JsonObject {
  if (!awsvpcConfiguration) return others;
  const vpc = awsvpcConfiguration as JsonObject;
  return {
    ...others,
    awsvpcConfiguration: {
      assignPublicIp: "DISABLED",
      ...vpc,
      subnets: listIn(vpc, "subnets"),
      securityGroups: listIn(vpc, "securityGroups"),
    },
  };
}

/** What is answered of the deployments of a service, and of its revisions, but not of the service itself. */
export function filledDeployedMembers(settings: ServiceSettings, world: World): JsonObject {
  const { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations } = settings;
  const connects = serviceConnectConfiguration?.enabled === true || !world.settings.terseAnswers;
  return {
    ...(serviceConnectConfiguration && connects
      ? { serviceConnectConfiguration: filledServiceConnect(serviceConnectConfiguration, world) }
      : {}),
    ...(volumeConfigurations?.length ? { volumeConfigurations: volumeConfigurations.map(filledVolume) } : {}),
    ...(vpcLatticeConfigurations?.length ? { vpcLatticeConfigurations: inAnyOrder(vpcLatticeConfigurations) } : {}),
  };
}

function filledServiceConnect(configuration: JsonObject, { settings }: World): JsonObject {
  const { services, namespace, logConfiguration, ...others } = configuration as {
    services?: JsonObject[];
    namespace?: string;
    logConfiguration?: JsonObject;
  };
  const isName = namespace !== undefined && !namespace.startsWith("arn:");
  const arn = `arn:aws:servicediscovery:${settings.region}:${settings.accountId}:namespace/ns-0123456789abcdef`;
  return {
    ...others,
    ...(namespace === undefined ? {} : { namespace: isName && !settings.terseAnswers ? arn : namespace }),
    ...(services
      ? {
        services: services.map((service) => ({
          ...(settings.terseAnswers ? {} : { clientAliases: [] }),
          discoveryName: service.portName!,
          ...service,
        })),
      }
      : {}),
    ...(logConfiguration ? { logConfiguration: { options: {}, secretOptions: [], ...logConfiguration } } : {}),
  };
}

function filledVolume({ managedEBSVolume, ...others }: JsonObject): JsonObject {
  return {
    ...others,
    ...(managedEBSVolume ? { managedEBSVolume: { filesystemType: "xfs", ...managedEBSVolume as JsonObject } } : {}),
  };
}

/** What the service itself has besides: roles, lists, and what CreateService's API reference names as the default. */
export function filledService(
  settings: ServiceSettings,
  carried: JsonObject,
  world: World,
): JsonObject {
  const { loadBalancers, serviceRegistries = [] } = settings;
  const isAttached = loadBalancers.length + serviceRegistries.length > 0;
  const { placementConstraints, ...others } = carried;
  return {
    ...(world.settings.terseAnswers ? {} : { placementStrategy: [] }),
    ...(loadBalancers.length > 0 ? { healthCheckGracePeriodSeconds: 0 } : {}),
    ...(isAttached ? { roleArn: serviceLinkedRole(world) } : {}),
    createdBy: `arn:aws:iam::${world.settings.accountId}:role/deployer`,
    ...others,
    placementConstraints: inAnyOrder((placementConstraints ?? []) as JsonObject[]),
    loadBalancers: inAnyOrder(loadBalancers),
    serviceRegistries,
  };
}

function serviceLinkedRole({ settings: { accountId } }: World): string {
  return `arn:aws:iam::${accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
}
