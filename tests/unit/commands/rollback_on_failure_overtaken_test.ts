import assert from "node:assert/strict";
import { actAfter, actBefore } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";
import { breaker, deploy, EVENTS, failing, NEW_IMAGE, NO_SECRET, on, running, TO_3, updates } from "./deploys.ts";

Deno.test("what somebody has deployed after the failure is left alone", async () => {
  const somebody = actAfter((emulator) =>
    void emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })
  );
  const emulator = on(createScenario("circuit_breaker"), "ListServiceDeployments", 2, somebody);
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS]);
  assert.equal(code, 6);
  assert.match(stderr, /somebody deployed myservice:2 meanwhile, which stays/);
  assert.deepEqual([running(emulator), updates(emulator).length], ["myservice:2", 1]);
});

Deno.test("what somebody has deployed on top of the way back is left alone, also where it is what has failed", async () => {
  const somebody = actAfter((emulator) =>
    void emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" })
  );
  const emulator = on(failing(false), "UpdateService", 2, somebody);
  const { code, stderr } = await deploy(emulator, EVENTS, NEW_IMAGE);
  assert.match(stderr, /Rollback to myservice:4 was superseded: somebody else started deployment \S+ to myservice:5/);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [6, "myservice:5", 2]);
});

Deno.test("that ECS goes back further than a deploy came from is not reported as somebody's deployment", async () => {
  // Revision 4 is still on its way, so that ECS goes back to 2.
  const emulator = myservice({ ...breaker(true), afterLastMs: 20_000 });
  emulator.setBehaviour("myservice:5", NO_SECRET);
  const { code, stderr } = await deploy(emulator, [...EVENTS, "--deregister-failed"], NEW_IMAGE);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [6, "myservice:2", 1]);
  assert.match(stderr, /to myservice:4: it was never completed, and ECS went back to myservice:2 by itself/);
  assert.doesNotMatch(stderr, /somebody/);
  assert.match(stderr, /myservice:5 is not deregistered: .* still uses it/);
  const waited = await runInProcess(emulator, ["wait"], NEW_IMAGE);
  assert.equal(waited.code, 6);
  assert.match(waited.stderr, /ECS is going back to myservice:2.*\n[^]*ECS rolled it back: myservice:2 is live again/);
});

/** How many calls of an operation there are before the way back's first write. */
async function readsBeforeTheWayBack(operation: string): Promise<number> {
  const emulator = createScenario("circuit_breaker");
  await deploy(emulator, [...TO_3, ...EVENTS]);
  const names = emulator.calls.map((call) => call.operation);
  return names.slice(0, names.lastIndexOf("UpdateService")).filter((name) => name === operation).length;
}

Deno.test("where ECS turns back just while the way back is planned, that is planned again", async () => {
  const ecs = actBefore((emulator) =>
    void emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" })
  );
  const nth = await readsBeforeTheWayBack("DescribeServices");
  const emulator = on(createScenario("circuit_breaker"), "DescribeServices", nth, ecs);
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS]);
  assert.equal(code, 6);
  assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
  assert.equal(updates(emulator).length, 1);
});
