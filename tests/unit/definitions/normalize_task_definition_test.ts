import assert from "node:assert/strict";
import { normalizeTaskDefinition } from "../../../src/definitions/normalize_task_definition.ts";
import type { JsonObject } from "../../../src/model/json.ts";

type Pair = readonly [one: JsonObject, other: JsonObject];

const container = (members: JsonObject, others: JsonObject = {}): JsonObject => ({
  ...others,
  containerDefinitions: [{ name: "app", image: "app:1", ...members }],
});
const port = (mapping: JsonObject, networkMode?: string): JsonObject =>
  container({ portMappings: [mapping] }, networkMode === undefined ? {} : { networkMode });
const volume = (members: JsonObject): JsonObject => ({ volumes: [{ name: "data", ...members }] });
const efs = (members: JsonObject): JsonObject =>
  volume({ efsVolumeConfiguration: { fileSystemId: "fs-1", ...members } });
const docker = (members: JsonObject): JsonObject => volume({ dockerVolumeConfiguration: members });
const tag = (key: string, value = "v"): JsonObject => ({ key, value });
const variable = (name: string, value = "v"): JsonObject => ({ name, value });

const EQUAL: Record<string, Pair> = {
  "what AWS adds": [
    { family: "app" },
    {
      family: "app",
      taskDefinitionArn: "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/app:3",
      revision: 3,
      status: "ACTIVE",
      requiresAttributes: [{ name: "ecs.capability.task-eni" }],
      compatibilities: ["EC2", "FARGATE"],
      registeredAt: "2023-01-01T00:00:00.000Z",
      registeredBy: "arn:aws:iam::123456789012:user/somebody",
      deregisteredAt: "2023-01-02T00:00:00.000Z",
      deleteRequestedAt: "2023-01-03T00:00:00.000Z",
    },
  ],
  "empty lists and objects": [
    container({}),
    {
      ...container({
        portMappings: [],
        environment: [],
        environmentFiles: [],
        secrets: [],
        mountPoints: [],
        volumesFrom: [],
        systemControls: [],
        linuxParameters: { capabilities: { add: [], drop: [] } },
        dockerLabels: {},
      }),
      volumes: [],
      placementConstraints: [],
      requiresCompatibilities: [],
      tags: [],
    },
  ],
  "null": [container({}), container({ user: null, dependsOn: null, healthCheck: null, memory: null })],
  "an empty list of secret options": [
    container({ logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "g" } } }),
    container({ logConfiguration: { options: { "awslogs-group": "g" }, secretOptions: [], logDriver: "awslogs" } }),
  ],
  "essential": [container({}), container({ essential: true })],
  "no CPU of its own": [container({}), container({ cpu: 0 })],
  "version consistency": [container({}), container({ versionConsistency: "enabled" })],
  "the protocol": [port({ containerPort: 80 }), port({ containerPort: 80, protocol: "tcp" })],
  "the host's port in awsvpc": [
    port({ containerPort: 80 }, "awsvpc"),
    port({ containerPort: 80, hostPort: 80 }, "awsvpc"),
  ],
  "the host's port in host": [port({ containerPort: 80 }, "host"), port({ containerPort: 80, hostPort: 80 }, "host")],
  "any port of the host": [port({ containerPort: 80 }), port({ containerPort: 80, hostPort: 0 })],
  "any port of the host in bridge": [
    port({ containerPort: 80 }, "bridge"),
    port({ containerPort: 80, hostPort: 0 }, "bridge"),
  ],
  "the network mode": [{ family: "app" }, { family: "app", networkMode: "bridge" }],
  "fault injection": [{ family: "app" }, { family: "app", enableFaultInjection: false }],
  "mounts to write to": [
    container({ mountPoints: [{ sourceVolume: "data", containerPath: "/data" }] }),
    container({ mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly: false }] }),
  ],
  "volumes of another container to write to": [
    container({ volumesFrom: [{ sourceContainer: "other" }] }),
    container({ volumesFrom: [{ sourceContainer: "other", readOnly: false }] }),
  ],
  "the health check": [
    container({ healthCheck: { command: ["CMD", "true"] } }),
    container({ healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 5, retries: 3 } }),
  ],
  "the restart policy": [
    container({ restartPolicy: { enabled: true } }),
    container({ restartPolicy: { enabled: true, ignoredExitCodes: [], restartAttemptPeriod: 300 } }),
  ],
  "Linux parameters": [
    container({ linuxParameters: { maxSwap: 10, devices: [{ hostPath: "/dev/a" }] } }),
    container({
      linuxParameters: {
        maxSwap: 10,
        swappiness: 60,
        devices: [{ hostPath: "/dev/a", permissions: ["read", "write", "mknod"] }],
      },
    }),
  ],
  "a volume that Docker finds a place for": [volume({}), volume({ host: {} })],
  "a Docker volume of the task": [docker({}), docker({ scope: "task", driver: "local", driverOpts: {}, labels: {} })],
  "a shared Docker volume": [docker({ scope: "shared" }), docker({ scope: "shared", autoprovision: false })],
  "an EFS volume": [
    efs({}),
    efs({ rootDirectory: "/", transitEncryption: "DISABLED", authorizationConfig: { iam: "DISABLED" } }),
  ],
  "an S3 Files volume": [
    volume({ s3filesVolumeConfiguration: { fileSystemArn: "arn:a" } }),
    volume({ s3filesVolumeConfiguration: { fileSystemArn: "arn:a", rootDirectory: "/" } }),
  ],
  "the only type of proxy": [
    { proxyConfiguration: { containerName: "envoy" } },
    { proxyConfiguration: { containerName: "envoy", type: "APPMESH" } },
  ],
  "CPU in vCPU": [{ cpu: "256" }, { cpu: "0.25 vCPU" }],
  "CPU in vcpu": [{ cpu: "512" }, { cpu: ".5vcpu" }],
  "CPU as a number": [{ cpu: "1024" }, { cpu: 1024 }],
  "memory in GB": [{ memory: "1024" }, { memory: "1 GB" }],
  "memory in parts of a GB": [{ memory: "512" }, { memory: "0.5GB" }],
  "memory as a number": [{ memory: "2048" }, { memory: 2048 }],
  "the order of keys": [{ family: "app", cpu: "256" }, { cpu: "256", family: "app" }],
  "the order of containers": [
    { containerDefinitions: [{ name: "app" }, { name: "log" }] },
    { containerDefinitions: [{ name: "log" }, { name: "app" }] },
  ],
  "the order of variables": [
    container({ environment: [variable("A", "2"), variable("B", "1")] }),
    container({ environment: [variable("B", "1"), variable("A", "2")] }),
  ],
  "the order of secrets": [
    container({ secrets: [{ name: "A", valueFrom: "arn:b" }, { name: "B", valueFrom: "arn:a" }] }),
    container({ secrets: [{ name: "B", valueFrom: "arn:a" }, { name: "A", valueFrom: "arn:b" }] }),
  ],
  "the order of ports": [
    container({ portMappings: [{ containerPort: 80 }, { containerPort: 443 }] }),
    container({ portMappings: [{ containerPort: 443, protocol: "tcp" }, { containerPort: 80, protocol: "tcp" }] }),
  ],
  "the order of mounts": [
    container({ mountPoints: [{ sourceVolume: "a" }, { sourceVolume: "b" }] }),
    container({ mountPoints: [{ sourceVolume: "b", readOnly: false }, { sourceVolume: "a", readOnly: false }] }),
  ],
  "the order of volumes": [
    { volumes: [{ name: "a" }, { name: "b" }] },
    { volumes: [{ name: "b", host: {} }, { name: "a", host: {} }] },
  ],
  "the order of what it is for": [
    { requiresCompatibilities: ["FARGATE", "EC2"] },
    { requiresCompatibilities: ["EC2", "FARGATE"] },
  ],
  "the order of constraints": [
    { placementConstraints: [{ type: "memberOf", expression: "b" }, { type: "memberOf", expression: "a" }] },
    { placementConstraints: [{ expression: "a", type: "memberOf" }, { expression: "b", type: "memberOf" }] },
  ],
  "the order of a proxy's properties": [
    { proxyConfiguration: { properties: [variable("A"), variable("B")] } },
    { proxyConfiguration: { properties: [variable("B"), variable("A")] } },
  ],
  "the order of tags": [{ tags: [tag("a"), tag("b")] }, { tags: [tag("b"), tag("a")] }],
  "AWS's own tags": [{ tags: [tag("a")] }, { tags: [tag("a"), tag("aws:cloudformation:stack-name"), tag("AWS:x")] }],
};

