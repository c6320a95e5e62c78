import {
  CANARY_DEFAULTS,
  HOOK_TIMEOUT_DEFAULTS,
  LINEAR_DEFAULTS,
  THRESHOLD_DEFAULTS,
} from "../model/deployment_settings.ts";
import { SERVICE_DEPLOYED_MEMBERS, SERVICE_READ_ONLY } from "../model/api_members.ts";
import { isList, type JsonObject, objectIn, objectsIn } from "../model/json.ts";
import { canonicalize, type Shape, withoutIgnoredTags } from "./canonicalize.ts";

/**
 * Brings a service into its canonical form, in which the input of CreateService or UpdateService equals AWS's
 * description of the service that it made. Leaves out the task definition, which is compared on its own.
 *
 * The sources are those of `normalizeTaskDefinition()`. `alignServices()` deals with what depends on the cluster, or on
 * both sides: launch type and capacity providers, the platform version, the namespace of Service Connect.
 */
export function normalizeService(definition: JsonObject, ignoredTags: readonly string[] = []): JsonObject {
  return canonicalize(definition, serviceShape(definition.schedulingStrategy === "DAEMON", ignoredTags)) as JsonObject;
}

const IGNORED: readonly string[] = [
  ...SERVICE_READ_ONLY,
  // The role is given at creation only, as a name or an ARN; where none was given, AWS describes its own.
  "role",
  // The configuration says which service it is.
  ...["cluster", "service", "serviceName"],
  // Orders to AWS; the service does not keep them.
  ...["clientToken", "forceNewDeployment", "taskDefinition"],
];

export const SERVICE_DEFAULTS: JsonObject = {
  // API reference, CreateService.
  propagateTags: "NONE",
  healthCheckGracePeriodSeconds: 0,
  // terraform-provider-aws and Kayac's ecspresso; API reference, CreateService, `desiredCount`.
  schedulingStrategy: "REPLICA",
  // terraform-provider-aws; AWS describes false where nothing was given.
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  // API reference, CreateService and UpdateService, for Fargate; others have no platform version.
  platformVersion: "LATEST",
  // API reference, UpdateService: what an update leaves in a service that never set it. (A new one may get another.)
  availabilityZoneRebalancing: "DISABLED",
};

function serviceShape(isDaemon: boolean, ignoredTags: readonly string[]): Shape {
  return {
    ignored: IGNORED,
    defaults: SERVICE_DEFAULTS,
    sets: {
      // A resource has each key once.
      tags: "key",
      // Sets in terraform-provider-aws. Placement strategies are not: they are applied in order.
      capacityProviderStrategy: "",
      loadBalancers: "",
      placementConstraints: "",
      vpcLatticeConfigurations: "",
    },
    members: { ...MEMBERS, deploymentConfiguration: deploymentConfigurationShape(isDaemon) },
    rewrite: (definition) => withoutIgnoredTags(withDeployedMembers(definition), ignoredTags),
  };
}

const MEMBERS: Readonly<Record<string, Shape>> = {
  // API reference, CreateService.
  deploymentController: { defaults: { type: "ECS" } },
  // API reference, CapacityProviderStrategyItem.
  capacityProviderStrategy: { defaults: { weight: 0, base: 0 } },
  networkConfiguration: {
    members: {
      awsvpcConfiguration: {
        // API reference, AwsVpcConfiguration.
        defaults: { assignPublicIp: "DISABLED" },
        // terraform-provider-aws and Kayac's ecspresso.
        sets: { subnets: "", securityGroups: "" },
      },
    },
  },
  // API reference, PlacementStrategy: `host` means `instanceId`; terraform-provider-aws: AWS describes instanceId.
  placementStrategy: {
    rewrite: (strategy) => strategy.field === "host" ? { ...strategy, field: "instanceId" } : strategy,
  },
  serviceConnectConfiguration: {
    members: {
      // API reference, ServiceConnectAccessLogConfiguration.
      accessLogConfiguration: { defaults: { includeQueryParameters: "DISABLED" } },
      services: { rewrite: withoutUsualDiscoveryName },
    },
    // Turned off means the same as left out.
    rewrite: (configuration) => configuration.enabled === false ? {} : configuration,
  },
  // API reference, MonitoringConfiguration: 60 seconds is the default.
  monitoring: {
    sets: { metricConfigurations: "" },
    members: { metricConfigurations: { sets: { metricNames: "" } } },
    rewrite: withoutUsualResolution,
  },
  // API reference, GatewayConnectorDeregistrationDelay.
  gatewayConnectors: { members: { deregistrationDelay: { defaults: { timeoutSeconds: 300 } } } },
  // API reference, ServiceManagedEBSVolumeConfiguration.
  volumeConfigurations: { members: { managedEBSVolume: { defaults: { filesystemType: "xfs" } } } },
};

/** API reference, DeploymentConfiguration; the maximum for DAEMON is from Kayac's ecspresso. */
export function percentageDefaults(isDaemon: boolean): JsonObject {
  return { maximumPercent: isDaemon ? 100 : 200, minimumHealthyPercent: isDaemon ? 0 : 100 };
}

function deploymentConfigurationShape(isDaemon: boolean): Shape {
  return {
    defaults: {
      ...percentageDefaults(isDaemon),
      // What DescribeServices shows where neither was given.
      strategy: "ROLLING",
      bakeTimeInMinutes: 0,
    },
    sets: { lifecycleHooks: "" },
    members: {
      deploymentCircuitBreaker: {
        // Kayac's ecspresso.
        defaults: { enable: false, rollback: false, resetOnHealthyTask: true },
        members: { thresholdConfiguration: { defaults: THRESHOLD_DEFAULTS } },
      },
      // AWS CLI reference, `update-service`: what AWS describes where no alarms were given. In terraform-provider-aws,
      // alarms and hooks are sets.
      alarms: { defaults: { enable: false, rollback: false }, sets: { alarmNames: "" } },
      // API reference, DeploymentLifecycleHook and DeploymentLifecycleHookTimeoutConfiguration.
      lifecycleHooks: {
        defaults: { targetType: "AWS_LAMBDA" },
        members: { timeoutConfiguration: { defaults: HOOK_TIMEOUT_DEFAULTS } },
        opaque: ["hookDetails"],
      },
      linearConfiguration: { defaults: LINEAR_DEFAULTS },
      canaryConfiguration: { defaults: CANARY_DEFAULTS },
      earlySuccessCriteria: { rewrite: (criteria) => criteria.enable === true ? criteria : {} },
    },
  };
}

function withoutUsualDiscoveryName({ discoveryName, ...service }: JsonObject): JsonObject {
  return discoveryName === undefined || discoveryName === service.portName ? service : { ...service, discoveryName };
}

function withoutUsualResolution(monitoring: JsonObject): JsonObject {
  const { metricConfigurations } = monitoring;
  if (!isList(metricConfigurations)) return monitoring;
  const others = metricConfigurations.filter((one) => objectIn(one).resolutionSeconds !== 60);
  return { ...monitoring, metricConfigurations: others };
}

/** Adds the members that AWS describes only in a service's deployments: as the PRIMARY one has them. */
export function withDeployedMembers(definition: JsonObject): JsonObject {
  const primary = objectsIn(definition.deployments).find(({ status }) => status === "PRIMARY");
  const deployed = SERVICE_DEPLOYED_MEMBERS.map((key) => [key, primary?.[key] ?? null] as const);
  return { ...Object.fromEntries(deployed), ...definition };
}
