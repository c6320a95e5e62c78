import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

const TARGET = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3";

Deno.test("a deregistered revision is described, listed while in use, and refused by UpdateService", () => {
  const emulator = createScenario("healthy");
  for (const revision of [3, 4]) {
    ask(emulator, "DeregisterTaskDefinition", { taskDefinition: `myservice:${revision}` });
  }
  const { taskDefinition } = ask(emulator, "DescribeTaskDefinition", { taskDefinition: TARGET }).output;
  assert.equal(taskDefinition.status, "INACTIVE");
  const listed = (status: string) =>
    ask(emulator, "ListTaskDefinitions", { familyPrefix: "myservice", status }).output.taskDefinitionArns
      .map((arn: string) => arn.slice(-1));
  assert.deepEqual(listed("ACTIVE"), ["1", "2"]);
  assert.deepEqual(listed("INACTIVE"), ["4"]);
  const latest = ask(emulator, "DescribeTaskDefinition", { taskDefinition: "myservice" }).output.taskDefinition;
  assert.equal(latest.revision, 2);
  const refused = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" });
  assert.deepEqual([refused.type, refused.message], ["ClientException", "TaskDefinition is inactive"]);
  const scaled = ask(emulator, "UpdateService", { service: "myservice", desiredCount: 3 });
  assert.equal(scaled.type, undefined);
});

Deno.test("a deregistration is enforced only after its delay", () => {
  const emulator = createScenario("inactive_enforcement_delay");
  emulator.advance(599_999);
  const update = () => ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" }).type;
  assert.equal(update(), undefined);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(1);
  assert.equal(update(), "ClientException");
});

Deno.test("numbers of revisions are never used again", () => {
  const emulator = new Emulator();
  const register = () =>
    emulator.registerTaskDefinition({ family: "f", containerDefinitions: [{ name: "a", image: "b", memory: 128 }] });
  register();
  emulator.deregisterTaskDefinition("f:1");
  const { taskDefinitions, failures } =
    ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: ["f:1", "f:2"] }).output;
  assert.equal(taskDefinitions[0].status, "DELETE_IN_PROGRESS");
  assert.equal(failures.length, 1);
  assert.equal((register().taskDefinition as JsonObject).revision, 2);
});
