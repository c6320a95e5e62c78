import assert from "node:assert/strict";
import { actAfter } from "../../emulator/faults.ts";
import { myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { BOTH, count, deploy, EVENTS, faulty, NEW_IMAGE, running } from "./deploys.ts";

Deno.test("deploy that somebody supersedes ends with 6, and rolls nothing back and deregisters nothing", async () => {
  const emulator = faulty(
    "UpdateService",
    actAfter((emulator) => void emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })),
  );
  const { code, stderr } = await deploy(emulator, [...BOTH, ...EVENTS, "--deregister-failed"], NEW_IMAGE);
  assert.equal(code, 6);
  assert.match(stderr, /superseded: .*myservice:2/);
  assert.deepEqual([running(emulator), count(emulator, "UpdateService")], ["myservice:2", 1]);
  assert.deepEqual(Object.values(emulator.state().taskDefinitions), Array(5).fill("ACTIVE"));
});

Deno.test("of two deploys at once one wins and the other says superseded; scaling ends as it began", async () => {
  const args = [...BOTH, ...EVENTS, "--deregister-failed"];
  const emulator = myservice();
  // Only scale-out was suspended before.
  const SuspendedState = {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: true,
    ScheduledScalingSuspended: false,
  };
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState });
  const { scalableTargets } = emulator.state();
  let second: ReturnType<typeof deploy> | undefined;
  const begin = actAfter((emulator) => {
    second ??= deploy(emulator, ["--revision", "2", ...args]);
  });
  emulator.inject({ operation: "UpdateService", effect: begin });
  const first = await deploy(emulator, args, NEW_IMAGE);
  const winner = await second;
  assert.deepEqual([first.code, winner?.code], [6, 0]);
  assert.match(first.stderr, /superseded/);
  assert.equal(running(emulator), "myservice:2");
  assert.deepEqual(emulator.state().scalableTargets, scalableTargets);
  assert.deepEqual(Object.values(emulator.state().taskDefinitions), Array(5).fill("ACTIVE"));
  assert.equal(count(emulator, "UpdateService"), 2);
});
