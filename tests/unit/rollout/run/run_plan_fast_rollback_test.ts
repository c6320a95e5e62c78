import assert from "node:assert/strict";
import type { Emulator } from "../../../emulator/emulator.ts";
import { accessDenied, actAfter, dropAfter, dropBefore, serverError, throttle } from "../../../emulator/faults.ts";
import type { JsonObject } from "../../../emulator/model.ts";
import { configurationOf, waitingService, WAITS, waitsOf } from "../../../emulator/waiting_service.ts";
import { type WaitsRecord, withoutWaits } from "../../../../src/model/waits.ts";
import { waitsRecordOf } from "../../../waits_in_tags.ts";
import type { RunOptions } from "../../../in_process.ts";
import { runWithEvents } from "../../../run_with_events.ts";

const TYPED = "rollback --revision 3 --fast";
const MINUTE_MS = 60_000;

const run = (emulator: Emulator, options: RunOptions = {}, typed = TYPED) =>
  runWithEvents(emulator, typed.split(" "), options);

/** What the service's deployments wait for before any of this. */
const BEFORE = configurationOf(waitingService());

function assertRestored(emulator: Emulator, why = ""): void {
  assert.deepEqual(configurationOf(emulator), BEFORE, why);
  assert.equal(waitsRecordOf(emulator), undefined, why);
}

/** Whether ECS lets deployments wait for less than they did, or a record says that it does. */
const isChanged = (emulator: Emulator) =>
  waitsRecordOf(emulator) !== undefined || JSON.stringify(configurationOf(emulator)) !== JSON.stringify(BEFORE);

/** How many calls a whole fast rollback makes. */
async function countCalls(): Promise<number> {
  const emulator = waitingService();
  let calls = 0;
  for (const operation of ["TagResource", "UpdateService", "UntagResource", "DescribeServices"]) {
    emulator.inject({ operation, effect: actAfter(() => void calls++), times: Infinity });
  }
  await run(emulator);
  return calls + 12;
}

Deno.test("a fast rollback waits for nothing, and deployments wait afterwards as before", async () => {
  const emulator = waitingService();
  const beganAtMs = emulator.now();
  const { code, stderr } = await run(emulator);
  assert.equal(code, 0, stderr);
  assert.ok(emulator.now() - beganAtMs < 3 * MINUTE_MS, "the canary and the bake time take 25 minutes");
  assertRestored(emulator);
  assert.equal((emulator.describeService("myservice").deployments as JsonObject[]).length, 1);
});

Deno.test("stopped after any of its calls, a fast rollback leaves what deployments wait for as it was", async (t) => {
  const last = await countCalls();
  for (let calls = 1; calls <= last; calls++) {
    const signal = calls % 2 === 0 ? "SIGTERM" : "SIGINT";
    await t.step(`${signal} after ${calls} calls`, async () => {
      const emulator = waitingService();
      const { stderr } = await run(emulator, { stopAfterCalls: { calls, signal } });
      assertRestored(emulator, stderr);
    });
  }
});

Deno.test("out of time at any moment, a fast rollback leaves what deployments wait for as it was", async (t) => {
  for (const seconds of [1, 2, 5, 10, 20, 40]) {
    await t.step(`${seconds} s`, async () => {
      const emulator = waitingService();
      const { code, stderr } = await run(emulator, {}, `${TYPED} --timeout ${seconds}s`);
      assert.ok(code === 7 || code === 0, stderr);
      assertRestored(emulator, stderr);
    });
  }
});

Deno.test("whatever call is lost, throttled or refused, nothing stays changed without a record and a word", async (t) => {
  const effects = { dropBefore, dropAfter, throttle, serverError, accessDenied };
  for (const operation of ["TagResource", "UpdateService", "UntagResource"]) {
    for (const nth of [1, 2]) {
      for (const [name, effect] of Object.entries(effects)) {
        await t.step(`${operation} ${nth} ${name}`, async () => {
          const emulator = waitingService();
          emulator.inject({ operation, nth, effect: effect() });
          const { code, stderr, leftovers } = await run(emulator);
          if (isChanged(emulator)) {
            assert.ok(code === 8 || code === 5, stderr);
            assert.ok(leftovers.some((one) => one.code === "waitsNotRestored" || one.code === "waitsRecordRemains"));
            assert.notEqual(waitsRecordOf(emulator), undefined, stderr);
          }
          if (!isChanged(emulator)) assert.ok(code === 0 || code === 5, `${code} ${stderr}`);
        });
      }
    }
  }
});

Deno.test("an order that is lost may yet come: its record stays, and the same command restores", async () => {
  const emulator = waitingService();
  emulator.inject({ operation: "UpdateService", effect: dropBefore() });
  const { code, stderr, leftovers } = await run(emulator);
  assert.equal(code, 5, stderr);
  const { before } = waitsRecordOf(emulator) as WaitsRecord;
  assert.deepEqual(before, WAITS);
  assert.ok(leftovers.some((one) => one.code === "waitsNotRestored" && one.mayCome), stderr);
  emulator.updateService({
    ...{ service: "myservice", taskDefinition: "myservice:3" },
    deploymentConfiguration: withoutWaits(before) as JsonObject,
  });
  const again = await run(emulator);
  assert.equal(again.code, 0, again.stderr);
  assertRestored(emulator);
});

