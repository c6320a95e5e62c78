import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { RESOURCE_ID } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { BOTH, deploy, EVENTS, TO_3, updates } from "./deploys.ts";

/** Revision 3 fails, and a person has suspended one direction of auto scaling. */
function partlySuspended(): Emulator {
  const emulator = createScenario("circuit_breaker");
  const SuspendedState = {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: true,
    ScheduledScalingSuspended: false,
  };
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState });
  return emulator;
}

Deno.test("Ctrl-C during the deploy rolls nothing back; during the way back it ends with 130; scaling is restored in both", async () => {
  const args = [...TO_3, ...EVENTS, ...BOTH];
  const whole = partlySuspended();
  const { scalableTargets } = whole.state();
  assert.equal((await deploy(whole, args)).code, 6);
  assert.deepEqual(whole.state().scalableTargets, scalableTargets);
  const names = whole.calls.map(({ operation }) => operation);
  const there = names.indexOf("UpdateService") + 1;
  const back = names.lastIndexOf("UpdateService") + 1;
  // What is asked last of all about the deploy is why its tasks stopped: from then on it has failed.
  const failed = names.slice(0, back).lastIndexOf("ListTasks") + 1;
  for (let calls = 1; calls <= names.length; calls++) {
    const emulator = partlySuspended();
    const { code, stderr } = await deploy(emulator, args, {
      files: DEFINITION_FILES,
      stopAfterCalls: { calls, signal: "SIGINT" },
    });
    const sent = updates(emulator).length;
    const where = `stopped after ${calls} calls of ${names.length}, ${names[calls - 1]}`;
    assert.deepEqual(emulator.state().scalableTargets, scalableTargets, where);
    if (calls < there) assert.deepEqual([code, sent], [130, 0], where);
    else assert.deepEqual([code === 130 || code === 6, sent], [true, calls < back ? 1 : 2], where);
    if (calls >= there && calls < failed) assert.equal(code, 130, where);
    // ECS's record of the deployment is read after that, by two calls.
    if (calls >= failed && calls < failed + 2) {
      assert.match(
        stderr,
        /NOT rolled back: the run was interrupted\..*\n(?:.*\n)?.* set the service back to myservice:4.*: /,
        where,
      );
    }
    if (calls >= failed) assert.doesNotMatch(stderr, /AnswerLost/, where);
    if (calls === back + 1) {
      assert.equal(code, 130, "the way back is still watched then");
      assert.match(stderr, /ECS is still rolling back to myservice:4: /);
    }
  }
});
