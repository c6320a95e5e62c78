import assert from "node:assert/strict";
import type { StoppedContainer, StoppedTask } from "../../../src/model/service.ts";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { cannotPullContainer } from "../../emulator/behaviours.ts";

const ID = "ecs-svc/4";
const EXITED = "Essential container in task exited";
const OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

function container(name: string, exitCode?: number, reason?: string): StoppedContainer {
  return { name, exitCode, reason };
}

/** What the causes of these tasks of a deployment say, one by one. */
function causesOf(tasks: readonly StoppedTask[]): Omit<Cause, "about" | "taskArn" | "atMs">[] {
  return diagnose({ deploymentId: ID, tasks }).map(({ about: _about, taskArn: _arn, atMs: _at, ...rest }) => rest);
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

function failedToStart(stoppedReason: string): StoppedTask {
  return task({ stopCode: "TaskFailedToStart", stoppedReason, containers: [container("app")] });
}

Deno.test("diagnose() groups equal causes, the most frequent first", () => {
  const oom = task({ containers: [container("app", 137, OUT_OF_MEMORY)] });
  assert.deepEqual(causesOf([oom, task(), task(), task({ containers: [container("app", 2)] }), task()]), [
    { code: "exited", container: "app", exitCode: 1, said: EXITED, count: 3 },
    { code: "outOfMemory", container: "app", exitCode: 137, said: OUT_OF_MEMORY, count: 1 },
    { code: "exited", container: "app", exitCode: 2, said: EXITED, count: 1 },
  ]);
});

Deno.test("diagnose() leaves out tasks of other deployments and tasks that were only replaced", () => {
  const scheduler = { stopCode: "ServiceSchedulerInitiated", containers: [container("app", 143)] };
  assert.deepEqual(
    causesOf([
      task({ startedBy: "ecs-svc/3" }),
      task({ startedBy: undefined }),
      task({ ...scheduler, stoppedReason: `Scaling activity initiated by (deployment ${ID})` }),
      task({ ...scheduler, stopCode: undefined, stoppedReason: "Scaling activity initiated by deployment ecs-svc/5" }),
      task({ ...scheduler, stoppedReason: "Availability Zone rebalancing" }),
      task({ ...scheduler, stoppedReason: undefined }),
    ]),
    [],
  );
});

Deno.test("diagnose() finds failed health checks, whatever the containers' exit codes after SIGTERM", () => {
  const unhealthy = (reason: string, exitCode?: number) =>
    task({
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: reason,
      containers: [container("app", exitCode)],
    });
  const elb = "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:r:1:targetgroup/app/55a4)";
  assert.deepEqual(
    causesOf([unhealthy(elb), unhealthy(elb, 143), unhealthy("Task failed container health checks", 137)]),
    [
      { code: "targetUnhealthy", container: undefined, exitCode: undefined, said: elb, count: 2 },
      {
        code: "containerUnhealthy",
        container: "app",
        exitCode: undefined,
        said: "Task failed container health checks",
        count: 1,
      },
    ],
  );
});

Deno.test("diagnose() names the container that shows why, in whatever order they come", () => {
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
      const [cause] = causesOf([task({ containers: order })]);
      assert.deepEqual([cause?.container, cause?.exitCode], [name, exitCode]);
    }
  }
});

Deno.test("diagnose() takes 137 for lack of memory only when AWS says so", () => {
  assert.equal(causesOf([task({ containers: [container("app", 137)] })])[0]?.code, "killed");
});

Deno.test("diagnose() groups texts that differ in ids, and shows the one of the first task that stopped", () => {
  const text = (request: string) =>
    `ResourceInitializationError: failed to fetch: AccessDeniedException: id ${request} is not authorized`;
  const [first, second] = ["ca675154981d4ebd81b7a97747141a2e", "0a675154981d4ebd81b7a97747141a2f"].map(text);
  const [early, late] = [failedToStart(first!), failedToStart(second!)];
  for (const tasks of [[early, late], [late, early]]) {
    assert.deepEqual(causesOf(tasks).map(({ count, said }) => [count, said]), [[2, first]]);
  }
});

Deno.test("diagnose() keeps a reason on one line, without filler, its end included", () => {
  const reason = (text: string) => causesOf([failedToStart(text)])[0]?.said;
  assert.equal(
    reason(cannotPullContainer("app:9").failsToStart!.stoppedReason),
    "CannotPullContainerError: failed to resolve ref app:9: app:9: not found",
  );
  assert.equal(
    reason("Failed:\n\tno access\r\n status code: 400, request id: 0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6"),
    "Failed: no access",
  );
  const long = `start ${"x".repeat(1_000)} end`;
  assert.equal(reason(long), long);
});

Deno.test("diagnose() shows a task without any reason", () => {
  const silent = task({ stopCode: undefined, stoppedReason: undefined, containers: [] });
  assert.deepEqual(causesOf([silent]), [
    { code: "unknown", container: undefined, exitCode: undefined, said: "", count: 1 },
  ]);
});