Deno.test("where the record cannot be written, nothing is changed", async () => {
  const emulator = waitingService();
  emulator.inject({ operation: "TagResource", effect: accessDenied(), times: Infinity });
  let updates = 0;
  emulator.inject({ operation: "UpdateService", effect: actAfter(() => void updates++), times: Infinity });
  const { code, stderr } = await run(emulator);
  assert.deepEqual([code, updates], [5, 0], stderr);
  assertRestored(emulator);
});

/** Somebody gives the service other settings while the deployment goes back. */
function changedMeanwhile(deploymentConfiguration: JsonObject): Emulator {
  const emulator = waitingService();
  const change = actAfter((changed) => void changed.updateService({ service: "myservice", deploymentConfiguration }));
  emulator.inject({ operation: "DescribeServiceDeployments", nth: 2, effect: change });
  return emulator;
}

Deno.test("what somebody has set meanwhile stays, and is said; the rest is restored", async () => {
  const emulator = changedMeanwhile({ bakeTimeInMinutes: 3 });
  const { code, notices } = await run(emulator);
  assert.equal(code, 0);
  const others = notices.find((notice) => notice.code === "waitsChangedByOthers");
  assert.deepEqual(others?.names, ["bakeTimeInMinutes"]);
  assert.deepEqual(configurationOf(emulator), { ...BEFORE, bakeTimeInMinutes: 3 });
  assert.equal(waitsRecordOf(emulator), undefined);
});

Deno.test("the circuit breaker, and what else belongs to no waiting, stays as somebody has set it meanwhile", async () => {
  const emulator = changedMeanwhile({ minimumHealthyPercent: 50 });
  assert.equal((await run(emulator)).code, 0);
  assert.deepEqual(configurationOf(emulator), { ...BEFORE, minimumHealthyPercent: 50 });
});

/** A run that nothing could restore after: as one that was killed. */
async function abandoned(): Promise<Emulator> {
  const emulator = waitingService();
  emulator.inject({ operation: "UpdateService", nth: 2, effect: accessDenied(), times: 9 });
  const { code, stderr } = await run(emulator);
  assert.equal(code, 8, stderr);
  assert.deepEqual(waitsOf(emulator).lifecycleHooks, []);
  emulator.clearFaults();
  return emulator;
}

Deno.test("the same command typed again restores what a run before has left, and deploys nothing", async () => {
  const emulator = await abandoned();
  const { deployments } = emulator.describeService("myservice");
  const { code, stderr } = await run(emulator);
  assert.equal(code, 0, stderr);
  assertRestored(emulator);
  assert.deepEqual(emulator.describeService("myservice").deployments, deployments);
});

Deno.test("another fast rollback restores what a run before has left", async () => {
  const emulator = await abandoned();
  const { code, stderr } = await run(emulator, {}, "rollback --revision 2 --fast");
  assert.equal(code, 0, stderr);
  assertRestored(emulator);
});

Deno.test("a rollback, wait, scale and status say what a run before has left, and how it is restored", async () => {
  const others = ["status", "wait", "scale --tasks 3", "scale --tasks 3 --dry-run"];
  for (const typed of [...others, "rollback --revision 2 --dry-run", "rollback --revision 2"]) {
    const emulator = await abandoned();
    const record = waitsRecordOf(emulator);
    const { stdout, stderr } = await run(emulator, {}, typed);
    assert.match(stdout + stderr, /to restore that, .*: aws .*ecs update-service .*--deployment-configuration/i);
    assert.deepEqual(waitsRecordOf(emulator), record);
  }
});

Deno.test("a record that cannot be read is not overwritten", async () => {
  const emulator = waitingService();
  const { serviceArn: resourceArn } = emulator.describeService("myservice");
  const tags = [{ key: "ecspresso:deployment-settings", value: "ours" }];
  emulator.call("AmazonEC2ContainerServiceV20141113.TagResource", { resourceArn, tags } as JsonObject);
  const { code, refusal } = await run(emulator);
  assert.deepEqual([code, refusal?.code], [4, "waitsRecordUnreadable"]);
  assert.deepEqual(waitsRecordOf(emulator), { unreadable: ["ecspresso:deployment-settings"] });
  assert.deepEqual(configurationOf(emulator), BEFORE);
});

Deno.test("of two fast rollbacks, the later one restores", async () => {
  const emulator = waitingService();
  let later: Promise<{ code: number }> | undefined;
  const begin = actAfter((changed) => void (later = run(changed, {}, "rollback --revision 2 --fast")));
  emulator.inject({ operation: "DescribeServiceDeployments", nth: 2, effect: begin });
  const { code, stderr } = await run(emulator);
  assert.equal((await later)?.code, 0);
  assert.equal(code, 6, stderr);
  assertRestored(emulator);
});

Deno.test("a fast rollback that fails leaves what deployments wait for as it was", async () => {
  const emulator = waitingService();
  emulator.inject({
    operation: "UpdateService",
    effect: actAfter((changed) => void changed.updateService({ service: "myservice", taskDefinition: "myservice:1" })),
  });
  const { code, stderr } = await run(emulator);
  assert.equal(code, 6, stderr);
  assertRestored(emulator);
});
