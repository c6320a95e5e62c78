import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { type Behaviour, cannotPullContainer, healthy } from "./behaviours.ts";
import { Emulator } from "./emulator.ts";
import { deploy, describe, messages, MINUTE, web } from "./rolled_web.ts";

Deno.test("the circuit breaker trips at half the desired count, at least 3", async (t) => {
  for (const [desiredCount, threshold] of [[1, 3], [2, 3], [7, 4], [40, 20]] as const) {
    await t.step(`${desiredCount} desired`, () => {
      const emulator = web({
        desiredCount,
        deploymentConfiguration: {
          // One task at a time, so that the count is seen to pass every value.
          maximumPercent: Math.ceil(100 + 100 / desiredCount),
          deploymentCircuitBreaker: { enable: true, rollback: false },
        },
      });
      emulator.setBehaviour("app:2", cannotPullContainer("example/app:2"));
      deploy(emulator, 2);
      emulator.advance(240 * MINUTE);
      const { deployments, runningCount } = describe(emulator);
      assert.equal(deployments[0].failedTasks, threshold);
      assert.equal(deployments[0].rolloutState, "FAILED");
      assert.equal(deployments[0].rolloutStateReason, "ECS deployment circuit breaker: tasks failed to start.");
      assert.equal(runningCount, desiredCount);
    });
  }
});

Deno.test("beside a FAILED deployment, the old one keeps its tasks: one that stops is replaced by one of its own", () => {
  const emulator = web({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } });
  const stops = {
    afterMs: 30 * MINUTE,
    stopCode: "TerminationNotice",
    stoppedReason: "Your Spot Task was interrupted.",
  };
  emulator.setBehaviour("app:3", { ...healthy(), stops } as Behaviour);
  deploy(emulator, 3);
  emulator.advance(5 * MINUTE);
  emulator.setBehaviour("app:2", cannotPullContainer("example/app:2"));
  deploy(emulator, 2);
  emulator.advance(20 * MINUTE);
  const { deployments: [failed, old] } = describe(emulator);
  assert.deepEqual([failed.rolloutState, old.runningCount], ["FAILED", 2]);
  const { taskArns: first } = ask(emulator, "ListTasks", { serviceName: "web" }).output;
  emulator.advance(10 * MINUTE);
  const { deployments: [, later] } = describe(emulator);
  assert.deepEqual([later.id, later.runningCount], [old.id, 2]);
  const { taskArns: second } = ask(emulator, "ListTasks", { serviceName: "web" }).output;
  assert.notDeepEqual(second, first);
});

Deno.test("the circuit breaker rolls back to the latest completed deployment", async (t) => {
  for (const rollbackReusesDeploymentId of [true, false]) {
    await t.step(rollbackReusesDeploymentId ? "under its own id" : "under a new id", () => {
      const emulator = web({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } });
      emulator.configure({ rollbackReusesDeploymentId });
      const before = describe(emulator).deployments[0].id;
      emulator.setBehaviour("app:2", cannotPullContainer("example/app:2"));
      deploy(emulator, 2);
      const failed = describe(emulator).deployments[0].id;
      while (describe(emulator).deployments[0].id === failed) emulator.advance(500);
      const [primary, other] = describe(emulator).deployments;
      assert.equal(primary.id === before, rollbackReusesDeploymentId);
      assert.match(primary.taskDefinition, /app:1$/);
      assert.equal(primary.rolloutState, "IN_PROGRESS");
      assert.equal(
        primary.rolloutStateReason,
        `ECS deployment circuit breaker: rolling back to deploymentId ${primary.id}.`,
      );
      assert.deepEqual([other.id, other.status, other.rolloutState], [failed, "ACTIVE", "FAILED"]);
      assert.deepEqual(messages(emulator).slice(0, 2), [
        `(service web) rolling back to deployment ${primary.id}.`,
        `(service web) (deployment ${failed}) deployment failed: tasks failed to start.`,
      ]);
      emulator.advance(5 * MINUTE);
      assert.deepEqual(
        emulator.state().services["default/web"]?.deployments.map((one) => [one.id, one.rolloutState]),
        [[primary.id, "COMPLETED"]],
      );
    });
  }
});

Deno.test("a rollback that fails too is not rolled back again", () => {
  const emulator = web({
    deploymentConfiguration: {
      // The old tasks go first, so that the rollback has to start new ones.
      minimumHealthyPercent: 0,
      maximumPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
  });
  for (const revision of [1, 2]) {
    emulator.setBehaviour(`app:${revision}`, cannotPullContainer(`example/app:${revision}`));
  }
  deploy(emulator, 2);
  emulator.advance(60 * MINUTE);
  const [primary] = emulator.state().services["default/web"]!.deployments;
  assert.deepEqual([primary?.taskDefinition, primary?.rolloutState], ["app:1", "FAILED"]);
  const { serviceDeployments } = ask(emulator, "ListServiceDeployments", { service: "web" }).output;
  assert.equal(serviceDeployments[0].status, "ROLLBACK_FAILED");
  assert.equal(messages(emulator).filter((text) => text.includes("rolling back to deployment")).length, 1);
});

Deno.test("one task that runs ends the streak of failures", () => {
  const emulator = web();
  emulator.setBehaviour("app:2", cannotPullContainer("example/app:2"));
  deploy(emulator, 2);
  emulator.advance(50_000);
  assert.equal(describe(emulator).deployments[0].failedTasks, 4);
  emulator.setBehaviour("app:2", healthy());
  emulator.advance(60_000);
  assert.equal(describe(emulator).deployments[0].failedTasks, 0);
});

Deno.test("the circuit breaker has nowhere to go back to when nothing ever completed", () => {
  const emulator = new Emulator();
  emulator.registerTaskDefinition({
    family: "app",
    containerDefinitions: [{ name: "app", image: "example/app:1", memory: 128 }],
  });
  emulator.setBehaviour("app:1", cannotPullContainer("example/app:1"));
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  emulator.createService({
    serviceName: "web",
    taskDefinition: "app:1",
    desiredCount: 1,
    deploymentConfiguration: { deploymentCircuitBreaker },
  });
  emulator.advance(60 * MINUTE);
  const { deployments, runningCount } = emulator.state().services["default/web"]!;
  assert.deepEqual([deployments.length, deployments[0]?.rolloutState, runningCount], [1, "FAILED", 0]);
});
