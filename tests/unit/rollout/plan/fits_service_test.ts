import assert from "node:assert/strict";
import type { ServiceSnapshot } from "../../../../src/model/service.ts";
import type { TaskDefinition } from "../../../../src/model/task_definition.ts";
import { findMisfits } from "../../../../src/rollout/plan/fits_service.ts";
import { container, service, taskDefinition } from "../../made_up.ts";

const loadBalancer = { kind: "load balancer" as const, name: "arn:tg", containerName: "app", containerPort: 8080 };

const CASES: [string, Partial<ServiceSnapshot>, Partial<TaskDefinition>, RegExp | undefined][] = [
  ["Fargate on Fargate", {}, {}, undefined],
  ["EC2 only on Fargate", {}, { requiresCompatibilities: ["EC2"] }, /runs on FARGATE, .* for EC2/],
  [
    "nothing declared, AWS found it unfit",
    {},
    { requiresCompatibilities: [], compatibilities: ["EC2"] },
    /runs on FARGATE, .* for EC2/,
  ],
  ["nothing declared, AWS found it fit", {}, { requiresCompatibilities: [] }, undefined],
  ["nothing known", {}, { requiresCompatibilities: [], compatibilities: [] }, undefined],
  [
    "capacity providers leave the launch type open",
    { launchType: undefined },
    { requiresCompatibilities: ["EC2"] },
    undefined,
  ],
  ["bridge in an awsvpc service", {}, { networkMode: "bridge" }, /network mode is bridge/],
  ["no network mode in an awsvpc service", {}, { networkMode: undefined }, /network mode is bridge/],
  ["awsvpc in a service without it", { hasAwsvpcConfiguration: false }, {}, /no network configuration/],
  ["host in a service without awsvpc", { hasAwsvpcConfiguration: false }, { networkMode: "host" }, undefined],
  ["the load balancer's container is there", { attachments: [loadBalancer] }, {}, undefined],
  [
    "the load balancer's container is missing",
    { attachments: [loadBalancer] },
    { containers: [container({ name: "web" })] },
    /load balancer arn:tg sends to container app, which .* does not have \(it has web\)/,
  ],
  [
    "the load balancer's port is not mapped",
    { attachments: [loadBalancer] },
    { containers: [container({ containerPorts: [80, 81] })] },
    /port 8080 of container app, .* not map \(it maps 80, 81\)/,
  ],
  [
    "no port is mapped",
    { attachments: [loadBalancer] },
    { containers: [container({ containerPorts: [] })] },
    /\(it maps none\)/,
  ],
  [
    "a service registry without a container",
    { attachments: [{ ...loadBalancer, kind: "service registry", containerName: undefined }] },
    { containers: [container({ name: "web" })] },
    undefined,
  ],
  ["a port out of a range", { attachments: [loadBalancer] }, {
    containers: [container({ containerPorts: [80], portRanges: [[8000, 8100]] })],
  }, undefined],
  [
    "a port beside the range",
    { attachments: [loadBalancer] },
    { containers: [container({ containerPorts: [80], portRanges: [[9000, 9100]] })] },
    /\(it maps 80, 9000-9100\)/,
  ],
  ["the same volumes", { volumeNames: ["a", "b"] }, { launchVolumes: ["b", "a"] }, undefined],
  ["volumes that are not known", { volumeNames: undefined }, { launchVolumes: ["a"] }, undefined],
  [
    "a volume that only the service has",
    { volumeNames: ["a", "b"] },
    { launchVolumes: ["a"] },
    /the service configures the volume b, which the task definition does not leave to it/,
  ],
  [
    "a volume that only the task definition has",
    { volumeNames: ["a"] },
    { launchVolumes: ["a", "b"] },
    /leaves the volume b to the service .*, which has no configuration for it/,
  ],
  [
    "a named port",
    { namedPorts: [{ usedBy: "Service Connect", portName: "http" }] },
    { containers: [container(), container({ name: "proxy", portNames: ["http"] })] },
    undefined,
  ],
  [
    "a port that is called something else",
    { namedPorts: [{ usedBy: "VPC Lattice", portName: "http" }] },
    { containers: [container({ portNames: ["web", "admin"] })] },
    /VPC Lattice of the service uses the port name http, .* \(it has web, admin\)/,
  ],
  ["Linux on Linux", { platformFamily: "Linux" }, { operatingSystem: "LINUX" }, undefined],
  ["nothing said on Linux", { platformFamily: "Linux" }, {}, undefined],
  [
    "Windows on Linux",
    { platformFamily: "Linux" },
    { operatingSystem: "WINDOWS_SERVER_2022_CORE" },
    /tasks run on Linux/,
  ],
  [
    "Windows where only ECS knows",
    { platformFamily: undefined },
    { operatingSystem: "WINDOWS_SERVER_2022_CORE" },
    undefined,
  ],
];

for (const [name, serviceChanges, targetChanges, expected] of CASES) {
  Deno.test(`findMisfits(): ${name}`, () => {
    const misfits = findMisfits(service(serviceChanges), taskDefinition(3, targetChanges));
    if (expected === undefined) return assert.deepEqual(misfits, []);
    assert.equal(misfits.length, 1);
    assert.match(misfits[0]!.problem, expected);
  });
}
