import assert from "node:assert/strict";
import { scalableTarget } from "../../made_up.ts";
import { ALL_SUSPENDED, NONE_SUSPENDED, type ScalableTarget } from "../../../../src/model/scalable_target.ts";
import { AwsError } from "../../../../src/errors.ts";
import { setSuspendedState } from "../../../../src/rollout/steps/change_scaling.ts";
import { type Answer, awsError, scriptedPorts } from "../scripted_ports.ts";
import type { ScalingNotice } from "../../../../src/rollout/run_notice.ts";

const PRIOR = { dynamicScalingInSuspended: false, dynamicScalingOutSuspended: true, scheduledScalingSuspended: false };
type SuspensionChange = Parameters<typeof setSuspendedState>[0];

const SUSPENDING: SuspensionChange = {
  resourceId: "service/default/myservice",
  from: PRIOR,
  to: ALL_SUSPENDED,
  isBackwards: false,
};
const RESTORING: SuspensionChange = { ...SUSPENDING, from: ALL_SUSPENDED, to: PRIOR, isBackwards: true };
const showing = (suspendedState: ScalableTarget["suspendedState"]) => scalableTarget({ suspendedState });

async function set(
  change: SuspensionChange,
  scaling: readonly (AwsError | undefined)[],
  targets: readonly Answer<ScalableTarget | undefined>[],
) {
  const { ports, calls } = scriptedPorts({ reads: [], scaling, targets });
  let notice: ScalingNotice | undefined;
  let thrown: unknown;
  try {
    const signal = ports.clock.deadline(600_000);
    notice = await setSuspendedState(change, { scaling: ports.scaling!, clock: ports.clock }, signal);
  } catch (error) {
    thrown = error;
  }
  return { calls, notice, thrown };
}

const READ = "describeScalableTarget";

Deno.test("setSuspendedState() reads after a lost answer, or where AWS throttles, and sends the same again only over the flags from before", async () => {
  const [suspend, restore] = ["setSuspendedState 111", "setSuspendedState 010"];
  const cases: [SuspensionChange, ScalableTarget | undefined, string[], ScalingNotice["code"] | undefined][] = [
    [SUSPENDING, showing(PRIOR), [suspend, READ, suspend], undefined],
    [SUSPENDING, showing(ALL_SUSPENDED), [suspend, READ], undefined],
    [SUSPENDING, showing(NONE_SUSPENDED), [suspend, READ], "suspensionChangedByOthers"],
    [SUSPENDING, undefined, [suspend, READ], "scalingTargetGone"],
    [RESTORING, showing(ALL_SUSPENDED), [restore, READ, restore], undefined],
    // This may be a read from before the suspension.
    [RESTORING, showing(PRIOR), [restore, READ, restore], undefined],
    [{ ...RESTORING, isBackwards: false }, showing(PRIOR), [restore, READ], undefined],
    [RESTORING, showing(NONE_SUSPENDED), [restore, READ], "suspensionChangedByOthers"],
  ];
  for (const kind of ["lost", "server", "throttled", "unreachable"] as const) {
    for (const [change, target, expected, code] of cases) {
      const { calls, notice, thrown } = await set(change, [awsError(kind)], [target]);
      assert.equal(thrown, undefined);
      assert.deepEqual(calls, expected);
      assert.equal(notice?.code, code);
    }
  }
});

Deno.test("setSuspendedState() throws that nobody knows, once an answer was lost", async () => {
  const lost = awsError("lost");
  const refused = await set(SUSPENDING, [lost, awsError("denied")], [showing(PRIOR)]);
  assert.equal(refused.thrown, lost);
  const unreadable = await set(SUSPENDING, [lost], [awsError("denied")]);
  assert.equal(unreadable.thrown, lost);
  assert.deepEqual(unreadable.calls, ["setSuspendedState 111", READ]);
  const thenThrottled = await set(SUSPENDING, [lost, ...Array(200).fill(awsError("throttled"))], [showing(PRIOR)]);
  assert.equal(thenThrottled.thrown, lost);
});

Deno.test("setSuspendedState() goes on until its time is up", async () => {
  for (const kind of ["lost", "throttled"] as const) {
    const always = await set(SUSPENDING, Array(200).fill(awsError(kind)), [showing(PRIOR)]);
    assert.equal((always.thrown as AwsError).kind, kind);
    assert.ok(always.calls.filter((call) => call !== READ).length > 120);
    const late = await set(SUSPENDING, Array(100).fill(awsError(kind)), [showing(PRIOR)]);
    assert.equal(late.thrown, undefined);
  }
});

/** AWS has answered, and not said whether it was done: so it always is of targets from before they had ARNs. */
const wordless = new AwsError({ operation: "Op", kind: "lost", code: "UnreadableAnswer", detail: "" });

Deno.test("setSuspendedState() reads what an answer does not say, and gives up after eight such answers", async () => {
  const always = Array(20).fill(wordless);
  const orders = (calls: readonly string[]) => calls.filter((call) => call !== READ).length;
  const done = await set(SUSPENDING, always, [showing(ALL_SUSPENDED)]);
  assert.deepEqual([done.thrown, done.calls], [undefined, ["setSuspendedState 111", READ]]);
  const restored = await set({ ...RESTORING, hasSeenFrom: true }, always, [showing(PRIOR)]);
  assert.deepEqual([restored.thrown, restored.calls], [undefined, ["setSuspendedState 010", READ]]);
  const afterLag = await set(RESTORING, always, [showing(ALL_SUSPENDED), showing(PRIOR)]);
  assert.deepEqual([afterLag.thrown, orders(afterLag.calls)], [undefined, 2]);
  // Where the suspension was never seen, the flags from before it are believed only when there was time to show it.
  const unseen = await set(RESTORING, always, [showing(PRIOR)]);
  assert.deepEqual([unseen.thrown, orders(unseen.calls)], [undefined, 8]);
  for (const change of [SUSPENDING, RESTORING]) {
    const never = await set(change, always, [showing(change.from)]);
    assert.deepEqual([never.thrown, orders(never.calls)], [wordless, 8]);
  }
});

Deno.test("setSuspendedState() throws a refusal at once", async () => {
  const denied = awsError("denied");
  const { thrown, calls } = await set(SUSPENDING, [denied], [showing(PRIOR)]);
  assert.equal(thrown, denied);
  assert.deepEqual(calls, ["setSuspendedState 111"]);
});
