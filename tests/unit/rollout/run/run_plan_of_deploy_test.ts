import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import type { Step } from "../../../../src/rollout/plan/plan.ts";
import { deployment, revision, service } from "../../made_up.ts";
import { awsError, type Script } from "../scripted_ports.ts";
import {
  AWAIT,
  AWAIT_NEW,
  AWAIT_SAME,
  carryOut,
  COUNT,
  counting,
  DONE,
  INPUT,
  KEEPING,
  plan,
  REGISTER,
  shipping,
  UPDATE,
} from "./carried_out_deploys.ts";

const REGISTERED = `registerTaskDefinition ${JSON.stringify(INPUT)}`;
const UPDATED = `updateService ${revision(5).arn} {"enableExecuteCommand":true}`;

Deno.test("runPlan() registers once, gives the service just that, and follows it", async () => {
  const { outcome, events, calls } = await carryOut(plan([REGISTER, UPDATE, AWAIT]), {
    reads: [service(), DONE],
    update: shipping(),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  assert.deepEqual(calls, ["describeService", REGISTERED, UPDATED, "describeService"]);
  assert.deepEqual(events.find(({ kind }) => kind === "registered"), {
    kind: "registered",
    taskDefinition: revision(5),
  });
  const begun = events.flatMap((event) => event.kind === "stepStarted" ? [event.step] : []);
  assert.deepEqual(begun, [
    REGISTER,
    { ...UPDATE, taskDefinition: revision(5) },
    { ...AWAIT, taskDefinition: revision(5) },
  ]);
});

Deno.test("runPlan() registers nothing when another deployment has begun since the plan", async () => {
  for (const steps of [[REGISTER, UPDATE, AWAIT], [REGISTER, UPDATE]]) {
    const by = service({ deployments: [deployment({ id: "ecs-svc/9" })] });
    const { outcome, writes } = await carryOut(plan(steps), { reads: [by] });
    assert.deepEqual([outcome?.kind, writes], ["stalePlan", []]);
  }
});

Deno.test("runPlan() updates nothing where registering was refused, or its answer was lost", async () => {
  for (const error of [awsError("denied"), awsError("lost"), awsError("rejected")]) {
    const { thrown, writes, events } = await carryOut(plan([REGISTER, UPDATE, AWAIT]), {
      reads: [service()],
      registers: [error],
    });
    assert.deepEqual([thrown, writes.filter((call) => !call.startsWith("read"))], [error, [REGISTERED]]);
    assert.ok(events.every(({ kind }) => kind !== "detached"), "no order was given");
  }
});

const CREATE: Step = { kind: "createService", taskDefinition: revision(5), input: { desiredCount: 1 } };
const CREATED = `createService {"desiredCount":1,"taskDefinition":"${revision(5).arn}"}`;
const NEW = { from: undefined, to: revision(5), basedOn: undefined };

Deno.test("runPlan() creates a service where there is none, or a deleted one, and follows its first deployment", async () => {
  for (const missing of [undefined, service({ status: "INACTIVE" })]) {
    const { outcome, calls } = await carryOut(plan([CREATE, AWAIT_NEW], NEW), {
      reads: [missing, DONE],
      update: shipping(),
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.deepEqual(calls, ["describeService", CREATED, "describeService"]);
  }
});

Deno.test("runPlan() creates none where somebody has meanwhile", async () => {
  for (const there of [service(), service({ status: "DRAINING" })]) {
    const { outcome, writes } = await carryOut(plan([CREATE, AWAIT_NEW], NEW), { reads: [there] });
    assert.deepEqual([outcome?.kind, writes], ["stalePlan", []]);
  }
});

Deno.test("runPlan() says that a creation without an answer may go on, and a refused one does not", async () => {
  for (const [kind, ordered] of [["lost", "unknown"], ["rejected", undefined]] as const) {
    const error = awsError(kind);
    const { thrown, events } = await carryOut(plan([CREATE, AWAIT_NEW], NEW), { reads: [undefined], update: error });
    assert.equal(thrown, error);
    const left = events.find((event) => event.kind === "detached");
    assert.equal(left?.ordered, ordered);
  }
});

Deno.test("runPlan() looks for the deployment that ECS's answer to an order does not show", async () => {
  const empty = (answer: ReturnType<typeof service>) => ({ ...answer, deployments: [] });
  const steps: [Parameters<typeof plan>, Script["reads"], ReturnType<typeof service>][] = [
    [[[CREATE, AWAIT_NEW], NEW], [undefined, empty(DONE), DONE], empty(DONE)],
    [[[COUNT, AWAIT_SAME], KEEPING], [service(), empty(counting(3, 3)), counting(3, 3)], empty(counting(3, 3))],
  ];
  for (const [planned, reads, update] of steps) {
    const { outcome, writes } = await carryOut(plan(...planned), { reads, update });
    assert.deepEqual([outcome?.kind, writes.length], ["succeeded", 1]);
    const { thrown } = await carryOut(plan(...planned), { reads: [reads[0], update], update });
    assert.ok(thrown instanceof AwsError && thrown.kind === "lost", String(thrown));
  }
});