const DIFFERENT: Record<string, Pair> = {
  "the family": [{ family: "a" }, { family: "b" }],
  "an image": [container({ image: "app:1" }), container({ image: "app:2" })],
  "a container more": [container({}), {
    containerDefinitions: [{ name: "app", image: "app:1" }, { name: "b", image: "b" }],
  }],
  "not essential": [container({}), container({ essential: false })],
  "CPU of its own": [container({}), container({ cpu: 1 })],
  "a number as a text, in a container": [container({ cpu: 256 }), container({ cpu: "256" })],
  "no version consistency": [container({}), container({ versionConsistency: "disabled" })],
  "UDP": [port({ containerPort: 80 }), port({ containerPort: 80, protocol: "udp" })],
  "a fixed port of the host in bridge": [
    port({ containerPort: 80 }, "bridge"),
    port({ containerPort: 80, hostPort: 80 }, "bridge"),
  ],
  "a fixed port of the host in the default mode": [
    port({ containerPort: 80 }),
    port({ containerPort: 80, hostPort: 80 }),
  ],
  "another port of the host": [
    port({ containerPort: 80 }, "awsvpc"),
    port({ containerPort: 80, hostPort: 81 }, "awsvpc"),
  ],
  "the container's port": [port({ containerPort: 80 }, "awsvpc"), port({ containerPort: 81, hostPort: 81 }, "awsvpc")],
  "another network mode": [{ family: "app" }, { family: "app", networkMode: "awsvpc" }],
  "fault injection": [{ family: "app" }, { family: "app", enableFaultInjection: true }],
  "a mount to read": [
    container({ mountPoints: [{ sourceVolume: "data" }] }),
    container({ mountPoints: [{ sourceVolume: "data", readOnly: true }] }),
  ],
  "volumes of another container to read": [
    container({ volumesFrom: [{ sourceContainer: "other" }] }),
    container({ volumesFrom: [{ sourceContainer: "other", readOnly: true }] }),
  ],
  "a health check's interval": [
    container({ healthCheck: { command: ["CMD", "true"] } }),
    container({ healthCheck: { command: ["CMD", "true"], interval: 10 } }),
  ],
  "a health check's start period, even of 0": [
    container({ healthCheck: { command: ["CMD", "true"] } }),
    container({ healthCheck: { command: ["CMD", "true"], startPeriod: 0 } }),
  ],
  "a health check without a command, which AWS refuses": [container({}), container({ healthCheck: { interval: 30 } })],
  "a restart policy that does not say whether, which AWS refuses": [
    container({}),
    container({ restartPolicy: { restartAttemptPeriod: 300 } }),
  ],
  "a proxy without a container, which AWS refuses": [{}, { proxyConfiguration: { type: "APPMESH" } }],
  "an EFS volume without a file system, which AWS refuses": [
    volume({}),
    volume({ efsVolumeConfiguration: { rootDirectory: "/" } }),
  ],
  "an S3 Files volume without a file system, which AWS refuses": [
    volume({}),
    volume({ s3filesVolumeConfiguration: { rootDirectory: "/" } }),
  ],
  "an FSx volume of which nothing is said, which AWS refuses": [
    volume({}),
    volume({ fsxWindowsFileServerVolumeConfiguration: {} }),
  ],
  "a restart policy": [container({}), container({ restartPolicy: { enabled: false } })],
  "a path on the host": [volume({}), volume({ host: { sourcePath: "/data" } })],
  "a Docker volume instead of a bind mount": [volume({ host: {} }), docker({})],
  "a Docker volume's driver": [docker({}), docker({ driver: "rexray/ebs" })],
  "autoprovision where it must not be": [docker({}), docker({ scope: "task", autoprovision: false })],
  "autoprovision": [docker({ scope: "shared" }), docker({ scope: "shared", autoprovision: true })],
  "a folder in EFS": [efs({}), efs({ rootDirectory: "/data" })],
  "an encrypted way to EFS": [efs({}), efs({ transitEncryption: "ENABLED" })],
  "a role for EFS": [efs({}), efs({ authorizationConfig: { iam: "ENABLED" } })],
  "less CPU": [{ cpu: "256" }, { cpu: "0.2 vCPU" }],
  "CPU that is no whole number of units": [{ cpu: "307.2" }, { cpu: "0.3 vCPU" }],
  "memory in a unit that AWS does not name": [{ memory: "1024" }, { memory: "1 gb" }],
  "memory in vCPU": [{ memory: "1024" }, { memory: "1 vCPU" }],
  "a platform": [{ family: "app" }, {
    family: "app",
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
  }],
  "what it is for": [{ family: "app" }, { family: "app", requiresCompatibilities: ["EC2"] }],
  "a variable's value": [
    container({ environment: [variable("A", "1")] }),
    container({ environment: [variable("A", "2")] }),
  ],
  "a variable without a value": [
    container({ environment: [variable("A", "")] }),
    container({ environment: [{ name: "A" }] }),
  ],
  "the order of a variable's two values": [
    container({ environment: [variable("A", "1"), variable("A", "2")] }),
    container({ environment: [variable("A", "2"), variable("A", "1")] }),
  ],
  "where a secret is": [
    container({ secrets: [{ name: "A", valueFrom: "arn:a" }] }),
    container({ secrets: [{ name: "A", valueFrom: "arn:b" }] }),
  ],
  "the order of a command": [container({ command: ["a", "b"] }), container({ command: ["b", "a"] })],
  "the order of files of variables, of which a later one wins": [
    container({ environmentFiles: [{ value: "arn:a", type: "s3" }, { value: "arn:b", type: "s3" }] }),
    container({ environmentFiles: [{ value: "arn:b", type: "s3" }, { value: "arn:a", type: "s3" }] }),
  ],
  "the order of volumes from other containers": [
    container({ volumesFrom: [{ sourceContainer: "a" }, { sourceContainer: "b" }] }),
    container({ volumesFrom: [{ sourceContainer: "b" }, { sourceContainer: "a" }] }),
  ],
  "the order of DNS servers": [container({ dnsServers: ["a", "b"] }), container({ dnsServers: ["b", "a"] })],
  "an option of the log driver": [
    container({ logConfiguration: { logDriver: "awslogs", options: {} } }),
    container({ logConfiguration: { logDriver: "awslogs", options: { mode: "non-blocking" } } }),
  ],
  "a label called as what AWS adds": [
    container({ dockerLabels: { status: "a" } }),
    container({ dockerLabels: { status: "b" } }),
  ],
  "a label called as a default": [
    container({}),
    container({ dockerLabels: { essential: "true", protocol: "tcp" } }),
  ],
  "a label called as a function of every object": [container({}), container({ dockerLabels: { constructor: "a" } })],
  "the order of a list called as a function of every object": [{ constructor: ["a", "b"] }, {
    constructor: ["b", "a"],
  }],
  "a tag": [{ tags: [tag("a")] }, { tags: [tag("a"), tag("b")] }],
  "a tag's value": [{ tags: [tag("a", "1")] }, { tags: [tag("a", "2")] }],
  "what this program does not know": [{ family: "app" }, { family: "app", newFeature: false }],
};

