import assert from "node:assert/strict";
import type { StoppedContainer, StoppedTask } from "../../../src/model/service.ts";
import { findCauses, findFailureEvents } from "../../../src/rollout/find_causes.ts";
import { cannotPullContainer, secretNotFound } from "../../emulator/behaviours.ts";
import { serviceEvent } from "../made_up.ts";

const ID = "ecs-svc/4";
const EXITED = "Essential container in task exited";
const OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

function container(name: string, exitCode?: number, reason?: string): StoppedContainer {
  return { name, exitCode, reason };
}

let made = 0;

function task(changes: Partial<StoppedTask> = {}): StoppedTask {
  made++;
  return {
    arn: `arn:aws:ecs:ap-northeast-1:123456789012:task/default/${String(made).padStart(32, "0")}`,
    startedBy: ID,
    stopCode: "EssentialContainerExited",
    stoppedReason: EXITED,
    stoppedAtMs: made * 1_000,
    containers: [container("app", 1)],
    ...changes,
  };
}

function failedToStart(stoppedReason: string, containers: StoppedContainer[] = [container("app")]): StoppedTask {
  return task({ stopCode: "TaskFailedToStart", stoppedReason, containers });
}

Deno.test("findCauses() groups equal causes, the most frequent first", () => {
  const oom = task({ containers: [container("app", 137, OUT_OF_MEMORY)] });
  assert.deepEqual(findCauses([oom, task(), task(), task({ containers: [container("app", 2)] }), task()], ID), [
    { kind: "exited", container: "app", exitCode: 1, reason: EXITED, count: 3 },
    { kind: "outOfMemory", container: "app", exitCode: 137, reason: OUT_OF_MEMORY, count: 1 },
    { kind: "exited", container: "app", exitCode: 2, reason: EXITED, count: 1 },
  ]);
});

Deno.test("findCauses() leaves out tasks of other deployments and tasks that were only replaced", () => {
  const scheduler = { stopCode: "ServiceSchedulerInitiated", containers: [container("app", 143)] };
  assert.deepEqual(
    findCauses([
      task({ startedBy: "ecs-svc/3" }),
      task({ startedBy: undefined }),
      task({ ...scheduler, stoppedReason: `Scaling activity initiated by (deployment ${ID})` }),
      task({ ...scheduler, stopCode: undefined, stoppedReason: "Scaling activity initiated by deployment ecs-svc/5" }),
      task({ ...scheduler, stoppedReason: "Availability Zone rebalancing" }),
      task({ ...scheduler, stoppedReason: undefined }),
    ], ID),
    [],
  );
});

const KINDS: [text: string, kind: string][] = [
  [cannotPullContainer("example/app:9").failsToStart!, "imagePull"],
  ['CannotPullContainerError: ref pull has been retried 5 time(s): failed to resolve reference "app:1"', "imagePull"],
  ["CannotPullContainerError: Error response from daemon: manifest for app:1 not found: manifest unknown", "imagePull"],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable " +
    "to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed",
    "imagePull",
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from " +
    "Amazon ECR: There is a connection issue between the task and Amazon ECR.",
    "imagePull",
  ],
  [secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf").failsToStart!, "secret"],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable " +
    "to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts",
    "secret",
  ],
  ["Fetching secret data from SSM Parameter Store in ap-northeast-1: invalid parameters: /db/password", "secret"],
  [
    "ResourceInitializationError: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log " +
    "group does not exist",
    "resourceInitialization",
  ],
  ["ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes", "resourceInitialization"],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed",
    "resourceInitialization",
  ],
  ["Capacity is unavailable at this time. Please try again later or in a different availability zone", "placement"],
  ["RESOURCE:MEMORY", "placement"],
  ["CannotStartContainerError: failed to create shim", "other"],
];

for (const [text, kind] of KINDS) {
  Deno.test(`findCauses() takes ${text.slice(0, 90)} for ${kind}`, () => {
    assert.deepEqual(findCauses([failedToStart(text)], ID).map((cause) => cause.kind), [kind]);
    const byContainer = failedToStart("Task failed to start", [container("app", undefined, text), container("proxy")]);
    assert.deepEqual(findCauses([byContainer], ID).map((cause) => [cause.kind, cause.container]), [[kind, "app"]]);
  });
}

Deno.test("findCauses() finds failed health checks, whatever the containers' exit codes after SIGTERM", () => {
  const unhealthy = (reason: string, exitCode?: number) =>
    task({
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: reason,
      containers: [container("app", exitCode)],
    });
  const elb = "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:r:1:targetgroup/app/55a4)";
  assert.deepEqual(
    findCauses([unhealthy(elb), unhealthy(elb, 143), unhealthy("Task failed container health checks", 137)], ID),
    [
      { kind: "healthCheck", container: undefined, exitCode: undefined, reason: elb, count: 2 },
      {
        kind: "healthCheck",
        container: undefined,
        exitCode: undefined,
        reason: "Task failed container health checks",
        count: 1,
      },
    ],
  );
});

