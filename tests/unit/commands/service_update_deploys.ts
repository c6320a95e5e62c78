import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { runInProcess } from "../../in_process.ts";

export const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: false } };
export const ALARMS = { alarmNames: ["new-alarm"], enable: true, rollback: true };
export const NO_ALARMS = { alarmNames: [], enable: false, rollback: false };
export const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
export const SPOT = [
  { capacityProvider: "FARGATE", weight: 1, base: 1 },
  { capacityProvider: "FARGATE_SPOT", weight: 3 },
];

/** The files of the team, with more in the service definition; what is `undefined` is left out. */
export function files(more: JsonObject): Record<string, string> {
  const service = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!);
  return { ...DEFINITION_FILES, "ecs-service-def.json": JSON.stringify({ ...service, ...more }) };
}

export function deploy(emulator: Emulator, more: JsonObject, args: readonly string[] = [], isNew = true) {
  return runInProcess(emulator, ["deploy", ...args], { files: files(more), env: isNew ? { TAG: "1.4.0" } : {} });
}

export function updates(emulator: Emulator): JsonObject[] {
  return emulator.calls.filter(({ operation }) => operation === "UpdateService").map(({ input }) => input ?? {});
}

/** What was ordered, without the names of the service. */
export function orders(emulator: Emulator): JsonObject[] {
  return updates(emulator).map(({ cluster: _, service: __, ...order }) => order);
}

/** What DescribeServices shows of the service's own settings, and what only its newest service revision does. */
export function settings(emulator: Emulator): JsonObject {
  const shown = emulator.describeService("myservice");
  const { launchType, capacityProviderStrategy, deploymentConfiguration, deploymentController } = shown;
  const [{ serviceConnectConfiguration }] = shown.deployments as [JsonObject];
  const serviceRevisionArns = (shown.currentServiceRevisions as JsonObject[]).map(({ arn }) => arn!);
  const revisions = emulator.call("AmazonEC2ContainerServiceV20141113.DescribeServiceRevisions", {
    serviceRevisionArns,
  }).serviceRevisions as JsonObject[];
  const newest = revisions.toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt))[0]!;
  const { monitoring, gatewayConnectors } = newest;
  return {
    launchType,
    capacityProviderStrategy,
    deploymentConfiguration,
    deploymentController,
    serviceConnectConfiguration,
    // Without an element they are the same as none.
    monitoring: JSON.stringify(monitoring ?? { metricConfigurations: [] }),
    gatewayConnectors: JSON.stringify(gatewayConnectors ?? []),
  };
}
