import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import type { Step } from "../../../../src/rollout/plan/plan.ts";
import { revision, service, serviceDeployment } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";
import { ARN, AWAIT, carryOut, DONE, rollingBack, STOP, STOPPED, UPDATED } from "./carried_out_plans.ts";

const WENT_BACK = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL" });

Deno.test("runPlan() stops the deployment under way and follows it back", async () => {
  const { outcome, calls } = await carryOut([STOP, AWAIT], {
    reads: [service(), rollingBack(), DONE],
    serviceDeployments: [serviceDeployment({ status: "ROLLBACK_IN_PROGRESS" }), WENT_BACK],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls.filter((call) => !call.startsWith("describe")), [STOPPED]);
});

Deno.test("runPlan() updates the service when ECS does not take the stop", async () => {
  for (const stop of [awsError("rejected", "ConflictException"), awsError("denied")]) {
    const { outcome, calls } = await carryOut([STOP, AWAIT], {
      reads: [service(), DONE],
      update: rollingBack(),
      stop,
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.deepEqual(new Set(calls.filter((call) => !call.startsWith("describe"))), new Set([STOPPED, UPDATED]));
  }
});

Deno.test("runPlan() asks what became of a stop whose answer was lost, and orders no update on top", async () => {
  const taken = await carryOut([STOP, AWAIT], {
    reads: [service(), DONE],
    stop: awsError("lost"),
    serviceDeployments: [serviceDeployment(), serviceDeployment({ status: "ROLLBACK_REQUESTED" }), WENT_BACK],
  });
  assert.equal(taken.outcome?.kind, "succeeded");
  assert.ok(!taken.calls.includes(UPDATED));
  const unknown = await carryOut([STOP, AWAIT], {
    reads: [service()],
    stop: awsError("server"),
    serviceDeployments: [serviceDeployment()],
  });
  assert.equal((unknown.thrown as AwsError).unseen?.code, "notStopped");
  assert.equal(unknown.clock.now(), 31_500);
  assert.ok(
    unknown.calls.filter((call) => call === STOPPED).length > 10,
    "ECS takes the order as often as it is given",
  );
  assert.ok(!unknown.calls.includes(UPDATED));
});

Deno.test("runPlan() gives the order to stop again where its answer was lost, and ECS decides", async () => {
  const again = await carryOut([STOP, AWAIT], {
    reads: [service(), DONE],
    stop: [awsError("lost"), undefined],
    serviceDeployments: [serviceDeployment(), WENT_BACK],
  });
  assert.equal(again.outcome?.kind, "succeeded");
  assert.deepEqual(again.calls.filter((call) => !call.startsWith("describe")), [STOPPED, STOPPED]);
  const conflict = awsError("rejected", "ConflictException");
  const gone = await carryOut([STOP, AWAIT], {
    reads: [service(), DONE],
    stop: [awsError("lost"), conflict],
    serviceDeployments: [serviceDeployment(), WENT_BACK],
  });
  assert.equal(gone.outcome?.kind, "succeeded");
  assert.ok(!gone.calls.includes(UPDATED), "it has gone back by the first order");
  const completed = await carryOut([STOP, AWAIT], {
    // The third is after the order; the second, because the plan is older than a second by then.
    reads: [service(), service(), DONE],
    update: rollingBack(),
    stop: [awsError("lost"), conflict],
    serviceDeployments: [serviceDeployment(), serviceDeployment({ status: "SUCCESSFUL" })],
  });
  assert.equal(completed.outcome?.kind, "succeeded");
  assert.ok(completed.calls.includes(UPDATED), "there was nothing left to stop");
});

Deno.test("runPlan() adds attributes to a stop that it does not wait for, although the deployment is another by then", async () => {
  const rest: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 2 } };
  const { outcome, calls } = await carryOut([STOP, rest], {
    reads: [service(), rollingBack()],
    // The plan is older than a second by then.
    stop: [awsError("throttled"), awsError("throttled"), undefined],
    update: rollingBack(),
  });
  assert.equal(outcome?.kind, "submitted");
  assert.deepEqual(calls.filter((call) => !call.startsWith("describe")), [
    ...Array(3).fill(STOPPED),
    `updateService undefined {"desiredCount":2}`,
  ]);
});

Deno.test("runPlan() says that ECS goes on with a stop that it does not wait for, whatever becomes of the update", async () => {
  const rest: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 2 } };
  const refused = await carryOut([STOP, rest], { reads: [service(), rollingBack()], update: awsError("denied") });
  assert.equal((refused.thrown as AwsError).kind, "denied");
  assert.ok(refused.events.some((event) => event.kind === "detached" && event.ordered === "yes"));
  for (const update of [awsError("throttled"), awsError("lost")]) {
    const { outcome } = await carryOut([STOP, rest], { reads: [service(), rollingBack()], update }, 5_000);
    assert.deepEqual([outcome?.kind, outcome?.kind === "timedOut" && outcome.ordered], ["timedOut", "yes"]);
  }
  const stillShown = await carryOut([STOP, rest], { reads: [service()], update: service() });
  assert.equal(stillShown.outcome?.kind, "submitted", "nobody else has deployed");
});

Deno.test("runPlan() says that the service has been rolled back where the update after it is cut off", async () => {
  const rest: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 2 } };
  const { outcome } = await carryOut([STOP, AWAIT, rest], {
    reads: [service(), DONE],
    serviceDeployments: [WENT_BACK],
    update: awsError("throttled"),
  });
  assert.deepEqual([outcome?.kind, outcome?.kind === "timedOut" && outcome.ordered], ["timedOut", "yes"]);
});

Deno.test("runPlan() follows the new service deployment of a blue/green update", async () => {
  const before = serviceDeployment({ status: "SUCCESSFUL" });
  const green = serviceDeployment({ arn: "arn:service-deployment/5", status: "IN_PROGRESS" });
  const update: Step = { kind: "updateService", taskDefinition: revision(3), newerThan: { serviceDeployment: ARN } };
  const { outcome, calls } = await carryOut([update, AWAIT], {
    reads: [service(), rollingBack(), DONE],
    update: rollingBack(),
    serviceDeployments: [before, green, green, { ...green, status: "SUCCESSFUL" }],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.equal(calls.filter((call) => call === "findNewestServiceDeployment").length, 2);
  assert.equal(calls.filter((call) => call === `describeServiceDeployment ${green.arn}`).length, 2);
});
