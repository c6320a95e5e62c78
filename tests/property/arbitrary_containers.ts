import fc from "fast-check";
import type { JsonObject } from "../../src/model/json.ts";
import { flag, map, type Members, name, one, some, text, unique } from "./arbitrary_members.ts";

const variable = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,7}$/);
const texts = fc.array(text, { maxLength: 3 });
const arn = one("arn:aws:ssm:ap-northeast-1:123456789012:parameter/a", "/b");

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
export const onFargate: Members = {
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

export type NetworkMode = "awsvpc" | "host" | "bridge" | "none" | undefined;

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

export function containers(
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
