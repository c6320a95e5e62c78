import assert from "node:assert/strict";
import { ALL_SUSPENDED, NONE_SUSPENDED, type ScalableTarget } from "../../../../src/model/scalable_target.ts";
import { planScaling } from "../../../../src/rollout/plan/plan_scaling.ts";
import type { ScalingSituation } from "../../../../src/rollout/read/read_situation.ts";
import { scalableTarget } from "../../made_up.ts";

const PRIOR = { ...NONE_SUSPENDED, scheduledScalingSuspended: true };
const RECORD = { prior: PRIOR, by: "bob", atMs: 0, runs: ["bobsrun1"] };
const SUSPEND = { suspendAutoScaling: true, resumeAutoScaling: false };
const RESUME = { suspendAutoScaling: false, resumeAutoScaling: true };
const BOTH = { suspendAutoScaling: true, resumeAutoScaling: true };

function situation(target: Partial<ScalableTarget> = {}, more: Partial<ScalingSituation> = {}): ScalingSituation {
  return {
    target: scalableTarget({ suspendedState: PRIOR, ...target }),
    record: undefined,
    unrecordable: undefined,
    ...more,
  };
}

Deno.test("planScaling() does nothing that nobody asked for", () => {
  const neither = { suspendAutoScaling: false, resumeAutoScaling: false };
  assert.deepEqual(planScaling(situation({}, { record: RECORD }), neither, true, 2), {
    suspend: undefined,
    restore: undefined,
    notices: [],
  });
});

Deno.test("planScaling() with both options records, suspends, and gives back what was there", () => {
  const { suspend, restore, notices } = planScaling(situation(), BOTH, true, 2);
  const target = scalableTarget({ suspendedState: PRIOR });
  assert.deepEqual(suspend, { kind: "suspendScaling", target, prior: PRIOR, record: "write" });
  assert.deepEqual(restore, { kind: "restoreScaling", target, to: PRIOR, onlyIfOurs: true, hasRecord: true, runs: [] });
  assert.deepEqual(notices, []);
});

Deno.test("planScaling() takes an existing record for the prior state, and keeps it", () => {
  const found = situation({ suspendedState: ALL_SUSPENDED }, { record: RECORD });
  for (const deploys of [true, false]) {
    const { suspend, restore, notices } = planScaling(found, BOTH, deploys, 2);
    assert.deepEqual([suspend?.prior, suspend?.record], deploys ? [PRIOR, "keep"] : [undefined, undefined]);
    assert.deepEqual([restore?.to, restore?.onlyIfOurs, restore?.hasRecord], [PRIOR, true, true]);
    assert.match(notices[0]!, /suspended by bob at 1970-01-01T00:00:00\.000Z/);
  }
});

Deno.test("planScaling() with --resume-auto-scaling alone restores from the record, else resumes all", () => {
  const recorded = planScaling(situation({ suspendedState: ALL_SUSPENDED }, { record: RECORD }), RESUME, false, 2);
  assert.deepEqual([recorded.restore?.to, recorded.restore?.onlyIfOurs], [PRIOR, true]);
  const ordered = planScaling(situation(), RESUME, true, 2);
  assert.deepEqual([ordered.suspend, ordered.restore?.to, ordered.restore?.onlyIfOurs, ordered.restore?.hasRecord], [
    undefined,
    NONE_SUSPENDED,
    false,
    false,
  ]);
  const needless = planScaling(situation({ suspendedState: NONE_SUSPENDED }), RESUME, true, 2);
  assert.deepEqual([needless.restore, needless.notices], [undefined, ["auto scaling is not suspended"]]);
});

Deno.test("planScaling() with --suspend-auto-scaling alone gives nothing back", () => {
  const { suspend, restore } = planScaling(situation(), SUSPEND, true, 2);
  assert.deepEqual([suspend?.record, restore], ["write", undefined]);
});

Deno.test("planScaling() with --suspend-auto-scaling alone suspends also where nothing is deployed", () => {
  const { suspend, restore, notices } = planScaling(situation(), SUSPEND, false, 2);
  assert.deepEqual([suspend?.prior, suspend?.record, restore, notices], [PRIOR, "write", undefined, []]);
  const already = planScaling(situation({ suspendedState: ALL_SUSPENDED }), SUSPEND, false, 2);
  assert.deepEqual([already.suspend, already.notices], [undefined, ["auto scaling is suspended already"]]);
});

Deno.test("planScaling() with both options suspends only for a deployment, and only what is not suspended", () => {
  assert.deepEqual(planScaling(situation(), BOTH, false, 2), { suspend: undefined, restore: undefined, notices: [] });
  const already = planScaling(situation({ suspendedState: ALL_SUSPENDED }), BOTH, true, 2);
  assert.deepEqual([already.suspend, already.restore, already.notices], [
    undefined,
    undefined,
    ["auto scaling is suspended already"],
  ]);
});

Deno.test("planScaling() says beforehand when no record can be kept", () => {
  const { suspend, restore, notices } = planScaling(situation({}, { unrecordable: "no tags" }), BOTH, true, 2);
  assert.deepEqual([suspend?.record, restore?.hasRecord], ["none", false]);
  assert.match(notices[0]!, /kept in memory only \(no tags\).*ScheduledScalingSuspended=true$/);
});

Deno.test("planScaling() does not pass over a suspension whose record cannot be read", () => {
  for (const options of [BOTH, RESUME, SUSPEND]) {
    const found = situation({ suspendedState: ALL_SUSPENDED }, { unrecordable: "no permission" });
    const { notices } = planScaling(found, options, true, 2);
    assert.match(notices.join("\n"), /not known \(no permission\); to resume all of it: aws .*InSuspended=false/);
  }
});

Deno.test("planScaling() shows a capacity that AWS would bring within its limits", () => {
  const cases: [number, RegExp | undefined][] = [
    [0, /from 0 to 1: .* 1 to 10/],
    [1, undefined],
    [10, undefined],
    [12, /from 12 to 10/],
  ];
  for (const [desiredCount, expected] of cases) {
    const { notices } = planScaling(situation(), BOTH, true, desiredCount);
    if (expected === undefined) assert.deepEqual(notices, []);
    else assert.match(notices[0]!, expected);
  }
});

Deno.test("planScaling() gives notice when the service is no scalable target", () => {
  assert.match(planScaling(undefined, BOTH, true, 2).notices[0]!, /not registered for auto scaling/);
});
