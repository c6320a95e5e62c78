import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import type { Step } from "../../../../src/rollout/plan/plan.ts";
import type { VirtualClock } from "../../../virtual_clock.ts";
import { deployment, revision, service } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";
import {
  AWAIT,
  carryOut,
  DONE,
  GIVEN_BACK,
  RESTORE,
  rollingBack,
  STOP,
  STOPPED,
  SUSPEND,
  UPDATE,
  UPDATED,
} from "./carried_out_plans.ts";

Deno.test("runPlan() looks for the deployment after a lost answer, follows it, and never orders twice", async () => {
  for (const error of [awsError("lost"), awsError("server")]) {
    const { outcome, calls } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), service(), awsError("throttled"), rollingBack(), DONE],
      update: error,
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.equal(calls.filter((call) => call === UPDATED).length, 1);
  }
});

Deno.test("runPlan() after a lost answer gives up within half a minute, and says that nobody knows", async () => {
  const elsewhere = service({ deployments: [deployment({ id: "ecs-svc/9" })] });
  for (const reads of [[service()], [service(), elsewhere], [service(), undefined]]) {
    const { thrown, calls, clock } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
      reads,
      update: awsError("lost", "ECONNRESET"),
    });
    assert.equal((thrown as AwsError).unseen?.code, "noNewDeployment");
    assert.equal(clock.now(), 30_000);
    assert.equal(calls.filter((call) => call === UPDATED).length, 1);
    assert.deepEqual(calls.slice(-3), GIVEN_BACK);
  }
});

Deno.test("runPlan() sends an update again that was not applied, and only such", async () => {
  for (const kind of ["throttled", "unreachable"] as const) {
    const { outcome, calls } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), service(), DONE],
      updates: [awsError(kind), awsError(kind), rollingBack()],
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.equal(calls.filter((call) => call === UPDATED).length, 3);
  }
});

Deno.test("runPlan() sends an order again while AWS throttles until the time is up", async () => {
  for (const kind of ["throttled", "unreachable"] as const) {
    for (const step of [UPDATE, STOP]) {
      const endless = { update: awsError(kind), stop: awsError(kind) };
      const { outcome, calls, clock } = await carryOut([step, AWAIT], { reads: [service()], ...endless });
      assert.deepEqual(outcome, { kind: "timedOut", ordered: "no", leftovers: [] });
      assert.equal(clock.now(), 600_000);
      assert.ok(calls.filter((call) => call === UPDATED || call === STOPPED).length > 120);
    }
  }
});

Deno.test("runPlan() notices within half a minute that an order starts no deployment", async () => {
  for (const answer of [service(), service({ taskDefinition: revision(3).arn })]) {
    const ignored = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [service()], update: answer });
    const unseen = { code: "startedNone", taskDefinition: "myservice:3", stillAt: "ecs-svc/4" };
    assert.deepEqual((ignored.thrown as AwsError).unseen, unseen);
    assert.equal(ignored.clock.now(), 30_000);
    assert.ok(ignored.events.some((event) => event.kind === "detached" && event.ordered === "unknown"));
    assert.deepEqual(ignored.calls.slice(-3), GIVEN_BACK);
  }
  const forced: Step = { kind: "updateService", taskDefinition: undefined, attributes: { forceNewDeployment: true } };
  const none = await carryOut([forced, AWAIT], { reads: [service()], update: service() });
  assert.equal((none.thrown as AwsError).unseen?.code, "startedNone");
});

Deno.test("runPlan() follows the new deployment that only a later read shows", async () => {
  const late = await carryOut([UPDATE, AWAIT], {
    reads: [service(), service(), rollingBack(), DONE],
    update: service(),
  });
  assert.deepEqual(late.outcome, { kind: "succeeded", leftovers: [] });
});

Deno.test("runPlan() does not look for a deployment where the order starts none", async () => {
  const scales: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 3 } };
  const { thrown, clock } = await carryOut([scales], { reads: [service()], update: service() });
  assert.deepEqual([thrown, clock.now()], [undefined, 0]);
});

Deno.test("runPlan() does not order on top of what somebody has deployed while AWS throttled", async () => {
  const theirs = deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn });
  const overtaken = service({ deployments: [theirs] });
  const throttles = [awsError("throttled"), awsError("throttled"), awsError("throttled"), rollingBack()];
  const reads = [service(), overtaken];
  const first = await carryOut([UPDATE, AWAIT], { reads, updates: throttles });
  assert.deepEqual(first.outcome, { kind: "stalePlan", by: theirs, leftovers: [] });
  assert.equal(first.calls.filter((call) => call === UPDATED).length, 2, "the plan is younger than a second for two");
  const afterSuspending = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads, updates: throttles });
  assert.deepEqual(afterSuspending.outcome, { kind: "superseded", by: theirs, ordered: "no", leftovers: [] });
  assert.deepEqual(afterSuspending.calls.slice(-3), GIVEN_BACK);
  const gone = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [service(), undefined], updates: throttles });
  assert.deepEqual(gone.outcome, { kind: "gone", status: "MISSING", leftovers: [] });
});

Deno.test("runPlan() reads the service again where the steps before the order took longer than a second", async () => {
  const theirs = deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn });
  const slowly = (call: string, clock: VirtualClock) => {
    if (call.startsWith("setSuspendedState 111")) clock.advance(1_500);
  };
  const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), service({ deployments: [theirs] })],
    update: rollingBack(),
    onCall: slowly,
  });
  assert.equal(outcome?.kind, "superseded");
  assert.ok(!calls.includes(UPDATED));
});

Deno.test("runPlan() says that ECS goes on when an error ends it after the order", async () => {
  const expired = await carryOut([UPDATE, AWAIT], {
    reads: [service(), awsError("credentials")],
    update: rollingBack(),
  });
  assert.deepEqual(expired.events.at(-1), { kind: "detached", ordered: "yes" });
  const lost = await carryOut([UPDATE, AWAIT], { reads: [service()], update: awsError("lost") });
  assert.deepEqual(lost.events.at(-1), { kind: "detached", ordered: "unknown" });
  const refused = await carryOut([UPDATE, AWAIT], { reads: [service()], update: awsError("rejected") });
  assert.ok(refused.events.every(({ kind }) => kind !== "detached"));
});

Deno.test("runPlan() follows no deployment of another task definition that the answer to its order shows", async () => {
  const other = (rolloutState: "IN_PROGRESS" | "COMPLETED") =>
    service({
      taskDefinition: revision(7).arn,
      deployments: [deployment({ id: "ecs-svc/9", taskDefinition: revision(7).arn, rolloutState })],
    });
  const beaten = await carryOut([UPDATE, AWAIT], {
    reads: [service(), other("COMPLETED")],
    update: other("IN_PROGRESS"),
  });
  assert.equal(beaten.outcome?.kind, "superseded");
  // The answer was about another order, and a read shows the own one.
  const found = await carryOut([UPDATE, AWAIT], {
    reads: [service(), other("IN_PROGRESS"), rollingBack(), DONE],
    update: other("IN_PROGRESS"),
  });
  assert.deepEqual(found.outcome, { kind: "succeeded", leftovers: [] });
});
