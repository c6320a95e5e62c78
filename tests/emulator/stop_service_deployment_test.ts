import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

Deno.test("StopServiceDeployment goes back to the source service revision", () => {
  const emulator = createScenario("healthy");
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-other"] } };
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3", networkConfiguration });
  emulator.advance(5_000);
  const current = () => {
    const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
    return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
  };
  const { serviceDeploymentArn } = current();
  assert.equal(current().status, "IN_PROGRESS");
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  assert.equal(current().status, "ROLLBACK_IN_PROGRESS");
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(300_000);
  assert.equal(current().status, "ROLLBACK_SUCCESSFUL");
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, "ConflictException");
  assert.equal(current().rollback.serviceRevisionArn, current().sourceServiceRevisions[0].arn);
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:4");
  const restored = emulator.describeService("myservice").networkConfiguration as JsonObject;
  assert.notDeepEqual(restored, networkConfiguration);
});

Deno.test("a stop can take its time: ROLLBACK_REQUESTED, with the service as it was, and taken again", () => {
  const emulator = createScenario("healthy");
  emulator.configure({ rollbackRequestedMs: 8_000 });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(5_000);
  const serviceDeploymentArn = String(emulator.describeService("myservice").currentServiceDeployment);
  const seen = () => [
    ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns: [serviceDeploymentArn] }).output
      .serviceDeployments[0].status,
    String(emulator.describeService("myservice").taskDefinition).split("/")[1],
  ];
  ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
  assert.deepEqual(seen(), ["ROLLBACK_REQUESTED", "myservice:3"]);
  emulator.advance(4_000);
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(3_999);
  assert.deepEqual(seen(), ["ROLLBACK_REQUESTED", "myservice:3"]);
  emulator.advance(1);
  assert.deepEqual(seen(), ["ROLLBACK_IN_PROGRESS", "myservice:4"]);
  emulator.advance(300_000);
  assert.deepEqual(seen(), ["ROLLBACK_SUCCESSFUL", "myservice:4"]);
});

Deno.test("a service deployment is PENDING until ECS begins it, and can be stopped meanwhile", () => {
  const emulator = createScenario("healthy");
  emulator.configure({ pendingMs: 5_000 });
  const current = () => {
    const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
    return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
  };
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(4_999);
  assert.deepEqual([current().status, current().startedAt], ["PENDING", undefined]);
  assert.equal(emulator.describeService("myservice").pendingCount, 0);
  emulator.advance(1);
  assert.deepEqual([current().status, current().startedAt], ["IN_PROGRESS", emulator.now() / 1000]);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
  const { serviceDeploymentArn } = current();
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(300_000);
  assert.equal(current().status, "ROLLBACK_SUCCESSFUL");
});

Deno.test("service deployments are listed newest first, with their statuses", () => {
  const emulator = createScenario("crash_loop");
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(300_000);
  const list = (input: JsonObject = {}) =>
    ask(emulator, "ListServiceDeployments", { service: "myservice", ...input }).output.serviceDeployments;
  assert.deepEqual(list().map(({ status }: JsonObject) => status), ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]);
  assert.equal(list({ status: ["STOPPED"] }).length, 1);
  assert.equal(list({ createdAt: { after: Date.UTC(2023, 0, 1, 12, 1) / 1000 } }).length, 2);
});

Deno.test("service deployments are kept for 90 days", () => {
  const emulator = createScenario("healthy");
  const list = () => ask(emulator, "ListServiceDeployments", { service: "myservice" }).output.serviceDeployments;
  emulator.advance(89 * 86_400_000);
  assert.equal(list().length, 2);
  emulator.advance(2 * 86_400_000);
  assert.deepEqual(list(), []);
  assert.equal(emulator.describeService("myservice").currentServiceDeployment, undefined);
  // What the circuit breaker would go back to is remembered all the same.
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  const serviceDeploymentArn = list()[0].serviceDeploymentArn;
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  assert.match(String(emulator.describeService("myservice").taskDefinition), /myservice:4$/);
});
