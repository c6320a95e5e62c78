/** Task definitions as users write them, which ECS registers: every shape of the model that public repositories use. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { containers, type NetworkMode, onFargate } from "./arbitrary_containers.ts";
import { flag, map, type Members, name, one, some, unique } from "./arbitrary_members.ts";

const ROLE = "arn:aws:iam::123456789012:role/execution";

const volumeList = unique(
  "name",
  fc.oneof(
    some({ host: one({}, { sourcePath: "/data" }) }, { name }),
    some({
      dockerVolumeConfiguration: some({
        driver: one("local", "rexray/ebs"),
        driverOpts: map,
        labels: map,
      }, { scope: one("task", "shared") }),
    }, { name }),
    some({}, {
      name,
      efsVolumeConfiguration: some({
        rootDirectory: one("/", "/data"),
        transitEncryption: one("ENABLED", "DISABLED", ""),
        transitEncryptionPort: one(2999),
        authorizationConfig: some({ accessPointId: one("fsap-1"), iam: one("ENABLED", "DISABLED", "") }),
      }, { fileSystemId: one("fs-1") }),
    }),
  ),
);

const taskMembers: Members = {
  taskRoleArn: one("arn:aws:iam::123456789012:role/task", ""),
  tags: unique("key", some({}, { key: fc.oneof(name, one("Env", "Name")), value: one("", "dev", "a b") })),
  enableFaultInjection: flag,
  runtimePlatform: some({ cpuArchitecture: one("X86_64", "ARM64", ""), operatingSystemFamily: one("LINUX") }),
  pidMode: one("task", ""),
};

const FARGATE_SIZES = [["256", "512"], [".25 vCPU", "0.5GB"], ["1 vCPU", "2 GB"], ["1vcpu", "8192"], ["8192", "16 GB"]];

/** Fargate has neither a host nor Docker's volumes. */
const fargateVolumes = volumeList.map((volumes) =>
  volumes.filter(({ host, dockerVolumeConfiguration }) => {
    return dockerVolumeConfiguration === undefined &&
      (host === undefined || Object.keys(host as JsonObject).length === 0);
  })
);

const fargate = fargateVolumes.chain((volumes) =>
  fc.tuple(
    some({
      ...taskMembers,
      volumes: one(volumes),
      ephemeralStorage: one({ sizeInGiB: 21 }),
      ipcMode: one(""),
    }, { requiresCompatibilities: one(["FARGATE"], ["EC2", "FARGATE"]), networkMode: one("awsvpc") }),
    one(...FARGATE_SIZES),
    containers("awsvpc", namesOf(volumes), onFargate),
  ).map(([task, [cpu, memory], containerDefinitions]) =>
    whole(task, { cpu: cpu!, memory: memory! }, volumes, containerDefinitions)
  )
);

const ec2 = fc.tuple(volumeList, one<NetworkMode[]>("awsvpc", "host", "bridge", "none", undefined)).chain((
  [volumes, mode],
) =>
  fc.tuple(
    some({
      ...taskMembers,
      requiresCompatibilities: one([], ["EC2"]),
      cpu: one("512", "1 vCPU"),
      memory: one("1024", "1 GB"),
      ipcMode: one("host", "task", "none", ""),
      placementConstraints: one([], [{ type: "memberOf", expression: "attribute:a =~ b.*" }]),
    }),
    containers(mode, namesOf(volumes)),
  ).map(([task, containerDefinitions]) =>
    whole(task, mode === undefined ? {} : { networkMode: mode }, volumes, containerDefinitions)
  )
);

function namesOf(volumes: readonly JsonObject[]): string[] {
  return volumes.map((volume) => String(volume.name));
}

function whole(
  task: JsonObject,
  more: JsonObject,
  volumes: JsonObject[],
  containerDefinitions: JsonObject[],
): JsonObject {
  return {
    family: "app",
    executionRoleArn: ROLE,
    ...task,
    ...more,
    ...(volumes.length > 0 && { volumes }),
    containerDefinitions,
  };
}

/** As it is written, with what Go's tools do not mind: comments, keys in other upper and lower case, null. */
interface WrittenTaskDefinition {
  readonly definition: JsonObject;
  readonly written: JsonObject;
}

const registrable: fc.Arbitrary<JsonObject> = fc.oneof(fargate, ec2);

export const writtenTaskDefinitions: fc.Arbitrary<WrittenTaskDefinition> = fc.tuple(registrable, fc.nat(), flag).map(
  ([definition, seed, isPlain]) => ({
    definition,
    written: isPlain ? definition : written(definition, seed) as JsonObject,
  }),
);

const MAPS = new Set(["dockerLabels", "options", "labels", "driverOpts"]);

function written(value: Json, seed: number, key = ""): Json {
  if (Array.isArray(value)) return value.map((item, index) => written(item, seed + index));
  if (typeof value !== "object" || value === null || MAPS.has(key)) return value;
  const members = Object.entries(value).map(([name, member], index) => {
    const spelling = (seed + index) % 3;
    const other = spelling === 0
      ? name
      : spelling === 1
      ? name.charAt(0).toUpperCase() + name.slice(1)
      : name.toUpperCase();
    return [other, written(member, seed + index, name)] as const;
  });
  const comments = [["_comment", "x"], ["$schema", 1], ["// why", ["y"]]] as const;
  return Object.fromEntries([...comments.slice(0, seed % 4), ...members]);
}
