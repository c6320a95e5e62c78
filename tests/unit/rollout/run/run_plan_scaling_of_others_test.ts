import assert from "node:assert/strict";
import { ALL_SUSPENDED, NONE_SUSPENDED, type SuspendedState } from "../../../../src/model/scalable_target.ts";
import type { EmittedEvent } from "../../../../src/rollout/events.ts";
import type { Step } from "../../../../src/rollout/plan/plan.ts";
import { runPlan } from "../../../../src/rollout/run/run_plan.ts";
import type { RunNotice } from "../../../../src/rollout/run_notice.ts";
import { service } from "../../made_up.ts";
import { awsError, contextOf, scriptedPorts } from "../scripted_ports.ts";
import {
  AWAIT,
  carryOut,
  CHECKED,
  DONE,
  GIVEN_BACK,
  noticesOf,
  plan,
  PRIOR,
  RECORD,
  RESTORE,
  rollingBack,
  SUSPEND,
  SUSPENDED,
  SUSPENDED_CALLS,
  TAGGED,
  TARGET,
  UPDATE,
  UPDATED,
} from "./carried_out_plans.ts";

/** Somebody has set other flags meanwhile. */
const LEFT_ALONE: RunNotice = { code: "suspensionChangedByOthers", resourceId: TARGET.resourceId };

Deno.test("runPlan() changes nothing when somebody has changed the flags after planning", async () => {
  const changed = { ...TARGET, suspendedState: { ...PRIOR, scheduledScalingSuspended: true } };
  for (const read of [changed, undefined]) {
    const { ports, calls } = scriptedPorts({ reads: [service()], targets: [read] });
    const events: EmittedEvent[] = [];
    const emit = (event: EmittedEvent) => void events.push(event);
    await runPlan(plan([SUSPEND, UPDATE, AWAIT, RESTORE]), contextOf(ports, { emit }));
    const outcome = { kind: "stalePlan", by: undefined, hasSuspensionChanged: true, leftovers: [] };
    assert.deepEqual(events, [{ kind: "rolloutEnded", outcome }]);
    // One read that shows no target may lag behind.
    const again = read === undefined ? Array(2).fill("describeScalableTarget") : [];
    assert.deepEqual(calls, [...CHECKED, ...again]);
  }
  const lagging = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), service(), DONE],
    update: rollingBack(),
    allTargets: [undefined, undefined, TARGET, SUSPENDED],
  });
  assert.equal(lagging.outcome?.kind, "succeeded");
});

Deno.test("runPlan() of a plan that does not suspend does not look at the flags beforehand", async () => {
  const { outcome, calls } = await carryOut([UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    targets: [{ ...TARGET, suspendedState: ALL_SUSPENDED }],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls, ["describeService", UPDATED, "describeService", "listTags", ...GIVEN_BACK]);
});

Deno.test("runPlan() goes on when the flags cannot be read beforehand, and says so", async () => {
  for (const kind of ["denied", "server", "throttled", "lost"] as const) {
    const { ports, calls } = scriptedPorts({
      reads: [service(), DONE],
      update: rollingBack(),
      targets: [awsError(kind), SUSPENDED],
    });
    const events: EmittedEvent[] = [];
    const emit = (event: EmittedEvent) => void events.push(event);
    await runPlan(plan([SUSPEND, UPDATE, AWAIT, RESTORE]), contextOf(ports, { emit }));
    assert.deepEqual(events.at(-1), { kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } });
    assert.deepEqual(calls, [
      ...CHECKED,
      ...SUSPENDED_CALLS,
      UPDATED,
      "describeService",
      "listTags",
      ...GIVEN_BACK,
    ]);
    assert.equal(noticesOf(events)[0]?.code, "suspensionNotCompared");
  }
});

Deno.test("runPlan() does not touch flags that somebody has changed meanwhile", async () => {
  const cases: [Step[], SuspendedState, string[], RunNotice[]][] = [
    [[SUSPEND, UPDATE, AWAIT, RESTORE], ALL_SUSPENDED, GIVEN_BACK, []],
    // This run has suspended: a read that shows the flags from before may lag behind, and the record would be gone.
    [[SUSPEND, UPDATE, AWAIT, RESTORE], PRIOR, GIVEN_BACK, []],
    [
      [SUSPEND, UPDATE, AWAIT, RESTORE],
      NONE_SUSPENDED,
      ["describeScalableTarget", `untag ${RECORD}`],
      [LEFT_ALONE],
    ],
    // An earlier run had, and was killed after it had restored.
    [[RESTORE], PRIOR, ["describeScalableTarget", `untag ${RECORD}`], []],
    [[RESTORE], ALL_SUSPENDED, GIVEN_BACK, []],
    [[RESTORE], NONE_SUSPENDED, ["describeScalableTarget", `untag ${RECORD}`], [LEFT_ALONE]],
  ];
  for (const [steps, suspendedState, expected, notices] of cases) {
    const { calls, events } = await carryOut(steps, {
      reads: [service(), DONE],
      update: rollingBack(),
      targets: [{ ...TARGET, suspendedState }],
    });
    assert.deepEqual(calls.slice(calls.lastIndexOf("describeScalableTarget")), expected);
    assert.deepEqual(noticesOf(events), notices);
  }
});

Deno.test("runPlan() sends no suspension over flags that somebody has set while its answer was waited for", async () => {
  for (const steps of [[SUSPEND, UPDATE, AWAIT, RESTORE], [SUSPEND, UPDATE, AWAIT]]) {
    const { outcome, calls, events } = await carryOut(steps, {
      reads: [service(), DONE],
      update: rollingBack(),
      scaling: [awsError("lost")],
      targets: [{ ...TARGET, suspendedState: NONE_SUSPENDED }],
    });
    assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
    // The record of a suspension that is none must not be what a later run restores.
    assert.deepEqual(calls.filter((call) => /^(un)?tag|Suspended/.test(call)), [
      TAGGED,
      "setSuspendedState 111",
      `untag ${RECORD}`,
    ]);
    const notice = events.findIndex((event) => event.kind === "notice");
    const update = events.findIndex((event) => event.kind === "stepStarted" && event.step.kind === "updateService");
    assert.ok(notice < update);
    assert.ok(noticesOf(events).every(({ code }) => code === LEFT_ALONE.code));
  }
});

Deno.test("runPlan() has nothing left to do about a target that somebody has deregistered, and says so", async () => {
  const { outcome, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    targets: [undefined],
    // A target is registered with its limits, or not at all.
    scaling: [undefined, awsError("rejected", "ValidationException")],
    untag: awsError("rejected", "ResourceNotFoundException"),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  const { resourceId } = TARGET;
  assert.deepEqual(noticesOf(events), [{ code: "scalingTargetGone", resourceId, order: "restore" }]);
});

Deno.test("runPlan() gives auto scaling back to a target that one read does not show", async () => {
  const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    targets: [undefined],
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  assert.deepEqual(calls.slice(-3), GIVEN_BACK);
  assert.deepEqual(noticesOf(events), []);
});
