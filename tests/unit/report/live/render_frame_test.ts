import assert from "node:assert/strict";
import type { Deployment } from "../../../../src/model/service.ts";
import { EMPTY_STATE, type PlanState, type RunState, type ServiceState } from "../../../../src/report/state.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { renderFrame } from "../../../../src/report/live/render_frame.ts";
import type { Cause } from "../../../../src/diagnosis/cause.ts";
import { deployment, serviceDeployment } from "../../made_up.ts";
import { AWAIT, HALFWAY, PLANNED, progress, rollout, started } from "./made_up_run.ts";

const WAITING: RunState = [
  ...[started(), PLANNED, rollout({ kind: "stepStarted", step: AWAIT })],
  progress({ deployments: HALFWAY }),
].reduce(reduce, EMPTY_STATE);

const CRASH: Cause = {
  ...{ code: "exited", container: "app", exitCode: 1, count: 6 },
  said: "Essential container in task exited",
  about: {},
  taskArn: "arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6",
  atMs: undefined,
};

function frame(main: Partial<PlanState> = {}, elapsedMs = 72_000, columns = 80, changes: Partial<ServiceState> = {}) {
  const [service] = WAITING.services;
  const state = { ...WAITING, services: [{ ...service!, ...changes, main: { ...service!.main!, ...main } }] };
  return renderFrame(state, elapsedMs, columns).map((row) => row.map(({ text }) => text).join(""));
}

function bars(...deployments: Partial<Deployment>[]): string[] {
  const rows = frame({ deployments: deployments.map((each) => deployment(each)) }, 0, 70);
  return rows.slice(1).map((row) => /\[(.*)\]/.exec(row)![1]!);
}

Deno.test("a frame shows time, stage, and the new tasks above the old", () => {
  const stage = serviceDeployment({ lifecycleStage: "BAKE_TIME", bakeTimeInMinutes: 2 });
  assert.deepEqual(frame({ serviceDeployment: stage }), [
    "1m12s elapsed, 8m48s until the timeout: rollback of myservice/default",
    "service deployment IN_PROGRESS: BAKE_TIME (2 minutes)",
    "new [######+++++++-------] 1 of 3 running, 1 starting  myservice:3",
    "old [######              ] 1 still running  myservice:4",
  ]);
  assert.deepEqual(frame({ step: undefined }), []);
});

Deno.test("a frame counts the seconds down to none, and not at all without a limit", () => {
  assert.match(frame({}, 0)[0]!, /^0s elapsed, 10m until the timeout: /);
  assert.match(frame({}, 999)[0]!, /^0s elapsed, 10m until the timeout: /);
  assert.match(frame({}, 599_001)[0]!, /^9m59s elapsed, 1s until the timeout: /);
  assert.match(frame({}, 604_000)[0]!, /^10m4s elapsed, 0s until the timeout: /);
  assert.match(frame({}, -5_000)[0]!, /^0s elapsed, 10m until/, "a clock that was set back");
  assert.equal(frame({}, 72_000, 80, { timeoutMs: 0 })[0], "1m12s elapsed: rollback of myservice/default");
});

Deno.test("bars show what little there is, and only what is complete as complete", () => {
  const none = { desiredCount: 0, runningCount: 0, pendingCount: 0 };
  assert.deepEqual(bars({ desiredCount: 2, runningCount: 2 }), ["##########"]);
  assert.deepEqual(bars({ ...none, desiredCount: 100, runningCount: 99 }), ["#########-"]);
  assert.deepEqual(bars({ ...none, desiredCount: 100, runningCount: 1, pendingCount: 1 }), ["#+--------"]);
  assert.deepEqual(bars({ ...none, desiredCount: 100, runningCount: 98, pendingCount: 1 }), ["#########+"]);
  assert.deepEqual(bars({ ...none, desiredCount: 4 }), ["----------"]);
  assert.deepEqual(bars(none), ["          "]);
  assert.deepEqual(bars({ ...none, desiredCount: 1, runningCount: 1 }, { ...none, runningCount: 2 }), [
    "#####     ",
    "##########",
  ]);
});

Deno.test("a crash loop is seen at a glance: what fails, why, and what still runs", () => {
  const failing = frame({
    deployments: [
      deployment({ id: "ecs-svc/4", status: "ACTIVE", desiredCount: 4, runningCount: 4 }),
      deployment({ id: "ecs-svc/5", desiredCount: 4, runningCount: 0, pendingCount: 1, failedTasks: 2 }),
    ],
    causes: [CRASH],
  });
  assert.deepEqual(failing.slice(1), [
    "new [+++++xxxxxxxxxxxxxxx] 0 of 4 running, 1 starting, 6 failed  myservice:4",
    "old [####################] 4 still running  myservice:4",
    "6 tasks stopped: container app exited with code 1",
  ]);
});

Deno.test("of several causes the newest is shown", () => {
  const causes = [{ ...CRASH, atMs: 1 }, { ...CRASH, container: "envoy", count: 1, atMs: 3 }, { ...CRASH, atMs: 2 }];
  assert.match(frame({ causes }).slice(3).join(" "), /^1 task stopped: container envoy /);
});

Deno.test("failed tasks are counted by what ECS counts where no stopped task was seen", () => {
  const [, row] = frame({ deployments: [deployment({ desiredCount: 4, runningCount: 2, failedTasks: 1 })] });
  assert.equal(row, "new [##########xxxxx-----] 2 of 4 running, 1 failed  myservice:4");
});

Deno.test("the numbers stand below each other", () => {
  const rows = frame({
    deployments: [deployment({ runningCount: 3 }), deployment({ status: "ACTIVE", runningCount: 12 })],
  });
  assert.deepEqual(rows.slice(1).map((row) => row.replace(/.*\]/, "")), [
    "  3 of 2 running  myservice:4",
    " 12 still running  myservice:4",
  ]);
});

Deno.test("no text from outside drives the terminal", () => {
  const stage = serviceDeployment({ lifecycleStage: "\x1b[2J\nSTAGE" });
  const rows = frame({ serviceDeployment: stage }, 0, 80, {
    ref: { cluster: "default", service: "my\x1b]0;service\x07" },
  });
  assert.equal(rows.some((row) => /[\x00-\x1f]/.test(row)), false, JSON.stringify(rows));
  assert.match(rows[1]!, /: \\u\{1b\}\[2J STAGE$/);
});
