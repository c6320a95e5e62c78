import assert from "node:assert/strict";
import { readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { Deployment, ServiceSnapshot } from "../../../../src/model/service.ts";
import { assess, followPrimary, type Phase } from "../../../../src/rollout/judge/assess.ts";
import { deployment, revision, service, serviceEvent } from "../../made_up.ts";

/** The rollback to revision 3 that is being judged, and the deployment that it replaces. */
const own = deployment({
  id: "ecs-svc/5",
  taskDefinition: revision(3).arn,
  rolloutState: "IN_PROGRESS",
  runningCount: 0,
  createdAtMs: 5_000,
});
const old = deployment({ status: "ACTIVE" });
const followed = followPrimary(service({ deployments: [own, old] }))!;

const EARLY = readDeploymentSettings({ earlySuccessCriteria: { enable: true, healthyPercent: 50 } });

function mine(changes: Partial<Deployment>): Deployment {
  return { ...own, ...changes };
}

const CASES: [string, Partial<ServiceSnapshot>, Phase["kind"]][] = [
  ["new tasks are starting", { deployments: [mine({}), old] }, "progressing"],
  ["all run, ECS is not done", { deployments: [mine({ runningCount: 2 })] }, "progressing"],
  ["COMPLETED but a task is missing", {
    deployments: [mine({ rolloutState: "COMPLETED", runningCount: 1 })],
  }, "progressing"],
  ["COMPLETED and complete", { deployments: [mine({ rolloutState: "COMPLETED", runningCount: 2 })] }, "succeeded"],
  ["COMPLETED early, with as many tasks as were to do", {
    deploymentSettings: EARLY,
    deployments: [mine({ rolloutState: "COMPLETED", runningCount: 1 }), old],
  }, "succeeded"],
  ["... with fewer", {
    deploymentSettings: EARLY,
    deployments: [mine({ rolloutState: "COMPLETED", desiredCount: 4, runningCount: 1 })],
  }, "progressing"],
  ["... with none, which is enough for ECS where it says so", {
    deploymentSettings: readDeploymentSettings({ earlySuccessCriteria: { enable: true, healthyPercent: 0 } }),
    deployments: [mine({ rolloutState: "COMPLETED", runningCount: 0 })],
  }, "progressing"],
  ["... but ECS has not said so yet", {
    deploymentSettings: EARLY,
    deployments: [mine({ runningCount: 1 })],
  }, "progressing"],
  ["the old deployment is DRAINING", {
    deployments: [mine({ rolloutState: "COMPLETED", runningCount: 2 }), { ...old, status: "DRAINING" }],
  }, "succeeded"],
  ["the service was scaled out meanwhile", {
    desiredCount: 9,
    deployments: [mine({ rolloutState: "COMPLETED", runningCount: 2 })],
  }, "succeeded"],
  ["desired count 0", {
    desiredCount: 0,
    deployments: [mine({ rolloutState: "COMPLETED", desiredCount: 0 })],
  }, "succeeded"],
  ["a read that lags behind: ours is not there yet", {
    deployments: [deployment()],
    events: [serviceEvent("a", "rolling back to deployment ecs-svc/4.", 4_500)],
  }, "progressing"],
  ["the steady state of another deployment is no success", { deployments: [deployment()] }, "progressing"],
  ["FAILED", { deployments: [mine({ rolloutState: "FAILED" })] }, "failed"],
  ["FAILED, and said to be turning back", {
    deployments: [mine({
      rolloutState: "FAILED",
      rolloutStateReason: "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/4.",
    })],
  }, "rolledBackByEcs"],
  ["turning back shows in the events only", {
    deployments: [deployment({ id: "ecs-svc/6", rolloutState: "IN_PROGRESS" })],
    events: [serviceEvent("a", "rolling back to deployment ecs-svc/6.")],
  }, "rolledBackByEcs"],
  ["turning back reuses the old deployment's id", {
    deployments: [deployment({ rolloutState: "IN_PROGRESS" })],
    events: [serviceEvent("a", "rolling back to deployment ecs-svc/4.")],
  }, "rolledBackByEcs"],
  ["ours is listed, and an earlier one is PRIMARY again", {
    deployments: [deployment(), mine({ status: "ACTIVE" })],
  }, "rolledBackByEcs"],
  ["somebody else's deployment", {
    deployments: [deployment({ id: "ecs-svc/6" }), mine({ status: "ACTIVE" })],
  }, "superseded"],
  ["somebody else's deployment, ours is gone", { deployments: [deployment({ id: "ecs-svc/6" })] }, "superseded"],
  ["being deleted", { status: "DRAINING" }, "gone"],
  ["deleted", { status: "INACTIVE" }, "gone"],
  [
    "Classic load balancer, complete",
    { deployments: [mine({ rolloutState: undefined, runningCount: 2 })] },
    "succeeded",
  ],
  ["Classic load balancer, old tasks left", {
    deployments: [mine({ rolloutState: undefined, runningCount: 2 }), old],
  }, "progressing"],
  ["Classic load balancer, the old one is shown as replaced", {
    deployments: [mine({ rolloutState: undefined, runningCount: 2 }), { ...old, status: "INACTIVE", runningCount: 0 }],
  }, "succeeded"],
  ["Classic load balancer, tasks pending", {
    deployments: [mine({ rolloutState: undefined, runningCount: 2, pendingCount: 1 })],
  }, "progressing"],
];

for (const [name, changes, expected] of CASES) {
  Deno.test(`assess(): ${name}`, () => {
    assert.equal(assess(service(changes), followed).kind, expected);
  });
}

Deno.test("assess() names whom it speaks of", () => {
  const by = deployment({ id: "ecs-svc/6" });
  assert.deepEqual(assess(service({ deployments: [by] }), followed), { kind: "superseded", by });
  const failed = mine({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." });
  assert.deepEqual(assess(service({ deployments: [failed] }), followed), {
    kind: "failed",
    reason: "tasks failed to start.",
  });
});

Deno.test("followPrimary() knows what was there before the order, also when that has gone by the time of the answer", () => {
  const late = followPrimary(
    service({ deployments: [own] }),
    service({ deployments: [{ ...old, status: "PRIMARY" }] }),
  )!;
  const stale = service({ deployments: [{ ...old, status: "PRIMARY" }] });
  assert.deepEqual(assess(stale, late), { kind: "progressing" }, "a read that lags behind");
});

Deno.test("followPrimary() has nothing to follow where there is no PRIMARY deployment", () => {
  assert.equal(followPrimary(service({ deployments: [old] })), undefined);
});

Deno.test("assess() asks for all tasks only where the service is to be stable", () => {
  const completed = service({ deployments: [{ ...own, rolloutState: "COMPLETED", runningCount: 1 }] });
  assert.equal(assess(completed, followed, "stable").kind, "progressing");
  assert.equal(assess(completed, followed, "deployed").kind, "succeeded");
  const unfinished = service({ deployments: [{ ...own, rolloutState: "IN_PROGRESS" }] });
  assert.equal(assess(unfinished, followed, "deployed").kind, "progressing");
});
