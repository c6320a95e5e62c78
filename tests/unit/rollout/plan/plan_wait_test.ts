import assert from "node:assert/strict";
import type { WaitUntil } from "../../../../src/rollout/judge/assess.ts";
import { planWait } from "../../../../src/rollout/plan/plan_wait.ts";
import { readWaitState, type WaitState } from "../../../../src/rollout/read/read_service.ts";
import { deployment, planOf, REF, revision, service, serviceDeployment } from "../../made_up.ts";
import { awsError, scriptedPorts } from "../scripted_ports.ts";

const IN_PROGRESS = deployment({ id: "ecs-svc/5", rolloutState: "IN_PROGRESS", runningCount: 1 });
const NEVER = new AbortController().signal;

function state(changes: Partial<WaitState> = {}): WaitState {
  return {
    ref: REF,
    service: service({ deployments: [IN_PROGRESS] }),
    newest: undefined,
    deployed: undefined,
    denied: [],
    ...changes,
  };
}

function planned(changes: Partial<WaitState> = {}, until: WaitUntil = "stable") {
  return planOf(planWait(state(changes), { until })).plan;
}

Deno.test("planWait() follows the deployment that is under way", () => {
  const plan = planned();
  assert.deepEqual(plan.steps, [{
    kind: "awaitDeployment",
    taskDefinition: revision(4),
    follows: { kind: "deployment", id: "ecs-svc/5" },
  }]);
  assert.deepEqual([plan.intent, plan.until, plan.basedOn], ["wait", "stable", "ecs-svc/5"]);
});

Deno.test("planWait() has nothing to do where the service has come as far as asked", () => {
  assert.deepEqual(planned({ service: service() }).steps, []);
  const oneIsMissing = service({ deployments: [deployment({ runningCount: 1 })] });
  assert.equal(planned({ service: oneIsMissing }, "stable").steps.length, 1);
  assert.equal(planned({ service: oneIsMissing }, "deployed").steps.length, 0);
});

const newest = (changes: Parameters<typeof serviceDeployment>[0]) => ({
  deployment: serviceDeployment(changes),
  cameFrom: revision(3).arn,
});

Deno.test("planWait() distinguishes a rollback that somebody ordered from one that ECS made of a failure", () => {
  const ordered = planned({ newest: newest({ status: "ROLLBACK_IN_PROGRESS" }) });
  const failed = planned({ newest: newest({ status: "ROLLBACK_IN_PROGRESS", triggered: ["alarm"] }) });
  const goal = (plan: typeof ordered) =>
    plan.steps.map((step) =>
      step.kind === "awaitDeployment" && step.follows?.kind === "serviceDeployment" && step.follows.goal
    );
  assert.deepEqual([goal(ordered), goal(failed)], [["rollback"], ["reversal"]]);
  assert.deepEqual([ordered.to, failed.to], [revision(3), revision(3)]);
});

Deno.test("planWait() takes a rollback that a hook has made for one of ECS's", () => {
  const hook = {
    status: "ROLLBACK_IN_PROGRESS",
    statusReason: "rolled back because PRE_SCALE_UP lifecycle hook failed",
  };
  const [step] = planned({ newest: newest(hook) }).steps;
  assert.equal(
    step?.kind === "awaitDeployment" && step.follows?.kind === "serviceDeployment" && step.follows.goal,
    "reversal",
  );
});

const TURNED_BACK = { status: "ROLLBACK_SUCCESSFUL", triggered: ["circuitBreaker" as const], finishedAtMs: 9_000 };
const BACK_AT_3 = service({
  taskDefinition: revision(3).arn,
  deployments: [deployment({ id: "ecs-svc/3", taskDefinition: revision(3).arn, createdAtMs: 5_000 })],
});

function ended(changes: Partial<WaitState>) {
  const result = planWait(state({ service: BACK_AT_3, deployed: revision(4).arn, ...changes }), { until: "stable" });
  assert.equal(result.kind, "ended");
  return (result as ReturnType<typeof planWait> & { kind: "ended" }).end;
}

