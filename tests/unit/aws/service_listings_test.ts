import assert from "node:assert/strict";
import { SERVICE } from "./answered_service.ts";
import { connect } from "./stub_network.ts";

const NEVER = new AbortController().signal;

Deno.test("listServices() reads every page, of a hundred, and ends when pages repeat", async () => {
  const { ecs, sent } = connect(
    { body: { serviceArns: ["service-1"], nextToken: "2" } },
    { body: { serviceArns: [], nextToken: "3" } },
    { body: { serviceArns: ["service-2"], nextToken: "2" } },
  );
  assert.deepEqual(await Array.fromAsync(ecs.listServices("default", NEVER)), [["service-1"], ["service-2"]]);
  assert.deepEqual(sent.map(({ operation }) => operation), Array(3).fill("ListServices"));
  assert.deepEqual(sent.map(({ input }) => input), [
    { cluster: "default", maxResults: 100 },
    { cluster: "default", maxResults: 100, nextToken: "2" },
    { cluster: "default", maxResults: 100, nextToken: "3" },
  ]);
});

Deno.test("describeServices() asks for ten at a time and leaves out what ECS does not know", async () => {
  const arns = Array.from({ length: 11 }, (_, index) => `service-${index + 1}`);
  const failures = arns.slice(1, 10).map((arn) => ({ arn, reason: "MISSING" }));
  const { ecs, sent } = connect(
    { body: { services: [SERVICE], failures } },
    { body: { services: [{ ...SERVICE, serviceName: "another" }], failures } },
  );
  const found = await ecs.describeServices("default", arns, NEVER);
  assert.deepEqual(found.map(({ name }) => name).sort(), ["another", "myservice"]);
  // Sent at the same time, they arrive in any order.
  const inputs = sent.map(({ input }) => input as { services: string[] });
  assert.deepEqual(inputs.toSorted((a, b) => b.services.length - a.services.length), [
    { cluster: "default", services: arns.slice(0, 10) },
    { cluster: "default", services: ["service-11"] },
  ]);
  assert.deepEqual(await ecs.describeServices("default", [], NEVER), []);
  assert.equal(sent.length, 2);
});
