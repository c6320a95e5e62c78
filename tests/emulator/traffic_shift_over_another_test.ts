import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { createScenario } from "./scenarios.ts";
import { current, running, UPDATE } from "./shifted.ts";

Deno.test("a deployment over one in progress starts beside the tasks that serve, and stops those that do not yet", () => {
  const emulator = createScenario("blue_green");
  emulator.updateService(UPDATE);
  emulator.advance(24_000);
  assert.equal(current(emulator).lifecycleStage, "TEST_TRAFFIC_SHIFT");
  assert.deepEqual(running(emulator), [["myservice:3", 2], ["myservice:4", 2]]);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
  emulator.advance(2_000);
  assert.equal(current(emulator).lifecycleStage, "RECONCILE_SERVICE");
  emulator.advance(30_000);
  assert.deepEqual(running(emulator), [["myservice:2", 2], ["myservice:4", 2]]);
  emulator.advance(300_000);
  assert.equal(current(emulator).status, "SUCCESSFUL");
  assert.deepEqual(running(emulator), [["myservice:2", 2]]);
});

Deno.test("a deployment over one in progress goes back to the tasks that serve", () => {
  const emulator = createScenario("blue_green");
  emulator.updateService(UPDATE);
  emulator.advance(24_000);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
  emulator.advance(34_000);
  const { serviceDeploymentArn, sourceServiceRevisions } = current(emulator);
  assert.equal(sourceServiceRevisions.length, 2);
  ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
  assert.deepEqual(running(emulator), [["myservice:4", 2], ["myservice:2", 2]]);
  emulator.advance(300_000);
  assert.equal(current(emulator).status, "ROLLBACK_SUCCESSFUL");
  assert.deepEqual(running(emulator), [["myservice:4", 2]]);
});

Deno.test("a deployment over one that bakes keeps the tasks that got the traffic last", () => {
  const emulator = createScenario("blue_green");
  emulator.updateService(UPDATE);
  emulator.advance(60_000);
  assert.equal(current(emulator).lifecycleStage, "BAKE_TIME");
  assert.deepEqual(running(emulator), [["myservice:3", 2], ["myservice:4", 2]]);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
  emulator.advance(40_000);
  assert.deepEqual(running(emulator), [["myservice:2", 2], ["myservice:3", 2]]);
  const { serviceDeploymentArn } = current(emulator);
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(300_000);
  assert.equal(current(emulator).status, "ROLLBACK_SUCCESSFUL");
  assert.deepEqual(running(emulator), [["myservice:3", 2]]);
});

Deno.test("fewer tasks desired during a deployment: the surplus old ones stop, and the new ones have room", () => {
  for (const desiredCount of [1, 0]) {
    const emulator = createScenario("blue_green");
    emulator.updateService({ service: "myservice", desiredCount });
    emulator.updateService(UPDATE);
    emulator.advance(60_000);
    assert.equal(current(emulator).lifecycleStage, "BAKE_TIME");
    assert.deepEqual(
      running(emulator).filter(([, count]) => count !== 0),
      desiredCount === 0 ? [] : [["myservice:3", 1], ["myservice:4", 1]],
    );
    emulator.advance(300_000);
    assert.equal(current(emulator).status, "SUCCESSFUL");
  }
});

Deno.test("more tasks desired during a deployment: the new ones become as many", () => {
  const emulator = createScenario("blue_green");
  emulator.updateService(UPDATE);
  emulator.advance(10_000);
  emulator.updateService({ service: "myservice", desiredCount: 5 });
  emulator.advance(40_000);
  assert.deepEqual(running(emulator), [["myservice:3", 5], ["myservice:4", 2]]);
});
