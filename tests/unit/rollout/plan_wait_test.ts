import assert from "node:assert/strict";
import type { Milestone } from "../../../src/rollout/assess.ts";
import type { Planned } from "../../../src/rollout/plan.ts";
import { planWait, readWaitSituation, type WaitSituation } from "../../../src/rollout/plan_wait.ts";
import { deployment, REF, revision, service, serviceDeployment } from "../made_up.ts";
import { awsError, scriptedPorts } from "./scripted_ports.ts";

const IN_PROGRESS = deployment({ id: "ecs-svc/5", rolloutState: "IN_PROGRESS", runningCount: 1 });
const NEVER = new AbortController().signal;

function situation(changes: Partial<WaitSituation> = {}): WaitSituation {
  return { ref: REF, service: service({ deployments: [IN_PROGRESS] }), newest: undefined, denied: [], ...changes };
}

function planned(changes: Partial<WaitSituation> = {}, until: Milestone = "stable") {
  const result = planWait(situation(changes), until);
  assert.equal(result.kind, "plan");
  return (result as Planned & { kind: "plan" }).plan;
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

Deno.test("planWait() tells a rollback that somebody ordered from one that ECS made of a failure", () => {
  const ordered = planned({ newest: newest({ status: "ROLLBACK_IN_PROGRESS" }) });
  const failed = planned({ newest: newest({ status: "ROLLBACK_IN_PROGRESS", triggered: ["alarm"] }) });
  const goal = (plan: typeof ordered) =>
    plan.steps.map((step) =>
      step.kind === "awaitDeployment" && step.follows?.kind === "serviceDeployment" && step.follows.goal
    );
  assert.deepEqual([goal(ordered), goal(failed)], [["rollback"], ["reversal"]]);
  assert.deepEqual([ordered.to, failed.to], [revision(3), revision(3)]);
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

const REFUSED: [string, Partial<WaitSituation>, RegExp][] = [
  ["there is no service", { service: undefined }, /cannot wait for myservice\/default: there is no such service/],
  ["it is being deleted", { service: service({ status: "DRAINING" }) }, /cannot wait for .* is being deleted/],
  ["it belongs to CodeDeploy", { service: service({ deploymentController: "CODE_DEPLOY" }) }, /AWS CodeDeploy/],
  ["it has task sets", { service: service({ deploymentController: "EXTERNAL" }) }, /EXTERNAL/],
];
for (const [name, changes, message] of REFUSED) {
  Deno.test(`planWait() refuses when ${name}`, () => {
    const result = planWait(situation(changes), "stable");
    assert.equal(result.kind, "refused");
    assert.match((result as Planned & { kind: "refused" }).refusal.message, message);
  });
}

Deno.test("readWaitSituation() goes without ECS's record where it may not be read", async () => {
  const { ports } = scriptedPorts({
    reads: [service({ deployments: [IN_PROGRESS] })],
    serviceDeployments: [awsError("denied", "AccessDeniedException")],
  });
  const read = await readWaitSituation(REF, ports.ecs, NEVER);
  assert.equal(read.newest, undefined);
  assert.match(read.denied[0] ?? "", /AccessDenied/);
  assert.match(planned(read).notices[0] ?? "", /waiting goes without/);
});
