import assert from "node:assert/strict";
import {
  type Behaviour,
  cannotPullContainer,
  crashLoop,
  failingHealthCheck,
  healthy,
  slowDrain,
  unplaceable,
} from "./behaviours.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";
import { ask } from "./asking.ts";

const MINUTE = 60_000;

/** A service `web` at `app:1`, steady, with `app:2` registered. */
function web(service: JsonObject = {}): Emulator {
  const emulator = new Emulator();
  for (const version of [1, 2, 3]) {
    emulator.registerTaskDefinition({
      family: "app",
      containerDefinitions: [{ name: "app", image: `example/app:${version}`, memory: 128 }],
    });
  }
  emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 2, ...service });
  emulator.advance(5 * MINUTE);
  return emulator;
}

// deno-lint-ignore no-explicit-any -- the shape of an answer
const describe = (emulator: Emulator): any => emulator.describeService("web");
const messages = (emulator: Emulator): string[] =>
  describe(emulator).events.map(({ message }: { message: string }) => message);
const deploy = (emulator: Emulator, revision: number) =>
  emulator.updateService({ service: "web", taskDefinition: `app:${revision}` });

Deno.test("a deployment stays within its two bounds and completes when the old tasks are gone", async (t) => {
  const table = [
    { desiredCount: 2, minimumHealthyPercent: 100, maximumPercent: 200, least: 2, most: 4 },
    { desiredCount: 4, minimumHealthyPercent: 50, maximumPercent: 100, least: 2, most: 4 },
    { desiredCount: 3, minimumHealthyPercent: 50, maximumPercent: 150, least: 2, most: 4 },
    { desiredCount: 3, minimumHealthyPercent: 100, maximumPercent: 150, least: 3, most: 4 },
    { desiredCount: 1, minimumHealthyPercent: 0, maximumPercent: 100, least: 0, most: 1 },
    { desiredCount: 0, minimumHealthyPercent: 100, maximumPercent: 200, least: 0, most: 0 },
  ];
  for (const { least, most, desiredCount, ...deploymentConfiguration } of table) {
    await t.step(JSON.stringify({ desiredCount, ...deploymentConfiguration }), () => {
      const emulator = web({ desiredCount, deploymentConfiguration });
      deploy(emulator, 2);
      const seen = { least: Infinity, most: 0 };
      for (let second = 0; second < 600; second++) {
        emulator.advance(1000);
        const { runningCount, pendingCount } = describe(emulator);
        seen.least = Math.min(seen.least, runningCount);
        seen.most = Math.max(seen.most, runningCount + pendingCount);
      }
      assert.deepEqual(seen, { least, most });
      const { deployments, runningCount } = describe(emulator);
      assert.equal(deployments.length, 1);
      assert.equal(deployments[0].rolloutState, "COMPLETED");
      assert.equal(deployments[0].rolloutStateReason, `ECS deployment ${deployments[0].id} completed.`);
      assert.equal(runningCount, desiredCount);
    });
  }
});

Deno.test("bounds that leave no way forward keep a deployment IN_PROGRESS", () => {
  const emulator = web({
    desiredCount: 1,
    deploymentConfiguration: { minimumHealthyPercent: 60, maximumPercent: 100 },
  });
  deploy(emulator, 2);
  emulator.advance(60 * MINUTE);
  assert.equal(emulator.state().services["default/web"]?.deployments[0]?.rolloutState, "IN_PROGRESS");
  assert.match(messages(emulator)[0] ?? "", /was unable to stop or start tasks during a deployment/);
});

Deno.test("events describe a deployment in AWS's words, newest first", () => {
  const emulator = web({ desiredCount: 1 });
  deploy(emulator, 2);
  emulator.advance(5 * MINUTE);
  const texts = messages(emulator).slice(0, 4).map((text) => text.replace(/[0-9a-f]{32}|\d{19}/g, "N"));
  assert.deepEqual(texts, [
    "(service web) has reached a steady state.",
    "(service web) (deployment ecs-svc/N) deployment completed.",
    "(service web) has stopped 1 running tasks: (task N).",
    "(service web) has started 1 tasks: (task N).",
  ]);
});

