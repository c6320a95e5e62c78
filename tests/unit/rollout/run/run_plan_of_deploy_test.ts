import assert from "node:assert/strict";
import type { Deployment, ServiceSnapshot } from "../../../../src/model/service.ts";
import { AwsError } from "../../../../src/errors.ts";
import type { EmittedEvent } from "../../../../src/rollout/events.ts";
import type { Outcome } from "../../../../src/rollout/outcome.ts";
import { runPlan } from "../../../../src/rollout/run/run_plan.ts";
import type { Plan, Step } from "../../../../src/rollout/plan/plan.ts";
import { deployment, REF, revision, service, serviceDeployment } from "../../made_up.ts";
import { awsError, contextOf, type Script, scriptedPorts } from "../scripted_ports.ts";

const INPUT = { family: "myservice", cpu: "512" };
const REGISTER: Step = { kind: "register", family: "myservice", input: INPUT };
const UPDATE: Step = {
  kind: "updateService",
  taskDefinition: "registered",
  attributes: { enableExecuteCommand: true },
};
const AWAIT: Step = { kind: "awaitDeployment", taskDefinition: "registered", follows: undefined };
const REGISTERED = `registerTaskDefinition ${JSON.stringify(INPUT)}`;
const UPDATED = `updateService ${revision(5).arn} {"enableExecuteCommand":true}`;

function plan(steps: readonly Step[], changes: Partial<Plan> = {}): Plan {
  return {
    intent: "deploy",
    subject: REF,
    until: "stable",
    from: revision(4),
    to: undefined,
    reason: undefined,
    changes: [],
    steps,
    isReached: false,
    notices: [],
    basedOn: "ecs-svc/4",
    ...changes,
  };
}

function shipping(changes: Partial<Deployment> = {}): ServiceSnapshot {
  const { arn } = revision(5);
  const own = {
    id: "ecs-svc/5",
    taskDefinition: arn,
    rolloutState: "IN_PROGRESS",
    runningCount: 0,
    createdAtMs: 5_000,
  };
  return service({ taskDefinition: arn, deployments: [deployment({ ...own, ...changes })] });
}

const DONE = shipping({ rolloutState: "COMPLETED", runningCount: 2 });

async function carryOut(plan: Plan, script: Script, timeoutMs = 600_000) {
  const { ports, calls, clock } = scriptedPorts({ registers: [revision(5)], ...script });
  const events: EmittedEvent[] = [];
  const emit = (event: EmittedEvent) => void events.push(event);
  const context = contextOf(ports, { deadline: clock.deadline(timeoutMs), emit });
  let thrown: unknown;
  try {
    await runPlan(plan, context);
  } catch (error) {
    thrown = error;
  }
  const last = events.at(-1);
  const outcome: Outcome | undefined = last?.kind === "rolloutEnded" ? last.outcome : undefined;
  return { events, outcome, thrown, calls, writes: calls.filter((call) => !/^(describe|list|find)/.test(call)) };
}

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
const AWAIT_NEW: Step = { ...AWAIT, taskDefinition: revision(5) };
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

const KEEPING = { to: revision(4) };
const COUNT: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 3 } };
const AWAIT_SAME: Step = { kind: "awaitDeployment", taskDefinition: revision(4), follows: undefined };

function counting(desiredCount: number, runningCount: number) {
  return service({ desiredCount, deployments: [deployment({ desiredCount, runningCount })] });
}

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
