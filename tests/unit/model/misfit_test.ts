import assert from "node:assert/strict";
import { findMisfits, type Misfit } from "../../../src/model/misfit.ts";
import type { ServiceSnapshot } from "../../../src/model/service.ts";
import type { TaskDefinition } from "../../../src/model/task_definition.ts";
import { container, service, taskDefinition } from "../made_up.ts";

const loadBalancer = { kind: "loadBalancer" as const, name: "arn:tg", containerName: "app", containerPort: 8080 };

const CASES: [string, Partial<ServiceSnapshot>, Partial<TaskDefinition>, Misfit | undefined][] = [
  ["Fargate on Fargate", {}, {}, undefined],
  ["EC2 only on Fargate", {}, { requiresCompatibilities: ["EC2"] }, {
    code: "launchType",
    launchType: "FARGATE",
    fitFor: ["EC2"],
  }],
  [
    "nothing declared, AWS found it unfit",
    {},
    { requiresCompatibilities: [], compatibilities: ["EC2"] },
    { code: "launchType", launchType: "FARGATE", fitFor: ["EC2"] },
  ],
  ["nothing declared, AWS found it fit", {}, { requiresCompatibilities: [] }, undefined],
  ["nothing known", {}, { requiresCompatibilities: [], compatibilities: [] }, undefined],
  [
    "capacity providers leave the launch type open",
    { launchType: undefined },
    { requiresCompatibilities: ["EC2"] },
    undefined,
  ],
  ["bridge in an awsvpc service", {}, { networkMode: "bridge" }, { code: "networkMode", networkMode: "bridge" }],
  ["no network mode in an awsvpc service", {}, { networkMode: undefined }, {
    code: "networkMode",
    networkMode: "bridge",
  }],
  ["awsvpc in a service without it", { hasAwsvpcConfiguration: false }, {}, { code: "noNetworkConfiguration" }],
  ["host in a service without awsvpc", { hasAwsvpcConfiguration: false }, { networkMode: "host" }, undefined],
  ["the load balancer's container is there", { attachments: [loadBalancer] }, {}, undefined],
  [
    "the load balancer's container is missing",
    { attachments: [loadBalancer] },
    { containers: [container({ name: "web" })] },
    { code: "noSuchContainer", attachment: loadBalancer, has: ["web"] },
  ],
  [
    "the load balancer's port is not mapped",
    { attachments: [loadBalancer] },
    { containers: [container({ containerPorts: [80, 81] })] },
    { code: "noSuchPort", attachment: loadBalancer, has: ["80", "81"] },
  ],
  [
    "no port is mapped",
    { attachments: [loadBalancer] },
    { containers: [container({ containerPorts: [] })] },
    { code: "noSuchPort", attachment: loadBalancer, has: [] },
  ],
  [
    "a service registry without a container",
    { attachments: [{ ...loadBalancer, kind: "serviceRegistry", containerName: undefined }] },
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
    { code: "noSuchPort", attachment: loadBalancer, has: ["80", "9000-9100"] },
  ],
  ["the same volumes", { volumeNames: ["a", "b"] }, { launchVolumes: ["b", "a"] }, undefined],
  ["volumes that are not known", { volumeNames: undefined }, { launchVolumes: ["a"] }, undefined],
  [
    "a volume that only the service has",
    { volumeNames: ["a", "b"] },
    { launchVolumes: ["a"] },
    { code: "surplusVolumes", names: ["b"], launchVolumes: ["a"] },
  ],
  [
    "a volume that only the task definition has",
    { volumeNames: ["a"] },
    { launchVolumes: ["a", "b"] },
    { code: "missingVolumes", names: ["b"], launchVolumes: ["a", "b"] },
  ],
  [
    "a named port",
    { namedPorts: [{ usedBy: "serviceConnect", portName: "http" }] },
    { containers: [container(), container({ name: "proxy", portNames: ["http"] })] },
    undefined,
  ],
  [
    "a port that is called something else",
    { namedPorts: [{ usedBy: "vpcLattice", portName: "http" }] },
    { containers: [container({ portNames: ["web", "admin"] })] },
    { code: "portName", usedBy: "vpcLattice", portName: "http", portNames: ["web", "admin"] },
  ],
  ["Linux on Linux", { platformFamily: "Linux" }, { operatingSystem: "LINUX" }, undefined],
  ["nothing said on Linux", { platformFamily: "Linux" }, {}, undefined],
  [
    "Windows on Linux",
    { platformFamily: "Linux" },
    { operatingSystem: "WINDOWS_SERVER_2022_CORE" },
    { code: "operatingSystem", platformFamily: "Linux", operatingSystem: "WINDOWS_SERVER_2022_CORE" },
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
    assert.deepEqual(misfits, expected === undefined ? [] : [expected]);
  });
}
