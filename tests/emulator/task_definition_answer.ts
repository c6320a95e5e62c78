/**
 * What ECS makes of a task definition when it is registered: defaults filled in, sizes as numbers, and `environment` and
 * `secrets` in an order of its own.
 *
 * The sources: the API reference, and what two public tools do about it, terraform-provider-aws
 * (`internal/service/ecs/container_definitions.go`) and kayac/ecspresso (`diff.go`).
 */
import type { Json, JsonObject } from "./model.ts";
import { inCpuUnits, inMib } from "./task_size.ts";

/** The members of RegisterTaskDefinition as ECS answers them. */
export function answeredTaskDefinition(input: JsonObject): JsonObject {
  const { cpu, memory, containerDefinitions, volumes, proxyConfiguration, requiresCompatibilities } = input;
  const requires = (requiresCompatibilities ?? []) as string[];
  return {
    placementConstraints: [],
    enableFaultInjection: false,
    ...input,
    ...(cpu !== undefined && { cpu: String(inCpuUnits(cpu)) }),
    ...(memory !== undefined && { memory: String(inMib(memory)) }),
    ...(proxyConfiguration !== undefined && {
      proxyConfiguration: { type: "APPMESH", ...proxyConfiguration as JsonObject },
    }),
    volumes: objectsIn(volumes).map(answeredVolume),
    containerDefinitions: objectsIn(containerDefinitions).map((container) => answeredContainer(container, input)),
    compatibilities: [...new Set(["EC2", ...requires])],
    requiresAttributes: [{ name: "com.amazonaws.ecs.capability.docker-remote-api.1.18" }],
    registeredBy: "arn:aws:sts::123456789012:assumed-role/deployer/ci",
  };
}

function answeredContainer(container: JsonObject, { networkMode }: JsonObject): JsonObject {
  const { environment, secrets, portMappings, mountPoints, volumesFrom, healthCheck, logConfiguration } = container;
  return {
    cpu: 0,
    essential: true,
    systemControls: [],
    ...container,
    environment: inOtherOrder(objectsIn(environment)),
    ...(secrets !== undefined && { secrets: inOtherOrder(objectsIn(secrets)) }),
    portMappings: objectsIn(portMappings).map((mapping) => answeredPort(mapping, networkMode)),
    mountPoints: mountPoints ?? [],
    volumesFrom: volumesFrom ?? [],
    ...(healthCheck !== undefined && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck as JsonObject },
    }),
    ...(logConfiguration !== undefined && {
      logConfiguration: { options: {}, secretOptions: [], ...logConfiguration as JsonObject },
    }),
  };
}

function answeredPort(mapping: JsonObject, networkMode: Json | undefined): JsonObject {
  const isFixed = networkMode === "awsvpc" || networkMode === "host";
  const hostPort = isFixed ? mapping.containerPort : mapping.hostPort ?? 0;
  return {
    protocol: "tcp",
    ...mapping,
    ...(mapping.containerPortRange === undefined && { hostPort }),
  };
}

function answeredVolume(volume: JsonObject): JsonObject {
  const { dockerVolumeConfiguration: docker, efsVolumeConfiguration: efs, s3filesVolumeConfiguration: s3files } =
    volume;
  const isBind = Object.keys(volume).every((member) => member === "name" || member === "host");
  return {
    ...(isBind && { host: {} }),
    ...volume,
    ...(docker !== undefined && {
      dockerVolumeConfiguration: { scope: "task", driver: "local", ...docker as JsonObject },
    }),
    ...(efs !== undefined && { efsVolumeConfiguration: { rootDirectory: "/", ...efs as JsonObject } }),
    ...(s3files !== undefined && { s3filesVolumeConfiguration: { rootDirectory: "/", ...s3files as JsonObject } }),
  };
}

/** By name, one way or the other; what shares a name stays in its order. */
function inOtherOrder(list: JsonObject[]): JsonObject[] {
  const ascending = list.toSorted((one, other) => compare(one.name, other.name));
  const isAsSent = ascending.every((item, index) => item === list[index]);
  return isAsSent ? list.toSorted((one, other) => compare(other.name, one.name)) : ascending;
}

function compare(one: Json | undefined, other: Json | undefined): number {
  return one === other ? 0 : String(one) < String(other) ? -1 : 1;
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value : [];
}
