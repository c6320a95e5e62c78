import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import type { StoppedContainer, StoppedTask } from "../../../src/model/service.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";

type Ended = readonly [name: string, exitCode?: number, reason?: string, healthStatus?: string];

const INIT = { name: "init", essential: false };
const APP = { name: "app", dependsOn: [{ containerName: "init", condition: "SUCCESS" }] };
const ENVOY = { name: "envoy", healthCheck: { command: ["CMD", "true"], startPeriod: 10, interval: 5, retries: 4 } };
const DEFINITION: JsonObject = { containerDefinitions: [INIT, APP, ENVOY] };

/** What is said of one task, with and without its definition, whatever the order of its containers. */
function causeOf(ended: readonly Ended[], changes: Partial<StoppedTask> = {}, taskDefinition = DEFINITION) {
  const containers = ended.map(([name, exitCode, reason, healthStatus]): StoppedContainer => {
    return { name, exitCode, reason, healthStatus };
  });
  const task: StoppedTask = {
    ...{ arn: "t", startedBy: "ecs-svc/4", stopCode: "EssentialContainerExited", stoppedAtMs: 90_000 },
    ...{ stoppedReason: "Essential container in task exited", containers },
    ...changes,
  };
  const seen = [task, { ...task, containers: containers.toReversed() }].map((one) => {
    const [cause] = diagnose({ deploymentId: "ecs-svc/4", tasks: [one], taskDefinition });
    return [cause?.code, cause?.container, cause?.exitCode];
  });
  assert.deepEqual(seen[0], seen[1]);
  return seen[0];
}

const KILLED_BY_ECS = { stoppingAtMs: 10_000, executionStoppedAtMs: 40_000 };
const OVER_AT_ONCE = { stoppingAtMs: 10_000, executionStoppedAtMs: 15_000 };

Deno.test("the container that ended first is the cause, and not what ECS stopped then", () => {
  assert.deepEqual(causeOf([["app", 0], ["envoy", 143]]), ["exitedCleanly", "app", 0]);
  assert.deepEqual(causeOf([["app", 0], ["envoy", 137]], KILLED_BY_ECS), ["exitedCleanly", "app", 0]);
  assert.deepEqual(causeOf([["app", 137], ["envoy", 0]], OVER_AT_ONCE), ["killed", "app", 137]);
  assert.deepEqual(causeOf([["app", 137], ["envoy", 0]], KILLED_BY_ECS), ["exitedCleanly", "envoy", 0]);
  assert.deepEqual(causeOf([["app", 1], ["envoy", 0]], KILLED_BY_ECS), ["exited", "app", 1]);
  assert.deepEqual(causeOf([["app", 143], ["envoy", 1]]), ["exited", "envoy", 1]);
  assert.deepEqual(causeOf([["app", 139], ["envoy", 137, "OutOfMemoryError: Container killed due to memory usage"]]), [
    "outOfMemory",
    "envoy",
    137,
  ]);
});

Deno.test("stopTimeout of the definition says when ECS kills", () => {
  const quick: JsonObject = { containerDefinitions: [{ name: "app", stopTimeout: 2 }, { name: "envoy" }] };
  const times = { stoppingAtMs: 10_000, executionStoppedAtMs: 12_100 };
  assert.deepEqual(causeOf([["app", 137], ["envoy", 0]], times, quick), ["exitedCleanly", "envoy", 0]);
  assert.deepEqual(causeOf([["app", 137], ["envoy", 0]], times), ["killed", "app", 137]);
});

Deno.test("a container that the task can do without did not stop it", () => {
  assert.deepEqual(causeOf([["init", 1], ["app", 0], ["envoy", 143]]), ["exitedCleanly", "app", 0]);
  assert.deepEqual(causeOf([["init", 0], ["app", 3], ["envoy", 143]]), ["exited", "app", 3]);
});

Deno.test("of a task that failed to start the container is named for which others waited", () => {
  const notStarted = { stopCode: "TaskFailedToStart", stoppedReason: "Task failed to start" };
  assert.deepEqual(causeOf([["init", 2], ["app"], ["envoy", 143]], notStarted), ["dependencyFailed", "init", 2]);
  const waiting = { containerDefinitions: [{ ...APP, dependsOn: [{ containerName: "envoy" }] }, ENVOY] };
  assert.deepEqual(
    causeOf([["app"], ["envoy", undefined, undefined, "UNHEALTHY"]], notStarted, waiting),
    ["dependencyFailed", "envoy", undefined],
  );
});

Deno.test("of failed container health checks the one is named that is UNHEALTHY, or that alone has a check", () => {
  const stopped = { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Task failed container health checks" };
  const healthy: Ended = ["app", 143, undefined, "HEALTHY"];
  assert.deepEqual(causeOf([healthy, ["envoy", 137, undefined, "UNHEALTHY"]], stopped), [
    "containerUnhealthy",
    "envoy",
    undefined,
  ]);
  assert.deepEqual(causeOf([["app", 143], ["envoy", 137]], stopped), ["containerUnhealthy", "envoy", undefined]);
});

Deno.test("exit codes have codes of their own", () => {
  const codes = [0, 1, 126, 127, 134, 137, 139, 143, 255, 3221225477].map((code) => causeOf([["app", code]])?.[0]);
  assert.deepEqual(codes, [
    ...["exitedCleanly", "exited", "commandNotExecutable", "commandNotFound", "crashed"],
    ...["killed", "crashed", "terminated", "entrypointFailed", "crashed"],
  ]);
});
