import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import { revision, service } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";
import {
  AWAIT,
  carryOut,
  CHECKED,
  DEREGISTER,
  DONE,
  GIVEN_BACK,
  noticesOf,
  PRIOR,
  RESTORE,
  rollingBack,
  SUSPEND,
  SUSPENDED_CALLS,
  TAGGED,
  TARGET,
  UPDATE,
  UPDATED,
} from "./carried_out_plans.ts";

Deno.test("runPlan() restores scaling before it deregisters, and both after success", async () => {
  const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE, DEREGISTER], {
    reads: [service(), DONE],
    update: rollingBack(),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  assert.deepEqual(calls, [
    ...CHECKED,
    ...SUSPENDED_CALLS,
    UPDATED,
    "describeService",
    "listTags",
    ...GIVEN_BACK,
    "listServices",
    "listTaskDefinitionsInUse",
    "describeService",
    `deregisterTaskDefinition ${revision(4).arn}`,
  ]);
});

Deno.test("runPlan() gives scaling back when AWS refuses the update, and throws the refusal", async () => {
  const refusal = awsError("rejected", "InvalidParameterException");
  for (const lost of [false, true]) {
    const { thrown, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
      reads: [service()],
      update: refusal,
      scaling: [undefined, lost ? awsError("denied") : undefined],
    });
    assert.equal(thrown, refusal);
    const writes = [...CHECKED, ...SUSPENDED_CALLS, UPDATED, "listTags"];
    assert.deepEqual(calls, [...writes, ...lost ? GIVEN_BACK.slice(0, 2) : GIVEN_BACK]);
    const notices = events.filter(({ kind }) => kind === "notice");
    const codes = notices.map((event) => event.kind === "notice" && event.notice.code);
    assert.deepEqual(codes, ["serviceUnchanged", ...lost ? ["leftToDo"] : []], "what is left is said before the error");
  }
});

Deno.test("runPlan() restores what suspending may have changed when suspending fails", async () => {
  for (
    const [script, calls] of [
      [{ scaling: [awsError("denied")] }, [...SUSPENDED_CALLS.slice(0, 3), "listTags", ...GIVEN_BACK]],
      [{ tag: awsError("rejected") }, ["listTags", TAGGED, "listTags", ...GIVEN_BACK]],
    ] as const
  ) {
    const ending = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [service()], ...script });
    assert.ok(ending.thrown instanceof AwsError);
    assert.deepEqual(ending.calls, [...CHECKED, ...calls]);
  }
});

Deno.test("runPlan() without the permission to tag keeps the earlier flags in memory, and says so first", async () => {
  const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    tag: awsError("denied", "AccessDeniedException"),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  const notice = events.findIndex((event) => event.kind === "notice" && event.notice.code === "suspensionNotRecorded");
  const update = events.findIndex((event) => event.kind === "stepStarted" && event.step.kind === "updateService");
  assert.ok(notice !== -1 && notice < update);
  assert.deepEqual(calls.filter((call) => /^(un)?tag|SuspendedState/.test(call)), [
    TAGGED,
    "setSuspendedState 111",
    "setSuspendedState 010",
  ]);
});

Deno.test("runPlan() keeps the record of a suspension whose answer never came, and says so", async () => {
  for (const kind of ["lost", "server"] as const) {
    const script = { reads: [service()], targets: [TARGET], scaling: Array(8).fill(awsError(kind)) };
    const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], script, 20_000);
    assert.deepEqual(outcome, { kind: "timedOut", ordered: "no", leftovers: [] });
    assert.deepEqual(calls.slice(-4), [
      "setSuspendedState 111",
      "listTags",
      "describeScalableTarget",
      "setSuspendedState 010",
    ]);
    assert.deepEqual(noticesOf(events), [{ code: "suspensionRecordKept", target: TARGET, to: PRIOR }]);
  }
});

Deno.test("runPlan() says what is left when restoring fails, and when only the record remains", async () => {
  const script = { reads: [service(), DONE], update: rollingBack() };
  const denied = awsError("denied");
  const notSet = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, scaling: [undefined, denied] });
  const { failure: error } = denied;
  assert.deepEqual(notSet.outcome?.leftovers, [
    { code: "scalingMayBeSuspended", target: TARGET, to: PRIOR, hasRecord: true, error },
  ]);
  const notUntagged = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, untag: denied });
  assert.deepEqual(notUntagged.outcome?.leftovers, [{ code: "suspensionRecordRemains", error }]);
});

Deno.test("runPlan() of a suspension alone leaves it, and says so", async () => {
  const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT], {
    reads: [service(), DONE],
    update: rollingBack(),
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls, [...CHECKED, ...SUSPENDED_CALLS, UPDATED, "describeService", "listTags"]);
  assert.deepEqual(noticesOf(events), [{ code: "staysSuspended", target: TARGET, prior: PRIOR, isRecorded: true }]);
});

Deno.test("runPlan() of a restoring alone touches nothing else", async () => {
  const { outcome, calls } = await carryOut([RESTORE], { reads: [] });
  assert.equal(outcome?.kind, "unchanged");
  assert.deepEqual(calls, ["listTags", ...GIVEN_BACK]);
});

Deno.test("runPlan() gives scaling back when AWS has throttled that for a minute, and within the time limit", async () => {
  const script = { reads: [service(), DONE], update: rollingBack() };
  const throttles = (times: number) => [undefined, ...Array<AwsError>(times).fill(awsError("throttled"))];
  const minute = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, scaling: throttles(16) });
  assert.deepEqual(minute.outcome, { kind: "succeeded", leftovers: [] });
  assert.ok(minute.clock.now() > 60_000);
  const endless = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, scaling: throttles(200) }, 60_000);
  assert.equal(endless.outcome?.leftovers.length, 1);
  assert.ok(endless.clock.now() <= 65_000, `${endless.clock.now()}`);
});

Deno.test("runPlan() does not claim a suspension that was never made", async () => {
  const { events, calls } = await carryOut([SUSPEND, UPDATE, AWAIT], { reads: [service()], tag: awsError("rejected") });
  assert.deepEqual(calls, [...CHECKED, "listTags", TAGGED]);
  const codes = events.flatMap((event) => event.kind === "notice" ? [event.notice.code] : []);
  assert.deepEqual(codes, ["serviceUnchanged"]);
});