Deno.test("an idle service says every six hours that it is steady, and a hundred events are kept", () => {
  const emulator = web();
  const steady = () => messages(emulator).filter((text) => text.endsWith("has reached a steady state.")).length;
  emulator.advance(6 * 60 * MINUTE - 6 * MINUTE);
  assert.equal(steady(), 1);
  emulator.advance(6 * MINUTE);
  assert.equal(steady(), 2);
  emulator.advance(60 * 24 * 60 * MINUTE);
  assert.equal(messages(emulator).length, 100);
});

Deno.test("a crash loop never counts as failed and never completes", () => {
  const emulator = web({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } });
  emulator.setBehaviour("app:2", crashLoop({ exitCode: 137, reason: "OutOfMemoryError: Container killed" }));
  deploy(emulator, 2);
  emulator.advance(30 * MINUTE);
  const [primary] = describe(emulator).deployments;
  assert.equal(primary.rolloutState, "IN_PROGRESS");
  assert.equal(primary.failedTasks, 0);
  const { taskArns } = ask(emulator, "ListTasks", { serviceName: "web", desiredStatus: "STOPPED" }).output;
  const { tasks } = ask(emulator, "DescribeTasks", { tasks: [taskArns.at(-1)] }).output;
  assert.equal(tasks[0].stopCode, "EssentialContainerExited");
  assert.equal(tasks[0].startedBy, primary.id);
  assert.equal(tasks[0].group, "service:web");
  assert.equal(tasks[0].containers[0].exitCode, 137);
  assert.equal(tasks[0].containers[0].reason, "OutOfMemoryError: Container killed");
});

Deno.test("stopped tasks are shown for an hour", () => {
  const emulator = web();
  deploy(emulator, 2);
  const stopped = () => ask(emulator, "ListTasks", { serviceName: "web", desiredStatus: "STOPPED" }).output.taskArns;
  emulator.advance(59 * MINUTE);
  assert.equal(stopped().length, 2);
  emulator.advance(5 * MINUTE);
  assert.equal(stopped().length, 0);
});

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

Deno.test("a failing health check stops tasks and counts as failed", () => {
  const emulator = web();
  emulator.setBehaviour("app:2", failingHealthCheck());
  deploy(emulator, 2);
  emulator.advance(2 * MINUTE);
  assert.ok(describe(emulator).deployments[0].failedTasks >= 2);
  assert.ok(messages(emulator).some((text) => /\(task [0-9a-f]{32}\) failed container health checks\.$/.test(text)));
  assert.equal(describe(emulator).deployments[1].runningCount, 2);
});

Deno.test("a task that finds no room is never started, and the event says so", () => {
  const emulator = web();
  emulator.setBehaviour("app:2", unplaceable());
  deploy(emulator, 2);
  emulator.advance(10 * MINUTE);
  assert.match(
    messages(emulator)[0] ?? "",
    /was unable to place a task because no container instance met all of its requirements\. The closest/,
  );
  assert.equal(describe(emulator).pendingCount, 0);
});

Deno.test("tasks that keep failing to start are started less and less often", () => {
  const emulator = web();
  emulator.setBehaviour("app:2", cannotPullContainer("example/app:2"));
  deploy(emulator, 2);
  emulator.advance(60 * MINUTE);
  assert.ok(messages(emulator).includes("(service web) is unable to consistently start tasks successfully."));
  const starts = messages(emulator).filter((text) => text.includes("has started 2 tasks"));
  assert.ok(starts.length < 15, `${starts.length} starts in an hour`);
});

Deno.test("a slow drain delays completion, not the new tasks", () => {
  const emulator = web();
  emulator.setBehaviour("app:1", slowDrain());
  emulator.setBehaviour("app:2", healthy({ startMs: 5_000 }));
  deploy(emulator, 2);
  emulator.advance(2 * MINUTE);
  assert.equal(describe(emulator).deployments[0].runningCount, 2);
  assert.equal(describe(emulator).deployments[0].rolloutState, "IN_PROGRESS");
  emulator.advance(4 * MINUTE);
  assert.equal(describe(emulator).deployments[0].rolloutState, "COMPLETED");
});

Deno.test("many short waits and one long one lead to the same world", () => {
  const [once, often] = [createScenario("crash_loop"), createScenario("crash_loop")];
  once.advance(2 * 60 * MINUTE);
  for (let second = 0; second < 2 * 3600; second++) often.advance(1000);
  assert.deepEqual(once.describeService("myservice"), often.describeService("myservice"));
  assert.deepEqual(once.state(), often.state());
});
