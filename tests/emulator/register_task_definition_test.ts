import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

/** What RegisterTaskDefinition refuses, and what it makes of what it takes. */

const app: JsonObject = { name: "app", image: "example/app:1", memory: 128 };
const side: JsonObject = { name: "side", image: "example/side:1", memory: 128, essential: false };
const ROLE = "arn:aws:iam::123456789012:role/execution";
const fargate: JsonObject = {
  family: "f",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  containerDefinitions: [app],
};

function ofContainers(...containerDefinitions: JsonObject[]): JsonObject {
  return { family: "f", containerDefinitions };
}

/** A task definition for Fargate, whose container has these members besides. */
function onFargate(members: JsonObject): JsonObject {
  return { ...fargate, executionRoleArn: ROLE, containerDefinitions: [{ ...app, ...members }] };
}

const NOT_ON_FARGATE = "Fargate compatible task definitions do not support";

const REFUSED: [string, JsonObject, string][] = [
  ["empty tags", { ...ofContainers(app), tags: [] }, "Tags can not be empty."],
  ["an empty role", { ...ofContainers(app), taskRoleArn: "" }, "Role is not valid"],
  ["an empty execution role", { ...ofContainers(app), executionRoleArn: "" }, "Role is not valid"],
  ["no image", ofContainers({ ...app, image: "" }), "Container.image should not be null or empty."],
  ["two of a name", ofContainers(app, app), "Container names must be unique within a task definition."],
  [
    "no memory",
    ofContainers({ name: "app", image: "i" }),
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [
    "nothing essential",
    ofContainers({ ...app, essential: false }),
    "Task definition doesn't have any essential container.",
  ],
  ["no such volume", ofContainers({ ...app, mountPoints: [{ sourceVolume: "v" }] }), "Unknown volume 'v'."],
  [
    "no such dependency",
    ofContainers({ ...app, dependsOn: [{ containerName: "db", condition: "START" }] }),
    "Cannot depend on container + 'db' because it does not exist",
  ],
  [
    "the end of an essential container",
    ofContainers({ ...app, dependsOn: [{ containerName: "side", condition: "SUCCESS" }] }, {
      ...side,
      essential: true,
    }),
    "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
  ],
  [
    "another port of the host",
    { ...ofContainers({ ...app, portMappings: [{ containerPort: 80, hostPort: 8080 }] }), networkMode: "awsvpc" },
    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
  ],
  [
    "no port",
    ofContainers({ ...app, portMappings: [{ hostPort: 80 }] }),
    "Invalid 'containerPort' setting for container 'app'.",
  ],
  [
    "a port of the host twice",
    ofContainers(
      { ...app, portMappings: [{ containerPort: 80, hostPort: 80 }] },
      { ...side, portMappings: [{ containerPort: 81, hostPort: 80 }] },
    ),
    "TCP host port '80' is mapped multiple times in task.",
  ],
  [
    "a name of a port twice",
    ofContainers({ ...app, portMappings: [{ containerPort: 80, name: "p" }, { containerPort: 81, name: "p" }] }),
    "Port mapping names must be unique within a task definition.",
  ],
  [
    "secrets without a role",
    ofContainers({ ...app, secrets: [{ name: "A", valueFrom: "/a" }] }),
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [
    "a secret of a variable's name",
    {
      ...ofContainers({
        ...app,
        secrets: [{ name: "A", valueFrom: "/a" }],
        environment: [{ name: "A", value: "1" }],
      }),
      executionRoleArn: ROLE,
    },
    "The secret name must be unique and not shared with any new or existing environment variables set on the " +
    "container, such as 'A'.",
  ],
  [
    "a log without its group",
    ofContainers({ ...app, logConfiguration: { logDriver: "awslogs", options: { "awslogs-region": "x" } } }),
    "Log driver awslogs requires options: awslogs-group",
  ],
  ["no size", { ...ofContainers(app), cpu: "much" }, "Invalid 'cpu' setting for task."],
  [
    "more than the task has",
    { ...ofContainers({ ...app, cpu: 512 }), cpu: "256" },
    "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  ],
  ["Fargate, bridge", { ...fargate, networkMode: "bridge" }, "Fargate only supports network mode ‘awsvpc’."],
  ["Fargate, default", { ...fargate, networkMode: null }, "Fargate only supports network mode ‘awsvpc’."],
  ["Fargate without cpu", { ...fargate, cpu: null }, "Fargate requires that 'cpu' be defined at the task level."],
  ["Fargate, a pair", { ...fargate, memory: "4096" }, "No Fargate configuration exists for given values."],
  [
    "Fargate, a step",
    { ...fargate, cpu: "8 vCPU", memory: "17 GB" },
    "No Fargate configuration exists for given values.",
  ],
  [
    "Fargate, Windows",
    { ...fargate, cpu: "512", memory: "1024", runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } },
    "No Fargate configuration exists for given values.",
  ],
  [
    "Fargate, large Windows",
    {
      ...fargate,
      cpu: "8192",
      memory: "16384",
      runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_FULL" },
    },
    "No Fargate configuration exists for given values.",
  ],
  ["Fargate, ipcMode", { ...fargate, ipcMode: "task" }, `${NOT_ON_FARGATE} ipcMode`],
  [
    "Fargate, constraints",
    { ...fargate, placementConstraints: [{ type: "memberOf", expression: "e" }] },
    `${NOT_ON_FARGATE} constraints`,
  ],
  [
    "Fargate, a folder of the host",
    { ...fargate, volumes: [{ name: "v", host: { sourcePath: "/var" } }] },
    `${NOT_ON_FARGATE} sourcePath`,
  ],
  [
    "Fargate, a Docker volume",
    { ...fargate, volumes: [{ name: "v", dockerVolumeConfiguration: { scope: "task" } }] },
    `${NOT_ON_FARGATE} dockerVolumeConfiguration`,
  ],
  ["Fargate, devices", onFargate({ linuxParameters: { devices: [{ hostPath: "/d" }] } }), `${NOT_ON_FARGATE} devices`],
  [
    "Fargate, shared memory",
    onFargate({ linuxParameters: { sharedMemorySize: 64 } }),
    `${NOT_ON_FARGATE} sharedMemorySize`,
  ],
  ["Fargate, swap", onFargate({ linuxParameters: { maxSwap: 64 } }), `${NOT_ON_FARGATE} maxSwap`],
  [
    "Fargate, security options",
    onFargate({ dockerSecurityOptions: ["no-new-privileges"] }),
    `${NOT_ON_FARGATE} dockerSecurityOptions`,
  ],
  [
    "Fargate, privileged",
    onFargate({ privileged: true }),
    "Fargate requires that the 'privileged' setting be 'false'.",
  ],
  [
    "Fargate, a capability",
    onFargate({ linuxParameters: { capabilities: { add: ["SYS_PTRACE", "NET_ADMIN"] } } }),
    "NET_ADMIN is not allowed on Fargate.",
  ],
  [
    "Fargate, a GPU",
    onFargate({ resourceRequirements: [{ type: "GPU", value: "1" }] }),
    "Tasks using the Fargate launch type do not support GPU resource requirements.",
  ],
  [
    "Fargate, a log driver",
    onFargate({ logConfiguration: { logDriver: "json-file" } }),
    "json-file is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]",
  ],
  [
    "Fargate, a log without its prefix",
    onFargate({ logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "g", "awslogs-region": "r" } } }),
    "Fargate requires log configuration options to include awslogs-stream-prefix",
  ],
  [
    "Fargate, little ephemeral storage",
    { ...fargate, ephemeralStorage: { sizeInGiB: 20 } },
    "Invalid setting for ephemeral storage. Size must be between 21 GiB and 200 GiB.",
  ],
  [
    "ephemeral storage on EC2",
    { ...ofContainers(app), ephemeralStorage: { sizeInGiB: 30 } },
    "Tasks using the EC2 launch type do not support EphemeralStorage.",
  ],
  [
    "awsvpc, a host's name",
    onFargate({ hostname: "h" }),
    "hostname is not supported on container when networkMode=awsvpc.",
  ],
  [
    "awsvpc, hosts",
    onFargate({ extraHosts: [{ hostname: "h", ipAddress: "10.0.0.1" }] }),
    "Extra hosts are not supported on container when networkMode=awsvpc.",
  ],
  [
    "awsvpc, name servers",
    onFargate({ dnsServers: ["10.0.0.2"] }),
    "DNS servers are not supported on container when networkMode=awsvpc.",
  ],
  [
    "awsvpc, no network",
    onFargate({ disableNetworking: true }),
    "Disable Networking is not supported on container when networkMode=awsvpc.",
  ],
  [
    "a port and a range",
    ofContainers({ ...app, portMappings: [{ containerPort: 80, containerPortRange: "80-90" }] }),
    "cannot specify both single port and port range",
  ],
  [
    "more memory reserved than there is",
    ofContainers({ ...app, memoryReservation: 256 }),
    "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
  ],
  [
    "more memory than the task has",
    { ...ofContainers({ ...app, memory: 1024 }), memory: "0.5 GB" },
    "The 'memory' setting for container 'app' is greater than for the task.",
  ],
  [
    "a health check that is too frequent",
    ofContainers({ ...app, healthCheck: { command: ["CMD", "true"], interval: 1 } }),
    "Container 'app': healthCheck.interval must be between 5 and 300.",
  ],
  [
    "Fargate, pidMode",
    { ...fargate, pidMode: "host" },
    "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
  ],
  [
    "Fargate, ECR",
    { ...fargate, containerDefinitions: [{ ...app, image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1" }] },
    "Fargate requires task definition to have execution role ARN to support ECR images.",
  ],
];

for (const [name, input, message] of REFUSED) {
  Deno.test(`RegisterTaskDefinition refuses: ${name}`, () => {
    const emulator = new Emulator();
    const answer = ask(emulator, "RegisterTaskDefinition", input);
    assert.deepEqual([answer.type, answer.message], ["ClientException", message]);
    assert.deepEqual(emulator.state().taskDefinitions, {});
  });
}

function registered(input: JsonObject): JsonObject {
  return ask(new Emulator(), "RegisterTaskDefinition", input).output.taskDefinition;
}

/** CPU in vCPU, and the memory in GB that goes with it: API reference, RegisterTaskDefinition. */
const SIZES: [number, number[]][] = [
  [0.25, [0.5, 1, 2]],
  [0.5, [1, 2, 3, 4]],
  [1, [2, 3, 4, 5, 6, 7, 8]],
  [2, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
  [4, [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]],
  [8, [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60]],
  [16, [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120]],
  [32, [60, 120, 244]],
];

Deno.test("RegisterTaskDefinition takes every pair of sizes that Fargate has, and no other", () => {
  const emulator = new Emulator();
  for (const [vcpu, sizes] of SIZES) {
    for (let gb = 0.5; gb <= 256; gb += 0.5) {
      const size = { cpu: String(vcpu * 1024), memory: String(gb * 1024) };
      const { type } = ask(emulator, "RegisterTaskDefinition", { ...fargate, ...size });
      assert.equal(type === undefined, sizes.includes(gb), `${vcpu} vCPU, ${gb} GB`);
    }
  }
});

Deno.test("RegisterTaskDefinition reads sizes in each way of writing, and answers them as numbers", () => {
  for (const cpu of ["512", "0.5 vCPU", ".5vcpu", "0.5 VCPU"]) {
    for (const memory of ["1024", "1GB", "1 GB", "1.0 gb"]) {
      const { cpu: units, memory: mib } = registered({ ...fargate, cpu, memory });
      assert.deepEqual([units, mib], ["512", "1024"], `${cpu} ${memory}`);
    }
  }
});

Deno.test("RegisterTaskDefinition fills in what ECS fills in", () => {
  const { containerDefinitions, volumes, ...task } = registered({
    ...ofContainers({
      ...app,
      portMappings: [{ containerPort: 80 }],
      healthCheck: { command: ["CMD", "true"], timeout: 9 },
      logConfiguration: { logDriver: "json-file" },
      mountPoints: [{ sourceVolume: "bind", containerPath: "/x" }],
    }, side),
    volumes: [
      { name: "bind" },
      { name: "efs", efsVolumeConfiguration: { fileSystemId: "fs-1" } },
      { name: "docker", dockerVolumeConfiguration: { scope: "shared" } },
    ],
  });
  assert.deepEqual(containerDefinitions, [
    {
      ...app,
      cpu: 0,
      essential: true,
      environment: [],
      portMappings: [{ containerPort: 80, hostPort: 0, protocol: "tcp" }],
      mountPoints: [{ sourceVolume: "bind", containerPath: "/x" }],
      volumesFrom: [],
      systemControls: [],
      healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 9, retries: 3 },
      logConfiguration: { logDriver: "json-file", options: {}, secretOptions: [] },
    },
    { ...side, cpu: 0, environment: [], portMappings: [], mountPoints: [], volumesFrom: [], systemControls: [] },
  ]);
  assert.deepEqual(volumes, [
    { name: "bind", host: {} },
    { name: "efs", efsVolumeConfiguration: { fileSystemId: "fs-1", rootDirectory: "/" } },
    { name: "docker", dockerVolumeConfiguration: { scope: "shared", driver: "local" } },
  ]);
  assert.deepEqual([task.placementConstraints, task.enableFaultInjection], [[], false]);
  for (const networkMode of ["awsvpc", "host"]) {
    const portMappings = [{ containerPort: 80 }];
    const [container] = registered({ ...ofContainers({ ...app, portMappings }), networkMode })
      .containerDefinitions as JsonObject[];
    assert.deepEqual(container?.portMappings, [{ containerPort: 80, hostPort: 80, protocol: "tcp" }]);
  }
});

Deno.test("RegisterTaskDefinition answers environment and secrets in an order of its own", () => {
  const names = (value: unknown) => (value as JsonObject[]).map(({ name }) => name);
  for (const order of [["A", "B"], ["B", "A"]]) {
    const [container] = registered({
      ...ofContainers({
        ...app,
        environment: order.map((name) => ({ name, value: "" })),
        secrets: order.map((name) => ({ name: `S_${name}`, valueFrom: "/s" })),
      }),
      executionRoleArn: ROLE,
    }).containerDefinitions as JsonObject[];
    assert.deepEqual(names(container?.environment), order.toReversed());
    assert.deepEqual(names(container?.secrets), order.toReversed().map((name) => `S_${name}`));
  }
});
