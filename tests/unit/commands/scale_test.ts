import assert from "node:assert/strict";
import { ask } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { dropAfter, dropBefore, throttle } from "../../emulator/faults.ts";
import { myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";

/** What `scale` changes of the service and of its scalable target, and that it changes nothing else. */

interface Target {
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly SuspendedState: Readonly<Record<string, boolean>>;
}

async function scale(emulator: Emulator, args: string, options: RunOptions = {}) {
  emulator.calls.length = 0;
  const { code, stderr } = await runInProcess(emulator, `scale ${args}`.split(" "), options);
  const changes = emulator.calls.filter(({ operation }) => !isRead(operation)).map(({ operation, input }) => ({
    operation,
    input,
  }));
  const found = ask(
    emulator,
    "DescribeScalableTargets",
    { ServiceNamespace: "ecs", ResourceIds: [RESOURCE_ID] },
    "autoscaling",
  );
  const [target] = (found as unknown as { output: { ScalableTargets: Target[] } }).output.ScalableTargets;
  const { desiredCount } = emulator.describeService("myservice") as { desiredCount: number };
  const isSuspended = Object.values(target!.SuspendedState);
  return {
    ...{ code, stderr, changes, desiredCount, min: target!.MinCapacity, max: target!.MaxCapacity },
    suspended: isSuspended.every((one) => one) ? "all" : isSuspended.some((one) => one) ? "some" : "none",
  };
}

Deno.test("the number of tasks is all that is sent to ECS", async () => {
  const { code, changes, desiredCount } = await scale(myservice(), "--tasks 5");
  assert.deepEqual([code, desiredCount], [0, 5]);
  const input = { cluster: "default", service: "myservice", desiredCount: 5 };
  assert.deepEqual(changes, [{ operation: "UpdateService", input }]);
});

Deno.test("only the limit that changes is sent, and nothing of what is suspended", async () => {
  const { code, changes, min, max, suspended } = await scale(myservice(), "--auto-scaling-min 1 --auto-scaling-max 20");
  assert.deepEqual([code, min, max, suspended], [0, 1, 20, "none"]);
  const [{ input } = { input: undefined }, ...others] = changes;
  assert.deepEqual([Object.keys(input ?? {}).sort(), others], [
    ["MaxCapacity", "ResourceId", "ScalableDimension", "ServiceNamespace"],
    [],
  ]);
});

Deno.test("limits are set before the tasks, so that auto scaling does not undo them", async () => {
  const more = await scale(myservice(), "--tasks 15 --auto-scaling-max 20 --no-wait");
  assert.deepEqual([more.code, more.desiredCount, more.max], [0, 15, 20], more.stderr);
  assert.deepEqual(more.changes.map(({ operation }) => operation), ["RegisterScalableTarget", "UpdateService"]);
});

Deno.test("what auto scaling would undo is refused, and nothing is sent", async () => {
  for (const args of ["--tasks 11", "--tasks 0", "--tasks 3 --auto-scaling-min 4", "--auto-scaling-max 0"]) {
    const { code, changes } = await scale(myservice(), args);
    assert.deepEqual([code, changes], [4, []], args);
    const dry = await scale(myservice(), `${args} --dry-run`);
    assert.deepEqual([dry.code, dry.changes], [4, []], args);
  }
});

Deno.test("a suspension stays where it was wished for, and only then", async () => {
  const alone = await scale(myservice(), "--suspend-auto-scaling");
  assert.deepEqual([alone.code, alone.suspended, alone.desiredCount], [0, "all", 2]);
  const emulator = myservice();
  await scale(emulator, "--tasks 15 --suspend-auto-scaling");
  const back = await scale(emulator, "--tasks 4 --resume-auto-scaling");
  assert.deepEqual([back.code, back.suspended, back.desiredCount], [0, "none", 4], back.stderr);
  const both = await scale(myservice(), "--tasks 5 --suspend-auto-scaling --resume-auto-scaling");
  assert.deepEqual([both.code, both.suspended, both.desiredCount], [0, "none", 5]);
});

for (
  const [what, options] of Object.entries(
    {
      "Ctrl-C": { stopAfterCalls: { calls: 12, signal: "SIGINT" } },
      "a refused update": {},
    } as const,
  )
) {
  Deno.test(`auto scaling is resumed where ${what} ends it`, async () => {
    const emulator = myservice();
    if (what === "a refused update") {
      emulator.inject({ operation: "UpdateService", effect: throttle(), times: Infinity });
    }
    const { code, suspended } = await scale(
      emulator,
      "--tasks 5 --suspend-auto-scaling --resume-auto-scaling --timeout 30s",
      options,
    );
    assert.notEqual(code, 0);
    assert.equal(suspended, "none");
  });
}

Deno.test("limits whose answer is lost are looked for, and set once", async () => {
  for (const effect of [dropAfter(), dropBefore()]) {
    const emulator = myservice();
    emulator.inject({ operation: "RegisterScalableTarget", effect, times: 1 });
    const { code, max, stderr } = await scale(emulator, "--auto-scaling-max 20");
    assert.deepEqual([code, max], [0, 20], stderr);
  }
});