for (const [what, [one, other]] of Object.entries(EQUAL)) {
  Deno.test(`normalizeTaskDefinition() takes as equal: ${what}`, () => {
    assert.deepEqual(normalizeTaskDefinition(one), normalizeTaskDefinition(other));
  });
}

for (const [what, [one, other]] of Object.entries(DIFFERENT)) {
  Deno.test(`normalizeTaskDefinition() distinguishes: ${what}`, () => {
    assert.notDeepEqual(normalizeTaskDefinition(one), normalizeTaskDefinition(other));
  });
}

Deno.test("normalizeTaskDefinition() leaves out the tags that are ignored", () => {
  const definition = { family: "app", tags: [tag("a"), tag("b"), tag("c")] };
  assert.deepEqual(normalizeTaskDefinition(definition, ["a", "c"]), { family: "app", tags: [tag("b")] });
  assert.deepEqual(normalizeTaskDefinition(definition, ["a", "b", "c"]), { family: "app" });
});

Deno.test("normalizeTaskDefinition() puts keys in order, for texts are compared", () => {
  const normalized = normalizeTaskDefinition({ memory: "1 GB", family: "app", cpu: 256, essential: true });
  assert.equal(JSON.stringify(normalized), '{"cpu":"256","essential":true,"family":"app","memory":"1024"}');
});

Deno.test("normalizeTaskDefinition() does not change what it is given", () => {
  const definition = container({ environment: [variable("B"), variable("A")], essential: true }, { cpu: "1 vCPU" });
  const copy = structuredClone(definition);
  normalizeTaskDefinition(definition);
  assert.deepEqual(definition, copy);
});

Deno.test("normalizeTaskDefinition() leaves what has not AWS's shape as it is", () => {
  const strange = { containerDefinitions: "x", volumes: { a: 1 }, tags: "t", cpu: false, memory: [1] };
  assert.deepEqual(normalizeTaskDefinition(strange), strange);
});
