import assert from "node:assert/strict";
import type { ServiceSnapshot } from "../../../../src/model/service.ts";
import type { ServiceDeployment } from "../../../../src/model/service_deployment.ts";
import {
  assessServiceDeployment,
  type Goal,
  type Phase,
  type WaitUntil,
} from "../../../../src/rollout/judge/assess.ts";
import { deployment, revision, service, serviceDeployment } from "../../made_up.ts";

const TARGET = revision(3).arn;
/** The service as it is when the target is reached. */
const THERE = { taskDefinition: TARGET, deployments: [deployment({ taskDefinition: TARGET })] };
const ELSEWHERE = {};

function destination(goal: Goal) {
  return { goal, until: "stable" as const, taskDefinition: TARGET, predecessors: new Set(["ecs-svc/4"]) };
}

/** Somebody else's deployment. */
const TAKEN_OVER = { deployments: [deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn })] };

const CASES: [string, Goal, string, Partial<ServiceSnapshot>, Phase["kind"]][] = [
  ["has not begun", "success", "PENDING", ELSEWHERE, "progressing"],
  ["under way", "success", "IN_PROGRESS", THERE, "progressing"],
  ["successful", "success", "SUCCESSFUL", THERE, "succeeded"],
  ["successful, the read of the service lags behind", "success", "SUCCESSFUL", ELSEWHERE, "progressing"],
  ["successful, a task is missing", "success", "SUCCESSFUL", {
    ...THERE,
    deployments: [deployment({ taskDefinition: TARGET, runningCount: 1 })],
  }, "progressing"],
  ["ECS turns back", "success", "ROLLBACK_IN_PROGRESS", THERE, "rolledBackByEcs"],
  ["ECS has turned back", "success", "ROLLBACK_SUCCESSFUL", ELSEWHERE, "rolledBackByEcs"],
  ["turning back failed", "success", "ROLLBACK_FAILED", ELSEWHERE, "failed"],
  ["stopped for another one", "success", "STOPPED", TAKEN_OVER, "superseded"],
  ["stopped, and nobody else's is to be seen", "success", "STOPPED", ELSEWHERE, "failed"],
  ["stopped without going back", "rollback", "STOPPED", ELSEWHERE, "failed"],
  ["somebody else's deployment has begun", "success", "IN_PROGRESS", TAKEN_OVER, "superseded"],
  ["somebody else's is what was found and has ended", "success", "SUCCESSFUL", TAKEN_OVER, "superseded"],
  ["somebody else's while going back", "rollback", "ROLLBACK_IN_PROGRESS", TAKEN_OVER, "superseded"],
  ["turning back, by a deployment of ECS's own", "success", "ROLLBACK_IN_PROGRESS", TAKEN_OVER, "rolledBackByEcs"],
  ["stopped", "success", "STOPPED", THERE, "failed"],
  ["is asked to stop", "rollback", "STOP_REQUESTED", ELSEWHERE, "progressing"],
  ["goes back as ordered", "rollback", "ROLLBACK_IN_PROGRESS", THERE, "progressing"],
  ["has gone back", "rollback", "ROLLBACK_SUCCESSFUL", THERE, "succeeded"],
  ["goes back because it failed", "reversal", "ROLLBACK_IN_PROGRESS", THERE, "progressing"],
  ["has gone back because it failed", "reversal", "ROLLBACK_SUCCESSFUL", THERE, "rolledBackByEcs"],
  ["has gone back, the read of the service lags behind", "rollback", "ROLLBACK_SUCCESSFUL", ELSEWHERE, "progressing"],
  ["was completed before it could be stopped", "rollback", "SUCCESSFUL", ELSEWHERE, "failed"],
  ["could not go back", "rollback", "ROLLBACK_FAILED", ELSEWHERE, "failed"],
  ["an unknown status", "success", "SOMETHING_NEW", THERE, "progressing"],
  ["the service is being deleted", "success", "IN_PROGRESS", { status: "DRAINING" }, "gone"],
];

for (const [name, goal, status, changes, expected] of CASES) {
  Deno.test(`assessServiceDeployment() for ${goal}: ${name}`, () => {
    assert.equal(
      assessServiceDeployment(service(changes), serviceDeployment({ status }), destination(goal)).kind,
      expected,
    );
  });
}

Deno.test("assessServiceDeployment() asks for all tasks only where the service is to be stable", () => {
  const state = service({ deployments: [deployment({ id: "ecs-svc/5", taskDefinition: TARGET, runningCount: 1 })] });
  const phase = (until: WaitUntil) =>
    assessServiceDeployment(state, serviceDeployment({ status: "SUCCESSFUL" }), { ...destination("success"), until });
  assert.equal(phase("stable").kind, "progressing");
  assert.equal(phase("deployed").kind, "succeeded");
});

/** Where production traffic goes, of a service that ECS deploys with this strategy. */
const SHIFTS: [Goal, Partial<ServiceDeployment>, Phase["kind"]][] = [
  ["success", { lifecycleStage: "POST_TEST_TRAFFIC_SHIFT" }, "progressing"],
  ["success", { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT" }, "progressing"],
  ["success", { lifecycleStage: "POST_PRODUCTION_TRAFFIC_SHIFT" }, "succeeded"],
  ["success", { lifecycleStage: "BAKE_TIME" }, "succeeded"],
  ["success", { lifecycleStage: "BAKE_TIME", strategy: "CANARY" }, "succeeded"],
  ["success", { lifecycleStage: "PRE_PRODUCTION_TRAFFIC_SHIFT", strategy: "CANARY" }, "progressing"],
  ["success", { lifecycleStage: "BAKE_TIME", strategy: "ROLLING" }, "progressing"],
  ["success", { lifecycleStage: "BAKE_TIME", status: "ROLLBACK_IN_PROGRESS" }, "rolledBackByEcs"],
  ["rollback", { lifecycleStage: "BAKE_TIME" }, "progressing"],
  ["rollback", { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT", status: "ROLLBACK_IN_PROGRESS" }, "progressing"],
  ["rollback", { lifecycleStage: "CLEAN_UP", status: "ROLLBACK_IN_PROGRESS" }, "succeeded"],
  ["reversal", { lifecycleStage: "CLEAN_UP", status: "ROLLBACK_IN_PROGRESS" }, "progressing"],
];

for (const [goal, shown, expected] of SHIFTS) {
  Deno.test(`assessServiceDeployment() until traffic has shifted, for ${goal}: ${Object.values(shown).join(" ")}`, () => {
    const seen = serviceDeployment({
      status: "IN_PROGRESS",
      strategy: "BLUE_GREEN",
      sourceRevisionArns: ["a"],
      ...shown,
    });
    const until = { ...destination(goal), until: "traffic-shifted" as const };
    assert.equal(assessServiceDeployment(service(THERE), seen, until).kind, expected);
    assert.notEqual(assessServiceDeployment(service(THERE), seen, destination(goal)).kind, "succeeded");
  });
}

Deno.test("assessServiceDeployment() gives ECS's reason", () => {
  const failed = serviceDeployment({ status: "ROLLBACK_IN_PROGRESS", statusReason: "tasks failed to start." });
  const phase = assessServiceDeployment(service(), failed, destination("success"));
  assert.deepEqual(phase, { kind: "rolledBackByEcs", to: undefined, reason: "tasks failed to start." });
});
