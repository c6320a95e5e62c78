import assert from "node:assert/strict";
import { readTaskActivity, showsFailure, type TaskActivity } from "../../../../src/rollout/judge/rollout_stage.ts";
import { deployment, service, serviceEvent } from "../../made_up.ts";

/** Two tasks are wanted; one runs and one is about to. */
const BEFORE: TaskActivity = {
  ...{ desiredCount: 2, pendingCount: 1, runningCount: 1, failedTasks: 0 },
  ...{ started: 2, startedAtMs: 4_100, failedAtMs: 0 },
};

const CASES: [string, Partial<TaskActivity>, boolean][] = [
  ["nothing has moved", {}, false],
  ["both run", { pendingCount: 0, runningCount: 2 }, false],
  ["a task has failed to start, and the next one is about to", { failedTasks: 1 }, true],
  ["a task runs after others have failed", { failedTasks: 0, pendingCount: 0, runningCount: 2 }, false],
  ["fewer run", { pendingCount: 2, runningCount: 0 }, true],
  ["fewer are about to run, and no more run", { pendingCount: 0 }, true],
  ["fewer run, and fewer are wanted", { desiredCount: 1, pendingCount: 0 }, false],
  ["ECS says that something failed", { failedAtMs: 5_000 }, true],
  ["more were started than are wanted, and as many run", { started: 3, startedAtMs: 5_000 }, true],
  ["more were started as more are wanted", { desiredCount: 3, started: 3, startedAtMs: 5_000, pendingCount: 2 }, false],
];

for (const [name, changes, expected] of CASES) {
  Deno.test(`showsFailure() is ${expected} when ${name}`, () => {
    assert.equal(showsFailure({ ...BEFORE, ...changes }, BEFORE), expected);
  });
}

Deno.test("showsFailure() says the same of the same only once", () => {
  const crashing = { ...BEFORE, started: 4, startedAtMs: 5_000, failedAtMs: 5_000, failedTasks: 3 };
  assert.equal(showsFailure(crashing, crashing), false);
});

Deno.test("showsFailure() finds in a first read what has failed before", () => {
  assert.equal(showsFailure(BEFORE, undefined), false);
  for (const changes of [{ failedTasks: 1 }, { failedAtMs: 5_000 }, { started: 3 }]) {
    assert.equal(showsFailure({ ...BEFORE, ...changes }, undefined), true);
  }
});

Deno.test("readTaskActivity() reads ECS's events since the deployment began", () => {
  const said = (createdAtMs: number, message: string) => serviceEvent(`${createdAtMs}`, message, createdAtMs);
  const events = [
    said(4_600, "has reached a steady state."),
    said(
      4_500,
      "was unable to place a task because no container instance met all of its requirements.",
    ),
    said(4_400, "has started 1 tasks: (task 3)."),
    said(4_300, "has started 2 tasks: (task 1) (task 2)."),
    said(4_000, "has started 5 tasks: (task 0)."),
  ];
  assert.deepEqual(readTaskActivity(service({ events }), deployment({ failedTasks: 1 }), 4_000), {
    ...{ desiredCount: 2, pendingCount: 0, runningCount: 2, failedTasks: 1 },
    ...{ started: 3, startedAtMs: 4_400, failedAtMs: 4_500 },
  });
});