Deno.test("planWait() reports the end of a deployment that ECS had turned back before", () => {
  const reason = "the circuit breaker threshold was exceeded";
  assert.deepEqual(ended({ newest: newest({ ...TURNED_BACK, statusReason: reason }) }), {
    kind: "rolledBackByEcs",
    to: BACK_AT_3.deployments[0],
    reason,
    of: revision(4).arn,
  });
  const hook = {
    ...TURNED_BACK,
    triggered: [],
    rollback: { reason: "A lifecycle hook failed", revisionArn: undefined },
  };
  assert.equal(ended({ newest: newest(hook) }).reason, "A lifecycle hook failed");
  const unsaid = { code: "serviceDeploymentEnded", status: "ROLLBACK_SUCCESSFUL" };
  assert.deepEqual(ended({ newest: newest(TURNED_BACK) }).reason, unsaid);
});

Deno.test("planWait() distinguishes a going back that failed, and a deployment that was stopped, from a success", () => {
  for (const status of ["ROLLBACK_FAILED", "STOPPED"]) {
    const end = ended({ newest: newest({ status, statusReason: "x", finishedAtMs: 9_000 }) });
    const reason = { code: "endedBefore", status, said: "x", running: revision(3) };
    assert.deepEqual(end, { kind: "failed", of: revision(4).arn, reason });
  }
});

Deno.test("planWait() says since when that is over, and how the service is now", () => {
  const scaled = { ...BACK_AT_3, runningCount: 2, desiredCount: 5 };
  const result = planWait(state({ service: scaled, newest: newest(TURNED_BACK) }), { until: "stable" });
  assert.deepEqual(result.kind === "ended" && result.notice, {
    code: "endedBefore",
    finishedAtMs: 9_000,
    running: revision(3),
    runningCount: 2,
    desiredCount: 5,
  });
});

Deno.test("planWait() has a success where somebody wanted the going back, and says so", () => {
  const stopped = { ...TURNED_BACK, triggered: [], statusReason: "stopped by alice" };
  const plan = planned({ service: BACK_AT_3, newest: newest(stopped), deployed: revision(4).arn });
  assert.deepEqual([plan.steps, plan.isReached], [[], true]);
  assert.deepEqual(plan.notices, [
    { code: "stoppedOnRequest", stopped: revision(4), running: revision(3), reason: "stopped by alice" },
  ]);
});

Deno.test("planWait() leaves a failure behind where another deployment has begun since, or one is under way", () => {
  const later = service({ deployments: [deployment({ id: "ecs-svc/9", createdAtMs: 9_000 })] });
  assert.deepEqual(planned({ service: later, newest: newest(TURNED_BACK) }).steps, []);
  const overtaken = newest({ status: "STOPPED", finishedAtMs: 9_000 });
  assert.equal(planned({ newest: overtaken }).steps.length, 1);
  assert.deepEqual(
    planned({ service: service(), newest: newest({ status: "SUCCESSFUL", finishedAtMs: 9_000 }) }).steps,
    [],
  );
});

Deno.test("planWait() follows a deployment that is FAILED, which shows why its tasks stopped", () => {
  const inPlace = service({ deployments: [deployment({ rolloutState: "FAILED" })] });
  const [step] = planned({ service: inPlace, newest: newest({ status: "STOPPED", finishedAtMs: 9_000 }) }).steps;
  assert.deepEqual(step?.kind === "awaitDeployment" && step.follows, { kind: "deployment", id: "ecs-svc/4" });
});

Deno.test("planWait() follows a blue/green deployment by ECS's record of it", () => {
  const shifting = service({ deployments: [IN_PROGRESS], deploymentStrategy: "BLUE_GREEN" });
  const [step] = planned({ service: shifting, newest: newest({ status: "IN_PROGRESS" }) }).steps;
  assert.deepEqual(step?.kind === "awaitDeployment" && step.follows, {
    kind: "serviceDeployment",
    arn: serviceDeployment().arn,
    goal: "success",
  });
});

