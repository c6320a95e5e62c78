import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import type { ServiceSnapshot } from "../../../../src/model/service.ts";
import type { Step } from "../../../../src/rollout/plan/plan.ts";
import { deployment, revision, service, serviceDeployment } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";
import {
  AWAIT,
  AWAIT_NEW,
  AWAIT_SAME,
  carryOut,
  COUNT,
  counting,
  DONE,
  KEEPING,
  plan,
  REGISTER,
  shipping,
  UPDATE,
} from "./carried_out_deploys.ts";

Deno.test("runPlan() waits for the new number of tasks, and is not misled by a read from before it", async () => {
  const { outcome, calls } = await carryOut(plan([COUNT, AWAIT_SAME], KEEPING), {
    reads: [service(), service(), service(), counting(3, 2), counting(3, 3)],
    update: counting(3, 2),
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls, [
    "describeService",
    `updateService undefined {"desiredCount":3}`,
    ...Array(4).fill(calls[0]),
  ]);
});

Deno.test("runPlan() does not wait for ever for a number of tasks that auto scaling has lowered again", async () => {
  const script = { update: counting(3, 2) };
  const rolledBack = await carryOut(plan([COUNT, AWAIT_SAME], KEEPING), {
    ...script,
    reads: [service(), service(), counting(3, 2), service()],
  });
  assert.deepEqual([rolledBack.outcome?.kind, rolledBack.calls.length], ["succeeded", 5]);
  const atOnce = await carryOut(plan([COUNT, AWAIT_SAME], KEEPING), { ...script, reads: [service()] });
  const reads = atOnce.calls.filter((call) => call === "describeService").length;
  assert.deepEqual([atOnce.outcome?.kind, reads], ["succeeded", 13], "the basis, and twelve in a row");
});

Deno.test("runPlan() looks for the deployment of attributes whose answer was lost, and sends them once", async () => {
  const attributes: Step = {
    kind: "updateService",
    taskDefinition: undefined,
    attributes: { platformVersion: "1.4.0" },
  };
  const anew = service({ deployments: [deployment({ id: "ecs-svc/5" })] });
  const found = await carryOut(plan([attributes, AWAIT_SAME], KEEPING), {
    reads: [service(), service(), anew],
    update: awsError("lost"),
  });
  assert.equal(found.outcome?.kind, "succeeded");
  const missed = await carryOut(plan([attributes, AWAIT_SAME], KEEPING), {
    reads: [service()],
    update: awsError("lost"),
  });
  assert.equal((missed.thrown as AwsError).unseen?.code, "noNewDeployment");
  for (const { writes } of [found, missed]) assert.equal(writes.length, 1);
});

Deno.test("runPlan() does not take for its own what somebody has deployed just before its attributes came", async () => {
  const theirs = deployment({ id: "ecs-svc/7", taskDefinition: revision(7).arn, desiredCount: 3 });
  const { outcome, calls } = await carryOut(plan([COUNT, AWAIT_SAME], KEEPING), {
    reads: [service()],
    update: service({ taskDefinition: revision(7).arn, deployments: [theirs] }),
  });
  assert.deepEqual(outcome, { kind: "superseded", by: theirs, leftovers: [] });
  assert.deepEqual(calls, ["describeService", `updateService undefined {"desiredCount":3}`]);
});

const NEW_REVISION = { to: revision(5) };

Deno.test("runPlan() gives the attributes once: after the stop, or with the update in its place", async () => {
  const otherwise = { kind: "updateService" as const, taskDefinition: revision(5), attributes: { desiredCount: 3 } };
  const steps: Step[] = [
    { kind: "stopDeployment", arn: "arn:service-deployment/4", to: revision(3), otherwise },
    AWAIT_NEW,
    COUNT,
  ];
  const refused = await carryOut(plan(steps, NEW_REVISION), {
    reads: [service(), DONE],
    stop: awsError("rejected", "ConflictException"),
    update: shipping(),
  });
  assert.deepEqual(refused.writes, [
    "stopServiceDeployment arn:service-deployment/4",
    `updateService ${revision(5).arn} {"desiredCount":3}`,
  ]);
  assert.equal(refused.outcome?.kind, "succeeded");
  const stopped = await carryOut(plan(steps, NEW_REVISION), {
    reads: [service(), DONE],
    serviceDeployments: [serviceDeployment({ status: "ROLLBACK_SUCCESSFUL" })],
    update: shipping(),
  });
  assert.deepEqual(stopped.writes, [
    "stopServiceDeployment arn:service-deployment/4",
    `updateService undefined {"desiredCount":3}`,
  ]);
});

Deno.test("runPlan() takes attributes for part of the blue/green deployment under way, and ends as that does", async () => {
  const arn = "arn:sd";
  const follows = { kind: "serviceDeployment", arn, goal: "success" } as const;
  const counted = service({ desiredCount: 0, deployments: [deployment({ desiredCount: 0, runningCount: 0 })] });
  const { outcome, calls } = await carryOut(plan([COUNT, { ...AWAIT_SAME, follows }], KEEPING), {
    reads: [service(), counted],
    update: counted,
    serviceDeployments: [serviceDeployment({ arn, status: "STOPPED", statusReason: "tasks failed to start." })],
  });
  assert.equal(outcome?.kind, "failed");
  assert.ok(calls.includes(`describeServiceDeployment ${arn}`), calls.join("\n"));
});

Deno.test("runPlan() takes the answer to its own order for its own, whatever task definition that still shows", async () => {
  const { outcome } = await carryOut(plan([REGISTER, UPDATE, AWAIT]), {
    reads: [service(), DONE],
    update: shipping({ taskDefinition: revision(4).arn }),
  });
  assert.equal(outcome?.kind, "succeeded");
});

Deno.test("runPlan() takes a step after the waiting only after success", async () => {
  const { deployments } = shipping({ rolloutState: "FAILED" });
  const ends: [ServiceSnapshot | undefined, number][] = [
    [DONE, 2],
    [service({ taskDefinition: revision(5).arn, deployments }), 1],
    [service({ deployments: [deployment({ id: "ecs-svc/9" })] }), 1],
    [undefined, 1],
  ];
  for (const [end, sent] of ends) {
    const update: Step = { kind: "updateService", taskDefinition: revision(5) };
    const { writes } = await carryOut(plan([update, AWAIT_NEW, COUNT], NEW_REVISION), {
      reads: [service(), shipping(), end],
      update: shipping(),
    });
    assert.equal(writes.length, sent);
  }
  const late = await carryOut(plan([REGISTER, UPDATE, AWAIT, COUNT]), {
    reads: [service(), shipping()],
    update: shipping(),
  }, 20_000);
  assert.deepEqual([late.outcome?.kind, late.writes.length], ["timedOut", 2]);
});
