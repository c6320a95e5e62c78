import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { cannotPullContainer, crashLoop, failingHealthCheck, healthy, slowDrain, unplaceable } from "./behaviours.ts";
import { deploy, describe, messages, MINUTE, web } from "./rolled_web.ts";
import { createScenario } from "./scenarios.ts";

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
