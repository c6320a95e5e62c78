import { TASK_DEFINITION_READ_ONLY } from "../model/api_members.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { canonicalize, type Shape, withoutIgnoredTags } from "./canonicalize.ts";

/**
 * Brings a task definition into its canonical form, in which the input of RegisterTaskDefinition equals AWS's
 * description of the revision made of it.
 *
 * Each rule below names its source: the API reference (the page of the type or operation), the developer guide, or the
 * two public tools that compare the same two sides, terraform-provider-aws (`internal/service/ecs`) and Kayac's
 * ecspresso (`diff.go`). What none of them settles is left alone: `runtimePlatform`, `startPeriod`, `stopTimeout`.
 */
export function normalizeTaskDefinition(definition: JsonObject, ignoredTags: readonly string[] = []): JsonObject {
  return canonicalize(definition, taskDefinitionShape(definition.networkMode, ignoredTags)) as JsonObject;
}

function taskDefinitionShape(networkMode: Json | undefined, ignoredTags: readonly string[]): Shape {
  return {
    ignored: TASK_DEFINITION_READ_ONLY,
    defaults: {
      // API reference, RegisterTaskDefinition. On Windows, the developer guide forbids naming any mode.
      networkMode: "bridge",
      enableFaultInjection: false,
    },
    sets: {
      // A resource has each key once.
      tags: "key",
      // terraform-provider-aws and Kayac's ecspresso; the names of containers are unique, and so are those of volumes.
      containerDefinitions: "name",
      volumes: "name",
      requiresCompatibilities: "",
      placementConstraints: "",
    },
    members: {
      containerDefinitions: containerShape(networkMode),
      volumes: VOLUME,
      proxyConfiguration: {
        // API reference, ProxyConfiguration: the only supported value.
        defaults: { type: "APPMESH" },
        // terraform-provider-aws has a map of them; Kayac's ecspresso sorts them.
        sets: { properties: "name" },
      },
    },
    keptEmpty: ["proxyConfiguration"],
    rewrite: (definition) => withTaskSize(withoutIgnoredTags(definition, ignoredTags)),
  };
}

function containerShape(networkMode: Json | undefined): Shape {
  return {
    defaults: {
      // API reference, ContainerDefinition.
      essential: true,
      versionConsistency: "enabled",
      // What AWS describes where none was given; terraform-provider-aws never sends it.
      cpu: 0,
    },
    sets: {
      // terraform-provider-aws and Kayac's ecspresso. Where a name occurs twice, the order of its values counts.
      environment: "name",
      secrets: "name",
      // Kayac's ecspresso. (It sorts volumesFrom as well, where the later mount of a path hides the earlier.)
      portMappings: "",
      mountPoints: "",
    },
    // With its defaults alone, each lacks what AWS demands: AWS is to report that mistake.
    keptEmpty: ["healthCheck", "restartPolicy"],
    members: {
      portMappings: {
        // API reference, PortMapping; terraform-provider-aws.
        defaults: { protocol: "tcp" },
        rewrite: (mapping) => withoutImpliedHostPort(mapping, networkMode),
      },
      // API reference, MountPoint, VolumeFrom, HealthCheck, ContainerRestartPolicy, LinuxParameters and Device.
      mountPoints: { defaults: { readOnly: false } },
      volumesFrom: { defaults: { readOnly: false } },
      healthCheck: { defaults: { interval: 30, timeout: 5, retries: 3 } },
      restartPolicy: { defaults: { restartAttemptPeriod: 300 } },
      linuxParameters: {
        defaults: { swappiness: 60 },
        members: { devices: { defaults: { permissions: ["read", "write", "mknod"] } } },
      },
    },
  };
}

const VOLUME: Shape = {
  // Each of these makes the volume one of another kind; without any, it is a bind mount.
  keptEmpty: [
    ...["dockerVolumeConfiguration", "efsVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration"],
    "s3filesVolumeConfiguration",
  ],
  members: {
    dockerVolumeConfiguration: {
      // terraform-provider-aws: what AWS describes where none was given.
      defaults: { scope: "task", driver: "local" },
      rewrite: withoutDefaultAutoprovision,
    },
    // API reference, EFSVolumeConfiguration, EFSAuthorizationConfig and S3FilesVolumeConfiguration.
    efsVolumeConfiguration: {
      defaults: { rootDirectory: "/", transitEncryption: "DISABLED" },
      members: { authorizationConfig: { defaults: { iam: "DISABLED" } } },
    },
    s3filesVolumeConfiguration: { defaults: { rootDirectory: "/" } },
  },
};

// Developer guide, "Specify a Docker volume": false by default. With the scope `task` it must not be written at all
// (hashicorp/terraform-provider-aws#34428), so there it makes a difference.
function withoutDefaultAutoprovision(volume: JsonObject): JsonObject {
  const { autoprovision, ...others } = volume;
  return volume.scope === "shared" && autoprovision === false ? others : volume;
}

// API reference, PortMapping: with `awsvpc` and `host` the host port is always the container port; with `bridge`, none
// and 0 mean any port. AWS describes 0 there; terraform-provider-aws takes 0 for none everywhere.
function withoutImpliedHostPort(mapping: JsonObject, networkMode: Json | undefined): JsonObject {
  const { hostPort, ...others } = mapping;
  const isFixed = networkMode === "awsvpc" || networkMode === "host";
  return hostPort === 0 || isFixed && hostPort === mapping.containerPort ? others : mapping;
}

// Developer guide, "Troubleshoot task definition invalid CPU or memory errors": sizes written in vCPU and GB are
// registered in CPU units and MiB, 1024 of each. AWS describes them as strings of digits.
function withTaskSize(definition: JsonObject): JsonObject {
  const { cpu, memory } = definition;
  return {
    ...definition,
    ...(cpu !== undefined && { cpu: toUnits(cpu, /^(\d*\.?\d+) ?vcpu$/i) }),
    ...(memory !== undefined && { memory: toUnits(memory, /^(\d*\.?\d+) ?GB$/) }),
  };
}

function toUnits(size: Json, inThousands: RegExp): Json {
  if (typeof size === "number") return String(size);
  const units = typeof size === "string" ? 1024 * Number(inThousands.exec(size)?.[1]) : NaN;
  return Number.isSafeInteger(units) ? String(units) : size;
}
