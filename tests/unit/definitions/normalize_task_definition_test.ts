import assert from "node:assert/strict";
import { normalizeTaskDefinition } from "../../../src/definitions/normalize_task_definition.ts";
import { container, docker, efs, type Pair, port, tag, variable, volume } from "./task_definition_members.ts";

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

for (const [what, [one, other]] of Object.entries(EQUAL)) {
  Deno.test(`normalizeTaskDefinition() takes as equal: ${what}`, () => {
    assert.deepEqual(normalizeTaskDefinition(one), normalizeTaskDefinition(other));
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
