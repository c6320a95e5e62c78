import assert from "node:assert/strict";
import { changedFiles } from "../../definition_files.ts";
import { type Behaviour, crashLoop, healthy } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { actAfter, actBefore } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { deploy, EVENTS, MINUTE_MS, on, running, TO_3, updates } from "./deploys.ts";

const WITH_EXECUTE_COMMAND = changedFiles("ecs-service-def.json", "{", '{\n  "enableExecuteCommand": true,');

Deno.test("a deploy restores just the attributes that it has changed, and leaves those of others alone", async () => {
  const somebody = actAfter((emulator) =>
    void emulator.updateService({ service: "myservice", propagateTags: "SERVICE", desiredCount: 5 })
  );
  const cases: [Emulator, unknown[]][] = [
    [createScenario("circuit_breaker"), [false, "NONE", 2]],
    [on(createScenario("circuit_breaker"), "UpdateService", 1, somebody), [false, "SERVICE", 5]],
    [on(createScenario("circuit_breaker_rollback"), "UpdateService", 1, somebody), [false, "SERVICE", 5]],
    [createScenario("circuit_breaker_rollback"), [false, "NONE", 2]],
  ];
  for (const [emulator, expected] of cases) {
    const args = [...TO_3, "--tasks", "3", ...EVENTS];
    const { code } = await deploy(emulator, args, { files: WITH_EXECUTE_COMMAND });
    assert.equal(code, 6);
    assert.equal(updates(emulator)[0]?.enableExecuteCommand, true);
    const { enableExecuteCommand, propagateTags, desiredCount } = emulator.describeService("myservice");
    assert.deepEqual([enableExecuteCommand, propagateTags, desiredCount], expected);
    assert.equal(running(emulator), "myservice:4");
  }
});

Deno.test("a deploy of attributes only is rolled back by those, also when it timed out", async () => {
  const behave = (behaviour: Behaviour) => actBefore((emulator) => emulator.setBehaviour("myservice:4", behaviour));
  const emulator = on(myservice(), "UpdateService", 1, behave(crashLoop()));
  on(emulator, "UpdateService", 2, behave(healthy()));
  const files = changedFiles("ecs-service-def.json", '"1.4.0"', '"1.3.0"');
  const args = ["--skip-task-definition", ...EVENTS, "--timeout", "2m"];
  const { code, stderr } = await deploy(emulator, args, { files });
  assert.equal(code, 6);
  assert.match(stderr, / is live again: 2 of 2 tasks/);
  assert.deepEqual(updates(emulator).map((input) => [input?.platformVersion, input?.taskDefinition]), [
    ["1.3.0", undefined],
    ["1.4.0", undefined],
  ]);
});

Deno.test("attributes are restored where the deployment in place had failed before, which stands", async () => {
  const emulator = createScenario("circuit_breaker_tripped");
  const { code, stderr } = await deploy(emulator, ["--skip-task-definition", ...EVENTS], {
    files: WITH_EXECUTE_COMMAND,
  });
  assert.equal(code, 6);
  assert.deepEqual(updates(emulator).map((input) => input?.enableExecuteCommand), [true, false]);
  assert.match(
    stderr,
    /attributes are restored; deployment ecs-svc\/\d+ to myservice:4, which had failed before, is/,
  );
  assert.doesNotMatch(stderr, /NOT rolled back|has accepted/);
});

Deno.test("what ECS's going back has left over is restored also where that had ended before anybody could follow it", async () => {
  const slow = actBefore((emulator) => emulator.advance(10 * MINUTE_MS));
  const emulator = on(createScenario("circuit_breaker_rollback"), "ListServiceDeployments", 2, slow);
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS], {
    files: WITH_EXECUTE_COMMAND,
  });
  assert.deepEqual([code, running(emulator)], [6, "myservice:4"]);
  assert.deepEqual(updates(emulator).map((input) => input?.enableExecuteCommand), [true, false]);
  assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
});
