import assert from "node:assert/strict";
import { failuresThatTrip, readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { LiveTask, StoppedTask } from "../../../../src/model/service.ts";
import {
  countFailures,
  failureLimit,
  hasHealthyTask,
  haveOutlived,
  isFailing,
} from "../../../../src/rollout/judge/assess_failures.ts";
import { deployment, revision, serviceEvent } from "../../made_up.ts";

const NO_FAILURES = { stopped: 0, unstarted: 0, crashed: 0, longestRunMs: 0 };

const OWN = deployment({ rolloutState: "IN_PROGRESS", runningCount: 0 });

function stopped(changes: Partial<StoppedTask> = {}): StoppedTask {
  return {
    arn: "arn:aws:ecs:ap-northeast-1:123456789012:task/default/1",
    startedBy: OWN.id,
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    startedAtMs: 100_000,
    stoppingAtMs: 145_000,
    stoppedAtMs: 146_000,
    containers: [{ name: "app", exitCode: 1, reason: undefined }],
    ...changes,
  };
}

const NEVER_RAN = { stopCode: "TaskFailedToStart", startedAtMs: undefined, containers: [] };

function count(tasks: readonly StoppedTask[], messages: readonly string[] = [], failedTasks = 0) {
  const events = messages.map((message, index) => serviceEvent(`${index}`, message, 5_000 + index));
  return countFailures({ deployment: { ...OWN, failedTasks }, tasks, events, sinceMs: 4_000 });
}

Deno.test("tasks that crash after they have run count, with how long the longest ran", () => {
  const failures = count([stopped(), stopped({ startedAtMs: 55_000 })]);
  assert.deepEqual(failures, { stopped: 2, unstarted: 0, crashed: 2, longestRunMs: 90_000 });
});

const COUNTED: Readonly<Record<string, Partial<StoppedTask>>> = {
  "an image that is gone": { ...NEVER_RAN, stoppedReason: "CannotPullContainerError: ... : not found" },
  "a failed health check": {
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: "Task failed container health checks",
  },
  "no capacity": {
    ...NEVER_RAN,
    stoppedReason: "Capacity is unavailable at this time. Please try again later or in a different availability zone",
  },
  "no free address in the subnet": {
    ...NEVER_RAN,
    stoppedReason: "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': " +
      "InsufficientFreeAddressesInSubnet",
  },
};

const NOT_COUNTED: Readonly<Record<string, Partial<StoppedTask>>> = {
  "another deployment's": { startedBy: "ecs-svc/3" },
  "scaled in": {
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: "Scaling activity initiated by (deployment ecs-svc/4)",
  },
  "its Spot capacity taken back": { stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." },
  "its host lost": { stopCode: undefined, stoppedReason: "Host EC2 (instance i-0123456789abcdef0) terminated." },
  "its start throttled": { ...NEVER_RAN, stoppedReason: "ThrottlingException: Rate exceeded" },
  "stopped by a user": { stopCode: "UserInitiated", stoppedReason: "Task stopped by user" },
};

for (const [name, changes] of Object.entries(COUNTED)) {
  Deno.test(`a stopped task counts: ${name}`, () => assert.equal(count([stopped(changes)]).stopped, 1));
}
for (const [name, changes] of Object.entries(NOT_COUNTED)) {
  Deno.test(`a stopped task does not count: ${name}`, () => assert.deepEqual(count([stopped(changes)]), NO_FAILURES));
}

const UNPLACED = "was unable to place a task because no container instance met all of its requirements.";

Deno.test("attempts to place or launch a task count, and those that only failedTasks shows", () => {
  assert.equal(count([], [UNPLACED, UNPLACED]).unstarted, 2);
  assert.equal(count([], [UNPLACED], 3).unstarted, 3);
  assert.equal(count([stopped(NEVER_RAN)], [UNPLACED], 3).unstarted, 2);
  const launch =
    "failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/x').";
  assert.equal(count([], [launch]).unstarted, 1);
});

Deno.test("no attempt: a throttled launch, what was said of an earlier deployment, failedTasks alone", () => {
  const throttled = "failed to launch a task with (error Rate exceeded).";
  assert.deepEqual(count([], [throttled, "operations are being throttled. Will try again later."]), NO_FAILURES);
  const earlier = [serviceEvent("1", UNPLACED, 3_999)];
  assert.deepEqual(countFailures({ deployment: OWN, tasks: [], events: earlier, sinceMs: 4_000 }), NO_FAILURES);
  assert.deepEqual(count([], [], 3), NO_FAILURES);
});

Deno.test("so many failures are too many; 0: never", () => {
  const failures = { ...NO_FAILURES, stopped: 2, unstarted: 1 };
  assert.deepEqual([0, 1, 3, 4].map((limit) => isFailing(failures, limit)), [false, true, true, false]);
});

Deno.test("without a number the limit is the circuit breaker's threshold", () => {
  const limit = (desiredCount: number, thresholdConfiguration?: { type: string; value: number }) =>
    failureLimit(
      "breaker",
      readDeploymentSettings({
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          ...(thresholdConfiguration && { thresholdConfiguration }),
        },
      }),
      deployment({ desiredCount }),
    );
  assert.deepEqual([1, 2, 7, 1_000].map((desired) => limit(desired)), [3, 3, 4, 200]);
  assert.equal(limit(10, { type: "COUNT", value: 1 }), 1);
  assert.equal(limit(10, { type: "UNBOUNDED_PERCENT", value: 10 }), 1);
  assert.equal(limit(1_000, { type: "UNBOUNDED_PERCENT", value: 50 }), 500);
  assert.equal(failuresThatTrip({ type: "UNBOUNDED_PERCENT", value: 50 }, 0), 1);
  assert.equal(failureLimit(7, readDeploymentSettings(), deployment()), 7);
});

const LIVE: LiveTask = {
  ...{ startedBy: OWN.id, taskDefinition: revision(4).arn, images: [] },
  ...{ lastStatus: "RUNNING", healthStatus: "UNKNOWN", startedAtMs: 100_000 },
};
/** The longest of those that crashed has run for a minute; it is 50 s since the one above is running. */
const CRASHED = { stopped: 3, unstarted: 0, crashed: 3, longestRunMs: 60_000 };
const NOW_MS = 150_000;

const HEALTH: [string, Partial<LiveTask>, boolean][] = [
  ["no longer than those that crashed, without a health check", {}, false],
  ["longer than those that crashed", { startedAtMs: 89_999 }, true],
  ["and its health check says so", { healthStatus: "HEALTHY" }, true],
  ["longer, but its health check fails", { startedAtMs: 0, healthStatus: "UNHEALTHY" }, false],
  ["for a time that is not known", { startedAtMs: undefined }, true],
  ["not yet", { lastStatus: "PENDING", startedAtMs: undefined }, false],
  ["for another deployment", { startedBy: "ecs-svc/3", healthStatus: "HEALTHY" }, false],
];

for (const [name, changes, expected] of HEALTH) {
  Deno.test(`a task is ${expected ? "" : "not "}taken for healthy that runs ${name}`, () => {
    assert.equal(hasHealthyTask([{ ...LIVE, ...changes }], OWN, CRASHED, NOW_MS), expected);
  });
}

Deno.test("where no task has crashed, any that runs is healthy: the others did not come so far", () => {
  const unstarted = { ...NO_FAILURES, stopped: 3 };
  assert.equal(hasHealthyTask([LIVE], OWN, unstarted, NOW_MS), true);
  assert.equal(hasHealthyTask([], OWN, unstarted, NOW_MS), false);
});

Deno.test("a completed deployment has proved itself when all of its tasks ran longer than those that crashed", () => {
  const proved = (startedAtMs: number | undefined, longestRunMs = 60_000) =>
    haveOutlived([LIVE, { ...LIVE, startedAtMs }].slice(1), OWN, { ...CRASHED, longestRunMs }, 300_000);
  assert.deepEqual([proved(239_999), proved(240_000), proved(undefined)], [true, false, false]);
  assert.deepEqual([proved(179_999, 3_600_000), proved(180_000, 3_600_000)], [true, false]);
  assert.equal(haveOutlived([{ ...LIVE, startedBy: "ecs-svc/3", startedAtMs: undefined }], OWN, CRASHED, NOW_MS), true);
});
