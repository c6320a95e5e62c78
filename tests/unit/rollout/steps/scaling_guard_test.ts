import assert from "node:assert/strict";
import type { ScalingPort } from "../../../../src/model/ports.ts";
import { ALL_SUSPENDED, NONE_SUSPENDED, SUSPENSION_RECORD_KEY } from "../../../../src/model/scalable_target.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { ScalingGuard } from "../../../../src/rollout/steps/scaling_guard.ts";
import { formatScalingRecord } from "../../../../src/rollout/read/scaling_record.ts";
import type { EmittedEvent } from "../../../../src/rollout/events.ts";
import { scalableTarget } from "../../made_up.ts";
import { contextOf, scriptedPorts } from "../scripted_ports.ts";
import type { RunNotice } from "../../../../src/rollout/run_notice.ts";

const TARGET = scalableTarget({ suspendedState: ALL_SUSPENDED });

/** A suspended target, on whose record `runs` are. */
function suspendedFor(runs: readonly string[]) {
  const record = formatScalingRecord({ prior: NONE_SUSPENDED, by: "alice", atMs: 0, runs });
  const tags = new Map([[SUSPENSION_RECORD_KEY, record]]);
  const world = { state: TARGET.suspendedState, tags };
  const scaling: ScalingPort = {
    describeScalableTarget: () => Promise.resolve({ ...TARGET, suspendedState: world.state }),
    setSuspendedState: (_resourceId, state) => Promise.resolve(void (world.state = state)),
    setCapacity: () => Promise.resolve(),
    listTags: () => Promise.resolve(new Map(tags)),
    tag: (_arn, key, value) => Promise.resolve(void tags.set(key, value)),
    untag: (_arn, key) => Promise.resolve(void tags.delete(key)),
  };
  return { world, scaling };
}

/** A guard, and the kinds of the events that it has emitted, or the notices. */
interface Guarded {
  readonly guard: ScalingGuard;
  readonly emitted: (string | RunNotice)[];
}

function guardOf(runId: string, step: object, scaling: ScalingPort): Guarded {
  const { ports } = scriptedPorts({ reads: [] });
  const emitted: Guarded["emitted"] = [];
  const emit = (event: EmittedEvent) => void emitted.push(event.kind === "notice" ? event.notice : event.kind);
  const context = contextOf({ ...ports, scaling, runId }, { emit });
  return { guard: new ScalingGuard({ steps: [step] } as unknown as Plan, context), emitted };
}

/** Restores, and returns what was emitted. */
async function restore({ guard, emitted }: Guarded, isOvertaken: boolean): Promise<Guarded["emitted"]> {
  await guard.restore(isOvertaken, new AbortController().signal);
  return emitted;
}

/** Ends a run that has to restore. */
function end(runId: string, known: readonly string[], isOvertaken: boolean, scaling: ScalingPort) {
  const step = {
    kind: "restoreScaling" as const,
    target: TARGET,
    to: NONE_SUSPENDED,
    onlyIfOurs: true,
    hasRecord: true,
    runs: known,
  };
  const guarded = guardOf(runId, step, scaling);
  guarded.guard.scheduleRestore();
  return restore(guarded, isOvertaken);
}

Deno.test("a beaten run leaves auto scaling to the other one, which restores it at its end", async () => {
  const { world, scaling } = suspendedFor(["newer", "older"]);
  const left = { code: "restoredByOtherRun", target: TARGET, to: NONE_SUSPENDED, run: "older", began: "earlier" };
  assert.deepEqual(await end("newer", ["older"], true, scaling), [left]);
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
    assert.equal(said.flat().filter((event) => event === "scalingRestored").length, 1, JSON.stringify(said));
  }
});

Deno.test("a run that leaves auto scaling suspended says so of a run that restores it", async () => {
  for (const joins of [false, true]) {
    const { world, scaling } = suspendedFor([]);
    world.tags.clear();
    world.state = NONE_SUSPENDED;
    const target = { ...TARGET, suspendedState: NONE_SUSPENDED };
    const prior = NONE_SUSPENDED;
    const step = { kind: "suspendScaling" as const, target, prior, record: "write" as const };
    const guarded = guardOf("older", step, scaling);
    await guarded.guard.suspend(step);
    assert.deepEqual(guarded.emitted, []);
    const record = { prior, by: "alice", atMs: 0, runs: ["newer", "older"] };
    if (joins) world.tags.set(SUSPENSION_RECORD_KEY, formatScalingRecord(record));
    const expected = joins
      ? { code: "restoredByOtherRun", target, to: prior, run: "newer", began: "later" }
      : { code: "staysSuspended", target, prior, isRecorded: true };
    assert.deepEqual(await restore(guarded, false), [expected]);
    assert.match(world.tags.get(SUSPENSION_RECORD_KEY) ?? "", joins ? / runs=newer$/ : / runs=older$/);
  }
});