const REFUSED: [string, Partial<WaitState>, string][] = [
  ["there is no service", { service: undefined }, "serviceMissing"],
  ["it is being deleted", { service: service({ status: "DRAINING" }) }, "serviceNotActive"],
  ["it belongs to CodeDeploy", { service: service({ deploymentController: "CODE_DEPLOY" }) }, "deployedByCodeDeploy"],
  ["it has task sets", { service: service({ deploymentController: "EXTERNAL" }) }, "deployedElsewhere"],
];
for (const [name, changes, code] of REFUSED) {
  Deno.test(`planWait() refuses when ${name}`, () => {
    const result = planWait(state(changes), { until: "stable" });
    assert.equal(result.kind === "refused" && result.refusal.code, code);
  });
}

Deno.test("readWaitState() goes without ECS's record where it may not be read", async () => {
  const { ports } = scriptedPorts({
    reads: [service({ deployments: [IN_PROGRESS] })],
    serviceDeployments: [awsError("denied", "AccessDeniedException")],
  });
  const read = await readWaitState({ ref: REF, ecs: ports.ecs, signal: NEVER });
  assert.equal(read.newest, undefined);
  const denial = read.denied[0]?.failure;
  assert.equal(denial?.code, "AccessDeniedException");
  assert.deepEqual(planned(read).notices, [
    { code: "notRead", denial, alsoDenied: [], parts: ["underWay"], intent: "wait" },
  ]);
});

Deno.test("readWaitState() reads the newest deployment where nothing is under way, and what it was to bring", async () => {
  const turnedBack = serviceDeployment(TURNED_BACK);
  const { ports, calls } = scriptedPorts({
    reads: [BACK_AT_3],
    serviceDeployments: [turnedBack],
    serviceRevisions: { "arn:service-revision/4": revision(4).arn },
  });
  const read = await readWaitState({ ref: REF, ecs: ports.ecs, signal: NEVER });
  assert.deepEqual([read.newest?.deployment, read.deployed], [turnedBack, revision(4).arn]);
  assert.deepEqual(calls, [
    "describeService",
    "findNewestServiceDeployment",
    "describeServiceRevisions arn:service-revision/4",
  ]);
  const well = scriptedPorts({ reads: [service()], serviceDeployments: [serviceDeployment({ status: "SUCCESSFUL" })] });
  assert.equal((await readWaitState({ ref: REF, ecs: well.ports.ecs, signal: NEVER })).deployed, undefined);
  assert.equal(well.calls.length, 2);
});

Deno.test("readWaitState() reads where ECS goes back to, which need not be where the deployment came from", async () => {
  const rollback = { reason: "x", revisionArn: "arn:service-revision/2" };
  const { ports } = scriptedPorts({
    reads: [service({ deployments: [IN_PROGRESS] })],
    serviceDeployments: [
      serviceDeployment({ status: "ROLLBACK_IN_PROGRESS", triggered: ["circuitBreaker"], rollback }),
    ],
    serviceRevisions: { "arn:service-revision/2": revision(2).arn, "arn:service-revision/3": revision(3).arn },
  });
  const read = await readWaitState({ ref: REF, ecs: ports.ecs, signal: NEVER });
  assert.equal(read.newest?.cameFrom, revision(2).arn);
  assert.deepEqual(planned(read).to, revision(2));
});

Deno.test("readWaitState() goes without where these records are denied or unknown, and fails where AWS is in trouble", async () => {
  for (const kind of ["denied", "rejected"] as const) {
    const { ports } = scriptedPorts({ reads: [service()], serviceDeployments: [awsError(kind)] });
    const plan = planned(await readWaitState({ ref: REF, ecs: ports.ecs, signal: NEVER }));
    assert.deepEqual(plan.steps, []);
    const [notice] = plan.notices;
    assert.deepEqual(notice?.code === "notRead" && notice.parts, ["reversal"]);
  }
  const { ports } = scriptedPorts({ reads: [service()], serviceDeployments: [awsError("unreachable")] });
  await assert.rejects(readWaitState({ ref: REF, ecs: ports.ecs, signal: NEVER }));
});
