/** Task definitions as users write them, which ECS registers: every shape of the model that public repositories use. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/model/json.ts";

type Members = Record<string, fc.Arbitrary<unknown>>;

/** An object with some of the members; those of `always` are always there. */
function some(members: Members, always: Members = {}): fc.Arbitrary<JsonObject> {
  const requiredKeys = Object.keys(always);
  return fc.record({ ...always, ...members }, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;
}

/** A list in which no two objects share the member. */
function unique(key: string, item: fc.Arbitrary<JsonObject>, maxLength = 3): fc.Arbitrary<JsonObject[]> {
  return fc.uniqueArray(item, { maxLength, selector: (one) => one[key] });
}

const one = fc.constantFrom;
const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,7}$/);
const variable = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,7}$/);
const text = fc.oneof(name, fc.string({ unit: "grapheme", maxLength: 6 }), one("", "0", "true", "a b"));
const texts = fc.array(text, { maxLength: 3 });
const map = fc.dictionary(fc.oneof(name, one("Name", "_x", "$y", "//", "com.example.a/b")), text, { maxKeys: 3 });
const flag = fc.boolean();
const arn = one("arn:aws:ssm:ap-northeast-1:123456789012:parameter/a", "/b");
const ROLE = "arn:aws:iam::123456789012:role/execution";

const healthCheck = some({
  interval: one(5, 30),
  timeout: one(5, 6),
  retries: one(3, 4),
  startPeriod: one(0, 10),
}, { command: fc.constant(["CMD-SHELL", "curl -f localhost || exit 1"]) });

const secretList = unique("name", some({}, { name: variable.map((one) => `S_${one}`), valueFrom: arn }));

const logConfiguration = fc.oneof(
  some({ secretOptions: secretList }, {
    logDriver: one("awslogs"),
    options: fc.constant({
      "awslogs-group": "/ecs/a",
      "awslogs-region": "ap-northeast-1",
      "awslogs-stream-prefix": "app",
    }),
  }),
  some({ options: map, secretOptions: secretList }, { logDriver: one("awsfirelens", "json-file", "fluentd") }),
);

const linuxParameters = some({
  initProcessEnabled: flag,
  sharedMemorySize: one(64),
  maxSwap: one(0, 512),
  swappiness: one(0, 60),
  capabilities: some({ add: one([], ["SYS_PTRACE"]), drop: one([], ["ALL"]) }),
  tmpfs: one([], [{ containerPath: "/run", size: 64, mountOptions: ["rw"] }]),
  devices: one([], [{ hostPath: "/dev/fuse" }], [{ hostPath: "/dev/fuse", permissions: ["read", "write", "mknod"] }]),
});

/** What does not depend on the rest of the task. */
const containerMembers: Members = {
  cpu: one(0, 10),
  command: texts,
  entryPoint: texts,
  environment: unique("name", some({}, { name: variable, value: text }), 4),
  environmentFiles: one([], [{ value: "arn:aws:s3:::bucket/a.env", type: "s3" }]),
  secrets: secretList,
  dockerLabels: map,
  healthCheck,
  logConfiguration,
  linuxParameters,
  firelensConfiguration: some({ options: map }, { type: one("fluentbit", "fluentd") }),
  restartPolicy: some({ ignoredExitCodes: one([], [0]), restartAttemptPeriod: one(60, 300) }, { enabled: flag }),
  ulimits: one([], [{ name: "nofile", softLimit: 1024, hardLimit: 65536 }]),
  systemControls: one([], [{ namespace: "net.core.somaxconn", value: "1024" }]),
  extraHosts: one([], [{ hostname: "db", ipAddress: "10.0.0.1" }]),
  dnsServers: one([], ["10.0.0.2"]),
  resourceRequirements: one([], [{ type: "GPU", value: "1" }]),
  repositoryCredentials: one({ credentialsParameter: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:a" }),
  versionConsistency: one("enabled", "disabled", ""),
  readonlyRootFilesystem: flag,
  privileged: flag,
  interactive: flag,
  stopTimeout: one(30, 120),
  startTimeout: one(60),
  user: one("0", "app:app"),
  workingDirectory: one("/srv"),
};

/** Those members of which Fargate does not take every value. */
const onFargate: Members = {
  logConfiguration: logConfiguration.filter(({ logDriver }) => logDriver === "awslogs" || logDriver === "awsfirelens"),
  linuxParameters: linuxParameters.map(({ initProcessEnabled, capabilities, swappiness }) => ({
    ...(initProcessEnabled !== undefined && { initProcessEnabled }),
    ...(capabilities !== undefined && { capabilities }),
    ...(swappiness !== undefined && { swappiness }),
  })),
  resourceRequirements: one([]),
  privileged: one(false),
};

/** A task with a network interface of its own has none of these. */
const withAwsvpc: Members = { extraHosts: one([]), dnsServers: one([]) };

type NetworkMode = "awsvpc" | "host" | "bridge" | "none" | undefined;

/** The ports of the `index`th container, none of which another one has. */
function portMappings(mode: NetworkMode, index: number): fc.Arbitrary<JsonObject[]> {
  if (mode === "none") return fc.constant([]);
  const isFixed = mode === "awsvpc" || mode === "host";
  const port = (nth: number) => 8_000 + index * 10 + nth;
  const mapping = (nth: number) =>
    some({
      hostPort: isFixed ? one(port(nth), 0) : one(0, port(nth)),
      protocol: one("tcp", "udp", ""),
      name: one(`port-${index}-${nth}`),
      appProtocol: one("http", "grpc", ""),
    }, { containerPort: one(port(nth)) });
  return fc.tuple(mapping(0), mapping(1)).chain((mappings) => fc.shuffledSubarray(mappings));
}

function containers(
  mode: NetworkMode,
  volumes: readonly string[],
  restricted: Members = {},
): fc.Arbitrary<JsonObject[]> {
  return fc.uniqueArray(name, { minLength: 1, maxLength: 3 }).chain((names) =>
    fc.tuple(...names.map((own, index) => {
      const others = names.slice(0, index);
      return some({
        ...containerMembers,
        ...(mode === "awsvpc" && withAwsvpc),
        ...restricted,
        essential: index === 0 ? fc.constant(true) : flag,
        memoryReservation: one(64),
        portMappings: portMappings(mode, index),
        mountPoints: unique(
          "containerPath",
          volumes.length === 0
            ? fc.constant({})
            : some({ readOnly: flag }, { sourceVolume: one(...volumes), containerPath: one("/a", "/b") }),
        ).map((points) => volumes.length === 0 ? [] : points),
        ...(index > 0 && {
          volumesFrom: one([], [{ sourceContainer: others[0] }], [{ sourceContainer: others[0], readOnly: false }]),
          dependsOn: one([], [{ containerName: others[0], condition: "HEALTHY" }]),
        }),
        ...(mode === "bridge" && { links: one([], others) }),
      }, { name: one(own), image: one("nginx:1", "public.ecr.aws/a/b@sha256:00"), memory: one(128) });
    }))
  );
}

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
export interface WrittenTaskDefinition {
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
