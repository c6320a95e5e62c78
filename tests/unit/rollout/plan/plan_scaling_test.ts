import assert from "node:assert/strict";
import { ALL_SUSPENDED, NONE_SUSPENDED, type ScalableTarget } from "../../../../src/model/scalable_target.ts";
import { planScaling } from "../../../../src/rollout/plan/plan_scaling.ts";
import type { ScalingState } from "../../../../src/rollout/read/read_service.ts";
import { scalableTarget, scalingState } from "../../made_up.ts";

const PRIOR = { ...NONE_SUSPENDED, scheduledScalingSuspended: true };
const RECORD = { prior: PRIOR, by: "bob", atMs: 0, runs: ["bobsrun1"] };
const SUSPEND = { suspendAutoScaling: true, resumeAutoScaling: false };
const RESUME = { suspendAutoScaling: false, resumeAutoScaling: true };
const BOTH = { suspendAutoScaling: true, resumeAutoScaling: true };

function state(target: Partial<ScalableTarget> = {}, more: Partial<ScalingState> = {}): ScalingState {
  return scalingState({ target: scalableTarget({ suspendedState: PRIOR, ...target }), ...more });
}

Deno.test("planScaling() does nothing that nobody asked for", () => {
  const neither = { suspendAutoScaling: false, resumeAutoScaling: false };
  assert.deepEqual(planScaling(state({}, { record: RECORD }), neither, true, 2), {
    suspend: undefined,
    restore: undefined,
    notices: [],
  });
});

Deno.test("planScaling() with both options records, suspends, and restores what was there", () => {
  const { suspend, restore, notices } = planScaling(state(), BOTH, true, 2);
  const target = scalableTarget({ suspendedState: PRIOR });
  assert.deepEqual(suspend, { kind: "suspendScaling", target, prior: PRIOR, record: "write" });
  assert.deepEqual(restore, { kind: "restoreScaling", target, to: PRIOR, onlyIfOurs: true, hasRecord: true, runs: [] });
  assert.deepEqual(notices, []);
});

Deno.test("planScaling() takes an existing record for the prior state, and keeps it", () => {
  const found = state({ suspendedState: ALL_SUSPENDED }, { record: RECORD });
  for (const deploys of [true, false]) {
    const { suspend, restore, notices } = planScaling(found, BOTH, deploys, 2);
    assert.deepEqual([suspend?.prior, suspend?.record], deploys ? [PRIOR, "keep"] : [undefined, undefined]);
    assert.deepEqual([restore?.to, restore?.onlyIfOurs, restore?.hasRecord], [PRIOR, true, true]);
    assert.deepEqual(notices[0], { code: "suspendedBefore", by: "bob", atMs: 0 });
  }
});

Deno.test("planScaling() with --resume-auto-scaling alone restores from the record, else resumes all", () => {
  const recorded = planScaling(state({ suspendedState: ALL_SUSPENDED }, { record: RECORD }), RESUME, false, 2);
  assert.deepEqual([recorded.restore?.to, recorded.restore?.onlyIfOurs], [PRIOR, true]);
  const ordered = planScaling(state(), RESUME, true, 2);
  assert.deepEqual([ordered.suspend, ordered.restore?.to, ordered.restore?.onlyIfOurs, ordered.restore?.hasRecord], [
    undefined,
    NONE_SUSPENDED,
    false,
    false,
  ]);
  const needless = planScaling(state({ suspendedState: NONE_SUSPENDED }), RESUME, true, 2);
  assert.deepEqual([needless.restore, needless.notices], [undefined, [{ code: "notSuspended" }]]);
});

Deno.test("planScaling() with --suspend-auto-scaling alone gives nothing back", () => {
  const { suspend, restore } = planScaling(state(), SUSPEND, true, 2);
  assert.deepEqual([suspend?.record, restore], ["write", undefined]);
});

Deno.test("planScaling() with --suspend-auto-scaling alone suspends also where nothing is deployed", () => {
  const { suspend, restore, notices } = planScaling(state(), SUSPEND, false, 2);
  assert.deepEqual([suspend?.prior, suspend?.record, restore, notices], [PRIOR, "write", undefined, []]);
  const already = planScaling(state({ suspendedState: ALL_SUSPENDED }), SUSPEND, false, 2);
  assert.deepEqual([already.suspend, already.notices], [undefined, [{ code: "alreadySuspended" }]]);
});

Deno.test("planScaling() with both options suspends only for a deployment, and only what is not suspended", () => {
  assert.deepEqual(planScaling(state(), BOTH, false, 2), { suspend: undefined, restore: undefined, notices: [] });
  const already = planScaling(state({ suspendedState: ALL_SUSPENDED }), BOTH, true, 2);
  assert.deepEqual([already.suspend, already.restore, already.notices], [
    undefined,
    undefined,
    [{ code: "alreadySuspended" }],
  ]);
});

Deno.test("planScaling() says beforehand when no record can be kept", () => {
  const why = { code: "takesNoTags" } as const;
  const { suspend, restore, notices } = planScaling(state({}, { unrecordable: why }), BOTH, true, 2);
  assert.deepEqual([suspend?.record, restore?.hasRecord], ["none", false]);
  const target = scalableTarget({ suspendedState: PRIOR });
  assert.deepEqual(notices, [{ code: "suspensionNotRecorded", why, target, prior: PRIOR }]);
});

Deno.test("planScaling() does not pass over a suspension whose record cannot be read", () => {
  const why = { code: "foreignTag" } as const;
  for (const options of [BOTH, RESUME, SUSPEND]) {
    const found = state({ suspendedState: ALL_SUSPENDED }, { unrecordable: why });
    const { notices } = planScaling(found, options, true, 2);
    assert.deepEqual(notices.at(-1), { code: "suspensionNotRead", why, target: found.target });
  }
});

Deno.test("planScaling() shows a capacity that AWS would bring within its limits", () => {
  const { target } = state();
  for (const [from, to] of [[0, 1], [1, 1], [10, 10], [12, 10]] as const) {
    const { notices } = planScaling(state(), BOTH, true, from);
    assert.deepEqual(notices, from === to ? [] : [{ code: "countIsClamped", from, to, target }]);
  }
});

Deno.test("planScaling() gives notice when the service is no scalable target", () => {
  assert.deepEqual(planScaling(undefined, BOTH, true, 2).notices, [{ code: "notScalable" }]);
});
