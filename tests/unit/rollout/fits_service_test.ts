import assert from "node:assert/strict";
import type { ServiceSnapshot } from "../../../src/ecs/service.ts";
import type { TaskDefinition } from "../../../src/ecs/task_definition.ts";
import { findMisfits } from "../../../src/rollout/fits_service.ts";
import { container, service, taskDefinition } from "../made_up.ts";

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
];

for (const [name, serviceChanges, targetChanges, expected] of CASES) {
  Deno.test(`findMisfits(): ${name}`, () => {
    const misfits = findMisfits(service(serviceChanges), taskDefinition(3, targetChanges));
    if (expected === undefined) return assert.deepEqual(misfits, []);
    assert.equal(misfits.length, 1);
    assert.match(misfits[0]!, expected);
  });
}
