import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import { findAttachmentMisfits } from "../../../src/registry/verify_references.ts";
import { explainNeed, nameNeed } from "../../../src/report/messages/needs_text.ts";

const TASK: JsonObject = {
  containerDefinitions: [
    { name: "app", portMappings: [{ containerPort: 8080 }, { containerPort: 9090 }] },
    { name: "sidecar" },
  ],
};
const BALANCER = { targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 };

function reasonsOf(service: JsonObject, task: JsonObject = TASK) {
  return findAttachmentMisfits(service, task)
    .map(({ state, reference, reason }) => `${state} ${nameNeed(reference)}: ${reason && explainNeed(reason)}`);
}

Deno.test("findAttachmentMisfits() finds nothing where containers and ports are there", () => {
  assert.deepEqual(reasonsOf({ loadBalancers: [BALANCER, { ...BALANCER, containerPort: 9090 }] }), []);
  assert.deepEqual(reasonsOf({ serviceRegistries: [{ registryArn: "arn:sr" }] }), []);
  assert.deepEqual(reasonsOf({}), []);
  const ranges = { containerDefinitions: [{ name: "app", portMappings: [{ containerPortRange: "8000-9000" }] }] };
  assert.deepEqual(reasonsOf({ loadBalancers: [BALANCER] }, ranges), []);
});

Deno.test("findAttachmentMisfits() names the container or the port that is not there", () => {
  assert.deepEqual(reasonsOf({ loadBalancers: [{ ...BALANCER, containerName: "web" }] }), [
    "unfit load balancer arn:tg: it sends to container web, which the task definition does not have (it has app, sidecar)",
  ]);
  assert.deepEqual(reasonsOf({ loadBalancers: [{ ...BALANCER, containerPort: 80 }] }), [
    "unfit load balancer arn:tg: it sends to port 80 of container app, which the task definition does not map (it maps 8080, 9090)",
  ]);
  assert.deepEqual(
    reasonsOf({ serviceRegistries: [{ registryArn: "arn:sr", containerName: "sidecar", containerPort: 80 }] }),
    ["unfit service registry arn:sr: it sends to port 80 of container sidecar, which the task definition does not map (it maps none)"],
  );
});
