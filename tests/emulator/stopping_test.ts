import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import {
  type Behaviour,
  cannotStart,
  crashLoop,
  failingHealthCheck,
  failingTargetGroup,
  failsToStart,
  takenByPlatform,
} from "./behaviours.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";

/** A task of an app and its proxy, behaving so. */
function web(behaviour: Behaviour, options: EmulatorOptions = {}, healthCheck?: JsonObject): Emulator {
  const emulator = new Emulator(options);
  emulator.registerTaskDefinition({
    family: "web",
    containerDefinitions: [
      { name: "app", image: "example/app:1", memory: 128, ...(healthCheck && { healthCheck }) },
      { name: "envoy", image: "example/envoy:1", memory: 128 },
    ],
  });
  emulator.setBehaviour("web:1", behaviour);
  emulator.createService({ serviceName: "web", taskDefinition: "web:1", desiredCount: 1 });
  return emulator;
}

function firstTask(emulator: Emulator, desiredStatus = "STOPPED") {
  const { taskArns } = ask(emulator, "ListTasks", { serviceName: "web", desiredStatus }).output;
  return ask(emulator, "DescribeTasks", { tasks: [taskArns[0]] }).output.tasks[0];
}

/** `name lastStatus exitCode healthStatus` of each container. */
function containers(emulator: Emulator, desiredStatus?: string): string[] {
  return (firstTask(emulator, desiredStatus).containers as JsonObject[]).map(
    ({ name, lastStatus, exitCode, healthStatus }) => [name, lastStatus, exitCode, healthStatus].join(" "),
  );
}

function events(emulator: Emulator): string[] {
  return (emulator.describeService("web").events as JsonObject[]).map(({ message }) =>
    String(message).replace(/[0-9a-f]{32}/g, "ID")
  );
}

Deno.test("when an essential container exits, ECS stops the others: until then the task is stopping", () => {
  const emulator = web(crashLoop({ exitCode: 0, afterMs: 5_000 }));
  emulator.advance(30_000);
  assert.equal(firstTask(emulator).lastStatus, "STOPPING");
  assert.deepEqual(containers(emulator), ["app STOPPED 0 UNKNOWN", "envoy RUNNING  UNKNOWN"]);
  emulator.advance(30_000);
  const { lastStatus, stopCode, stoppingAt, executionStoppedAt, stoppedAt } = firstTask(emulator);
  assert.deepEqual([lastStatus, stopCode], ["STOPPED", "EssentialContainerExited"]);
  assert.deepEqual([executionStoppedAt, stoppedAt], [stoppingAt + 30, stoppingAt + 30]);
  assert.deepEqual(containers(emulator), ["app STOPPED 0 UNKNOWN", "envoy STOPPED 137 UNKNOWN"]);
});

Deno.test("a container that handles SIGTERM ends with 143", () => {
  const emulator = web(crashLoop({ name: "envoy", exitCode: 1, stopMs: 2_000 }));
  emulator.advance(30_000);
  assert.deepEqual(containers(emulator), ["app STOPPED 143 UNKNOWN", "envoy STOPPED 1 UNKNOWN"]);
});

Deno.test("a task that never ran has neither exit codes nor an end of its execution", () => {
  const emulator = web(failsToStart("Task failed to start", {}, [{ name: "envoy", exitCode: 1 }]));
  emulator.advance(30_000);
  const { stopCode, executionStoppedAt } = firstTask(emulator);
  assert.deepEqual([stopCode, executionStoppedAt], ["TaskFailedToStart", undefined]);
  assert.deepEqual(containers(emulator), ["app STOPPED  UNKNOWN", "envoy STOPPED 1 UNKNOWN"]);
  assert.doesNotMatch(events(emulator).join(), /unable to place/);
});

Deno.test("an event says why a task failed to start, where the settings say so", () => {
  const emulator = web(failsToStart("CannotPullContainerError: no"), { startFailuresHaveEvents: true });
  emulator.advance(22_000);
  assert.equal(events(emulator)[1], "(service web) was unable to place a task. Reason: CannotPullContainerError: no.");
});

Deno.test("an unhealthy container is known as that, and so is its task", () => {
  const healthCheck = { command: ["CMD", "true"] };
  const emulator = web(failingHealthCheck({}, "envoy"), {}, healthCheck);
  emulator.advance(25_000);
  assert.equal(firstTask(emulator, "RUNNING").healthStatus, "UNKNOWN");
  emulator.advance(30_000);
  assert.deepEqual([firstTask(emulator).stopCode, firstTask(emulator).healthStatus], [
    "ServiceSchedulerInitiated",
    "UNHEALTHY",
  ]);
  assert.deepEqual(containers(emulator), ["app RUNNING  UNKNOWN", "envoy RUNNING  UNHEALTHY"]);
  assert.match(events(emulator).join("\n"), /\(service web\) \(task ID\) failed container health checks\./);
});

Deno.test("a sound container with a health check is HEALTHY, one without is UNKNOWN", () => {
  const emulator = web({ startMs: 1_000, healthCheckMs: 5_000, stopMs: 1_000 }, {}, { command: ["CMD", "true"] });
  emulator.advance(30_000);
  assert.equal(firstTask(emulator, "RUNNING").healthStatus, "HEALTHY");
  assert.deepEqual(containers(emulator, "RUNNING"), ["app RUNNING  HEALTHY", "envoy RUNNING  UNKNOWN"]);
});

Deno.test("a load balancer's verdict names the target group, and why only the event", () => {
  const emulator = web(failingTargetGroup(TARGET_GROUP, 8080, "Health checks failed with these codes: [502]"));
  emulator.advance(60_000);
  const { stoppedReason, healthStatus } = firstTask(emulator);
  assert.equal(stoppedReason, `Task failed ELB health checks in (target-group ${TARGET_GROUP})`);
  assert.equal(healthStatus, "UNKNOWN");
  assert.ok(
    events(emulator).includes(
      `(service web) (task ID) (port 8080) is unhealthy in (target-group ${TARGET_GROUP}) due to (reason Health checks ` +
        "failed with these codes: [502]).",
    ),
  );
});

Deno.test("what the platform takes has not failed", () => {
  const emulator = web(takenByPlatform("SpotInterruption", "Your Spot Task was interrupted."));
  emulator.advance(60_000);
  assert.deepEqual([firstTask(emulator).stopCode, firstTask(emulator).stoppedReason], [
    "SpotInterruption",
    "Your Spot Task was interrupted.",
  ]);
  assert.equal((emulator.describeService("web").deployments as JsonObject[])[0]?.failedTasks, 0);
});

Deno.test("where nothing can be started there is no task, only events, which may be left out when repeated", () => {
  const event = "was unable to place a task. Reason: Capacity is unavailable at this time.";
  for (const leavesOutRepeatedEvents of [false, true]) {
    const emulator = web(cannotStart(event), { leavesOutRepeatedEvents });
    emulator.advance(100_000);
    assert.deepEqual(ask(emulator, "ListTasks", { serviceName: "web", desiredStatus: "STOPPED" }).output.taskArns, []);
    assert.deepEqual(new Set(events(emulator)), new Set([`(service web) ${event}`]));
    assert.equal(events(emulator).length, leavesOutRepeatedEvents ? 1 : 4);
    assert.equal((emulator.describeService("web").deployments as JsonObject[])[0]?.failedTasks, 4);
  }
});

Deno.test("an attempt that is put off is no failed task", () => {
  const emulator = web(cannotStart("operations are being throttled. Will try again later.", false));
  emulator.advance(100_000);
  assert.equal((emulator.describeService("web").deployments as JsonObject[])[0]?.failedTasks, 0);
});
