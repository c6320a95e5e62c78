/** The settings of an emulated service, as AWS shows them, in a canonical form: equal when the services are alike. */
import type { Emulator } from "./emulator/emulator.ts";
import type { Json, JsonObject } from "./emulator/model.ts";

const ECS = "AmazonEC2ContainerServiceV20141113";
/** Members that are no settings: which service it is, and what goes on in it. */
const NO_SETTINGS = [
  "clusterArn",
  "createdAt",
  "createdBy",
  "currentServiceDeployment",
  "currentServiceRevisions",
  "deployments",
  "events",
  "pendingCount",
  "roleArn",
  "runningCount",
  "serviceArn",
  "serviceName",
  "status",
];
const IN_DEPLOYMENT = ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"];
const IN_REVISION = ["monitoring", "gatewayConnectors"];
/** Values that mean the same as leaving the member out, by path. */
const NOTHING: Readonly<Record<string, Json>> = {
  availabilityZoneRebalancing: "DISABLED",
  "capacityProviderStrategy.base": 0,
  "capacityProviderStrategy.weight": 0,
  "deploymentConfiguration.alarms": { alarmNames: [], enable: false, rollback: false },
  "deploymentConfiguration.bakeTimeInMinutes": 0,
  "deploymentConfiguration.deploymentCircuitBreaker.resetOnHealthyTask": true,
  "deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration": { type: "BOUNDED_PERCENT", value: 50 },
  "deploymentConfiguration.deploymentCircuitBreaker": { enable: false, rollback: false },
  "deploymentConfiguration.earlySuccessCriteria": { enable: false },
  "deploymentConfiguration.linearConfiguration": { stepPercent: 10, stepBakeTimeInMinutes: 6 },
  "deploymentConfiguration.canaryConfiguration": { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
  "deploymentConfiguration.maximumPercent": 200,
  "deploymentConfiguration.minimumHealthyPercent": 100,
  "deploymentConfiguration.strategy": "ROLLING",
  "deploymentConfiguration.lifecycleHooks.targetType": "AWS_LAMBDA",
  deploymentController: { type: "ECS" },
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  healthCheckGracePeriodSeconds: 0,
  "networkConfiguration.awsvpcConfiguration.assignPublicIp": "DISABLED",
  propagateTags: "NONE",
  serviceConnectConfiguration: { enabled: false },
};

/**
 * The settings of a service by DescribeServices and, where that does not answer them, by the newest service revision of
 * what the service runs: what ECS has turned back from may still have tasks.
 */
export function shownSettings(emulator: Emulator, name: string): JsonObject {
  const shown = emulator.describeService(name);
  const primary = (shown.deployments as JsonObject[]).find(({ status }) => status === "PRIMARY") ?? {};
  const serviceRevisionArns = (shown.currentServiceRevisions as JsonObject[]).map(({ arn }) => arn!);
  const revisions = serviceRevisionArns.length === 0
    ? []
    : emulator.call(`${ECS}.DescribeServiceRevisions`, { serviceRevisionArns }).serviceRevisions as JsonObject[];
  const newestFirst = revisions.toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt));
  const newest = newestFirst.find(({ taskDefinition }) => taskDefinition === shown.taskDefinition) ?? newestFirst[0] ??
    {};
  const pick = (object: JsonObject, names: readonly string[]) =>
    Object.fromEntries(names.map((member) => [member, object[member]]));
  const whole = { ...shown, ...pick(primary, IN_DEPLOYMENT), ...pick(newest, IN_REVISION), ...pick({}, NO_SETTINGS) };
  return canonicalSettings(whole);
}

/** Settings as shown, or as written in a file. */
export function canonicalSettings(settings: JsonObject): JsonObject {
  return canonical(settings, "") as JsonObject;
}

function canonical(value: Json, path: string): Json {
  if (Array.isArray(value)) {
    const elements = value.map((element) => canonical(element, path));
    // Only placement strategies are applied in their order.
    return path === "placementStrategy" ? elements : elements.toSorted((a, b) => text(a) < text(b) ? -1 : 1);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([name, member]) => {
      const inside = path === "" ? name : `${path}.${name}`;
      const said = member === undefined || member === null ? null : canonical(member, inside);
      const nothing = NOTHING[inside];
      const isNothing = said === null || text(said) === "[]" || text(said) === "{}" ||
        nothing !== undefined && text(said) === text(canonicalOrder(nothing));
      return isNothing ? [] : [[name, said]];
    }),
  );
}

function canonicalOrder(value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  // Without a name of its own, an empty list inside is nothing as well.
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => text(member!) !== "[]").sort(([a], [b]) => a < b ? -1 : 1),
  ) as JsonObject;
}

function text(value: Json): string {
  return JSON.stringify(value);
}
