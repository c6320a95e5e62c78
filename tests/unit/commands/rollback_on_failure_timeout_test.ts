import assert from "node:assert/strict";
import { crashLoop, healthy, slowDrain } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { actAfter, actBefore, answerWith, dropBefore, type FaultEffect, throttle } from "../../emulator/faults.ts";
import { myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { BOTH, deploy, EVENTS, failing, MINUTE_MS, NEW_IMAGE, on, running, TO_3, updates } from "./deploys.ts";

Deno.test("a deploy that timed out while its tasks kept failing exits with 6 when it was rolled back", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop() } });
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS, "--timeout", "2m", "--fail-after", "0"]);
  assert.equal(code, 6);
  assert.equal(running(emulator), "myservice:4");
  assert.match(
    stderr,
    /Deploy of myservice:3 failed: .*, again and again for 2m\. OUTAGE .* myservice:4 is live again: 2 of 2/,
  );
});

Deno.test("a deploy that timed out is rolled back although an earlier one has stopped more tasks than a page shows", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop() } });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(30 * MINUTE_MS);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(5 * MINUTE_MS);
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS, "--timeout", "2m"]);
  assert.deepEqual([code, running(emulator)], [6, "myservice:4"], stderr);
});

Deno.test("what comes next is said where a deploy is not rolled back after all", async () => {
  const slow = myservice({ history: [2, 4], behaviours: { 3: healthy({ startMs: 10 * MINUTE_MS }) } });
  const timedOut = await deploy(slow, [...TO_3, ...EVENTS, "--timeout", "2m"]);
  assert.match(
    timedOut.stderr,
    /ECS keeps trying\. myservice:4 is still live: .*\n.* to follow the deployment: ecspresso wait\n$/,
  );
  const args = [...TO_3, "--rollback-events", "DEPLOYMENT_STOP_ON_ALARM"];
  const crashing = myservice({ history: [2, 4], behaviours: { 3: crashLoop() } });
  const hopeless = await deploy(crashing, [...args, "--timeout", "2m"]);
  assert.match(
    hopeless.stderr,
    /Its tasks keep failing: .*\n.* first set the service back to myservice:4: .* --revision 4 --from 3\n.* then: .*\n$/,
  );
  const failed = await deploy(createScenario("circuit_breaker"), args);
  assert.match(
    failed.stderr,
    /\n.* set the service back to myservice:4 .*: ecspresso rollback --revision 4 --from 3$/m,
  );
});

Deno.test("a deploy whose tasks are only slow times out and goes on", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: healthy({ startMs: 10 * MINUTE_MS }) } });
  const { code } = await deploy(emulator, [...TO_3, ...EVENTS, "--timeout", "2m"]);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [7, "myservice:3", 1]);
});

/** Tasks of revision 3 crash once; those in their place are well, while the old ones take their time to stop. */
function crashingOnce(): Emulator {
  const world = myservice({ history: [2, 4], behaviours: { 3: crashLoop(), 4: slowDrain() } });
  const mend = actAfter((emulator) =>
    emulator.schedule(28_000, (later) => later.setBehaviour("myservice:3", healthy()))
  );
  return on(world, "UpdateService", 1, mend);
}

Deno.test("a deploy some of whose tasks stopped early, and all of whose tasks run when it times out, goes on", async () => {
  const emulator = crashingOnce();
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS, "--timeout", "3m"]);
  assert.match(stderr, /tasks? of myservice:3 stopped: container app exited with code 1/);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [7, "myservice:3", 1], stderr);
});

Deno.test("the way back has a timeout of its own", async () => {
  const emulator = on(
    myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }),
    "StopServiceDeployment",
    1,
    actBefore((emulator) => emulator.setBehaviour("myservice:4", crashLoop())),
  );
  const startedAtMs = emulator.now();
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS, "--timeout", "2m", "--fail-after", "0"]);
  assert.equal(code, 6);
  const elapsedMs = emulator.now() - startedAtMs;
  assert.ok(elapsedMs >= 4 * MINUTE_MS && elapsedMs < 4.5 * MINUTE_MS, `${elapsedMs} ms`);
  assert.match(
    stderr,
    /ECS is still rolling back to myservice:4: .*\n.* to follow the deployment: ecspresso wait\n(?:.*then: .*\n)?$/,
  );
});

Deno.test("a failed deploy is rolled back although AWS does not answer for auto scaling any more", async () => {
  const cases: [string, FaultEffect][] = [
    ["ListTagsForResource", dropBefore()],
    ["DescribeScalableTargets", throttle()],
    ["RegisterScalableTarget", answerWith("ValidationException", "No.")],
    ["TagResource", dropBefore()],
  ];
  for (const [operation, effect] of cases) {
    const emulator = on(
      failing(),
      "UpdateService",
      1,
      actAfter((emulator) => emulator.inject({ operation, times: Infinity, effect })),
    );
    const startedAtMs = emulator.now();
    const { code, stderr } = await deploy(emulator, [...EVENTS, ...BOTH, "--timeout", "10m"], NEW_IMAGE);
    assert.equal(running(emulator), "myservice:4", `${operation}: ${stderr}`);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
    // No longer than ECS takes for both, and a minute for auto scaling.
    assert.ok(emulator.now() - startedAtMs < 4 * MINUTE_MS, `${operation}: ${emulator.now() - startedAtMs} ms`);
    const { suspendedState } = emulator.state().scalableTargets[RESOURCE_ID]!;
    const isSuspended = Object.values(suspendedState).includes(true);
    const restore = /still to do: ecspresso scale .*--resume-auto-scaling/;
    const lastLines = stderr.trimEnd().split("\n").slice(-3).join("\n");
    assert.match(lastLines, isSuspended ? restore : /is live: /, operation);
  }
});
