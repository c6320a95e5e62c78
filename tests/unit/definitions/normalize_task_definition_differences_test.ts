import assert from "node:assert/strict";
import { normalizeTaskDefinition } from "../../../src/definitions/normalize_task_definition.ts";
import { container, docker, efs, type Pair, port, tag, variable, volume } from "./task_definition_members.ts";

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

for (const [what, [one, other]] of Object.entries(DIFFERENT)) {
  Deno.test(`normalizeTaskDefinition() distinguishes: ${what}`, () => {
    assert.notDeepEqual(normalizeTaskDefinition(one), normalizeTaskDefinition(other));
  });
}
