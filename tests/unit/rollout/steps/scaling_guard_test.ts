import assert from "node:assert/strict";
import { describeRunNotice } from "../../../../src/report/run_notice_text.ts";
import { REF, scalableTarget } from "../../made_up.ts";
import type { ScalingPort } from "../../../../src/model/ports.ts";
import { ALL_SUSPENDED, NONE_SUSPENDED, SUSPENSION_RECORD_KEY } from "../../../../src/model/scalable_target.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { ScalingGuard } from "../../../../src/rollout/steps/scaling_guard.ts";
import { formatScalingRecord } from "../../../../src/rollout/scaling_record.ts";
import { VirtualClock } from "../../../virtual_clock.ts";

const TARGET = scalableTarget({ suspendedState: ALL_SUSPENDED });

/** A suspended target, on whose record `runs` are. */
function suspendedFor(runs: readonly string[]) {
  const record = formatScalingRecord({ prior: NONE_SUSPENDED, by: "alice", atMs: 0, runs });
  const tags = new Map([[SUSPENSION_RECORD_KEY, record]]);
  const world = { state: TARGET.suspendedState, tags };
  const scaling: ScalingPort = {
    describeScalableTarget: () => Promise.resolve({ ...TARGET, suspendedState: world.state }),
    setSuspendedState: (_resourceId, state) => Promise.resolve(void (world.state = state)),
    listTags: () => Promise.resolve(new Map(tags)),
    tag: (_arn, key, value) => Promise.resolve(void tags.set(key, value)),
    untag: (_arn, key) => Promise.resolve(void tags.delete(key)),
  };
  return { world, scaling };
}

/** Ends a run that has to restore, and returns what it says. */
async function end(run: string, known: readonly string[], isBeaten: boolean, scaling: ScalingPort): Promise<string[]> {
  const clock = new VirtualClock(0);
  const step = {
    kind: "restoreScaling" as const,
    target: TARGET,
    to: NONE_SUSPENDED,
    onlyIfOurs: true,
    hasRecord: true,
    runs: known,
  };
  const never = new AbortController().signal;
  const plan = { steps: [step] } as unknown as Plan;
  const guard = new ScalingGuard({ plan, scaling, clock, actor: "bob", run, signal: never, stop: never });
  guard.scheduleRestore();
  const said: string[] = [];
  for await (const event of guard.restore(isBeaten)) {
    said.push(event.kind === "notice" ? describeRunNotice(event.notice, REF) : event.kind);
  }
  return said;
}

Deno.test("a beaten run leaves auto scaling to the other one, which restores it at its end", async () => {
  const { world, scaling } = suspendedFor(["newer", "older"]);
  assert.match(
    String(await end("newer", ["older"], true, scaling)),
    /stays suspended for run older, which began earlier/,
  );
  assert.deepEqual(world.state, ALL_SUSPENDED);
  assert.deepEqual(await end("older", [], false, scaling), ["stepStarted", "scalingRestored"]);
  assert.deepEqual([world.state, world.tags.size], [NONE_SUSPENDED, 0]);
});

Deno.test("of two runs that leave auto scaling to each other at the same moment, one restores it all the same", async () => {
  for (const order of [["newer", "older"], ["older", "newer"]]) {
    const { world, scaling } = suspendedFor(["newer", "older"]);
    const known: Record<string, string[]> = { newer: ["older"], older: [] };
    const said = await Promise.all(order.map((run) => end(run, known[run]!, run === "newer", scaling)));
    assert.deepEqual([world.state, world.tags.size], [NONE_SUSPENDED, 0], JSON.stringify(said));
    assert.equal(said.flat().filter((line) => line === "scalingRestored").length, 1, JSON.stringify(said));
  }
});

Deno.test("a run that leaves auto scaling suspended says so of a run that restores it", async () => {
  for (const joins of [false, true]) {
    const { world, scaling } = suspendedFor([]);
    world.tags.clear();
    world.state = NONE_SUSPENDED;
    const step = { kind: "suspendScaling" as const, target: { ...TARGET, suspendedState: NONE_SUSPENDED } };
    const plan = { steps: [{ ...step, prior: NONE_SUSPENDED, record: "write" }] } as unknown as Plan;
    const never = new AbortController().signal;
    const clock = new VirtualClock(0);
    const guard = new ScalingGuard({ plan, scaling, clock, actor: "bob", run: "older", signal: never, stop: never });
    const said: string[] = [];
    const suspending = plan.steps[0] as Parameters<ScalingGuard["suspend"]>[0];
    for await (const event of guard.suspend(suspending)) said.push(event.kind);
    const record = { prior: NONE_SUSPENDED, by: "alice", atMs: 0, runs: ["newer", "older"] };
    if (joins) world.tags.set(SUSPENSION_RECORD_KEY, formatScalingRecord(record));
    for await (const event of guard.restore(false)) {
      if (event.kind === "notice") said.push(describeRunNotice(event.notice, REF));
    }
    const expected = joins
      ? /suspended for run newer, which began later and is to restore/
      : /suspended; to resume it: aws /;
    assert.match(String(said), expected);
    assert.match(world.tags.get(SUSPENSION_RECORD_KEY) ?? "", joins ? / runs=newer$/ : / runs=older$/);
  }
});
