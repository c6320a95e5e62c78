import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { app, fargate, ofContainers, ROLE, side } from "./small_task_definitions.ts";

/** What RegisterTaskDefinition refuses, and what it makes of what it takes. */

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

const WITHOUT_DEFAULTS: JsonObject = {
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
};

Deno.test("RegisterTaskDefinition fills in what ECS fills in", () => {
  const { containerDefinitions, volumes, ...task } = registered(WITHOUT_DEFAULTS);
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