Deno.test("findCauses() names the container that shows why, in whatever order they come", () => {
  const cases: [StoppedContainer[], name: string, exitCode: number][] = [
    [[container("agent", 143), container("app", 1)], "app", 1],
    [[container("app", 3), container("agent", 137)], "app", 3],
    [[container("init", 0), container("app", 137)], "app", 137],
    [[container("log", 0), container("app", 1, OUT_OF_MEMORY)], "app", 1],
    [[container("a", 2, "some reason"), container("b", 137, OUT_OF_MEMORY)], "b", 137],
    [[container("b", 1), container("a", 1)], "a", 1],
    [[container("app", 0), container("never")], "app", 0],
  ];
  for (const [containers, name, exitCode] of cases) {
    for (const order of [containers, containers.toReversed()]) {
      const [cause] = findCauses([task({ containers: order })], ID);
      assert.deepEqual([cause?.container, cause?.exitCode], [name, exitCode]);
    }
  }
});

Deno.test("findCauses() takes 137 for lack of memory only when AWS says so", () => {
  assert.equal(findCauses([task({ containers: [container("app", 137)] })], ID)[0]?.kind, "exited");
});

Deno.test("findCauses() groups texts that differ in ids, and shows the one of the first task that stopped", () => {
  const text = (request: string) =>
    `ResourceInitializationError: failed to fetch: AccessDeniedException: id ${request} is not authorized`;
  const [first, second] = ["ca675154981d4ebd81b7a97747141a2e", "0a675154981d4ebd81b7a97747141a2f"].map(text);
  const [early, late] = [failedToStart(first!), failedToStart(second!)];
  for (const tasks of [[early, late], [late, early]]) {
    assert.deepEqual(findCauses(tasks, ID).map(({ count, reason }) => [count, reason]), [[2, first]]);
  }
});

Deno.test("findCauses() keeps a reason on one line, without filler, its end included", () => {
  const reason = (text: string) => findCauses([failedToStart(text)], ID)[0]?.reason;
  assert.equal(
    reason(cannotPullContainer("app:9").failsToStart!),
    "CannotPullContainerError: failed to resolve ref app:9: app:9: not found",
  );
  assert.equal(
    reason("Failed:\n\tno access\r\n status code: 400, request id: 0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6"),
    "Failed: no access",
  );
  assert.equal(reason(`start ${"x".repeat(1_000)} end`)?.length, 405);
  assert.match(reason(`start ${"x".repeat(1_000)} end`)!, /^start x+ \.\.\. x+ end$/);
  assert.equal(reason("x".repeat(400)), "x".repeat(400));
});

Deno.test("findCauses() distinguishes long reasons by what is not shown", () => {
  const long = (middle: string) => failedToStart(`${"a".repeat(300)}${middle}${"b".repeat(300)}`);
  assert.equal(findCauses([long("one"), long("two")], ID).length, 2);
});

Deno.test("findCauses() shows a task without any reason", () => {
  const silent = task({ stopCode: undefined, stoppedReason: undefined, containers: [] });
  assert.deepEqual(findCauses([silent], ID), [
    { kind: "other", container: undefined, exitCode: undefined, reason: "", count: 1 },
  ]);
});

const FAILURES = [
  "was unable to place a task because no container instance met all of its requirements.",
  "was unable to place a task. Reason: Capacity is unavailable at this time.",
  "(task ca675154981d4ebd81b7a97747141a2e) failed container health checks.",
  "(port 8000) is unhealthy in (target-group arn:aws:x) due to (reason Health checks failed).",
  "is unable to consistently start tasks successfully.",
  "operations are being throttled on ELB. Will try again later.",
  "(deployment ecs-svc/4) deployment failed: tasks failed to start.",
  "has started 1 tasks: (task t).  Amazon ECS replaced 1 tasks due to an unhealthy status.",
];

for (const message of FAILURES) {
  Deno.test(`findFailureEvents() keeps: ${message}`, () => {
    assert.equal(findFailureEvents([serviceEvent("1", message)], 0).length, 1);
  });
}

Deno.test("findFailureEvents() leaves out what went well, whatever it is named", () => {
  const messages = [
    "has started 1 tasks: (task ca675154981d4ebd81b7a97747141a2e).",
    "registered 1 targets in (target-group arn:aws:x/failed-unhealthy)",
    "has reached a steady state.",
    "(deployment ecs-svc/4) deployment completed.",
  ];
  const events = messages.map((message, index) => serviceEvent(String(index), message));
  const named = { id: "n", createdAtMs: 5_000, message: "(service retry-failed) has reached a steady state." };
  assert.deepEqual(findFailureEvents([...events, named], 0), []);
});

Deno.test("findFailureEvents() gives the events since a time, oldest first, each text once", () => {
  const unhealthy = (id: string, at: number) =>
    serviceEvent(id, `(task ${id.repeat(32)}) failed container health checks.`, at);
  const events = [
    serviceEvent("5", "(deployment ecs-svc/4) deployment failed: tasks failed to start.", 9_000),
    unhealthy("a", 8_000),
    serviceEvent("4", "is unable to consistently start tasks successfully.", 7_000),
    unhealthy("b", 6_000),
    serviceEvent("2", "was unable to place a task. Reason: Capacity.", 5_000),
    serviceEvent("1", "was unable to place a task. Reason: Other.", 4_000),
  ];
  assert.deepEqual(findFailureEvents(events, 5_000).map(({ id }) => id), ["4", "a", "5"]);
});
