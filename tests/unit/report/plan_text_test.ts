import assert from "node:assert/strict";
import { formatDuration } from "../../../src/report/messages/log.ts";
import { describeNoChange, renderChanges } from "../../../src/report/messages/change_text.ts";
import { renderSuspension } from "../../../src/report/plan_text.ts";

Deno.test("renderChanges() shows values where there are some, and what happened where there are none", () => {
  assert.deepEqual(
    renderChanges([
      { scope: { container: "app" }, attribute: "image", kind: "changed", from: "a:2", to: "a:1" },
      { scope: "task", attribute: "cpu", kind: "added", to: "256" },
      { scope: "task", attribute: "taskRoleArn", kind: "removed", from: "arn:role" },
      { scope: { container: "app" }, attribute: { kind: "environment", name: "LEVEL" }, kind: "changed" },
      { scope: { container: "app" }, attribute: "command", kind: "removed" },
    ]),
    [
      "container app: image tag 2 -> 1 of repository a",
      "task: cpu added 256",
      "task: taskRoleArn removed arn:role",
      "container app: environment LEVEL changed",
      "container app: command removed",
    ],
  );
});

Deno.test("describeNoChange() does not call equal what a deploy registers for its tags alone", () => {
  assert.equal(describeNoChange({ steps: [] }), "none in the task definition");
  const register = { kind: "register", family: "myservice", input: {} } as const;
  assert.equal(describeNoChange({ steps: [register] }), "none in the task definition except its tags or family");
});

Deno.test("renderSuspension() names what is suspended", () => {
  const state = {
    dynamicScalingInSuspended: false,
    dynamicScalingOutSuspended: false,
    scheduledScalingSuspended: false,
  };
  assert.equal(renderSuspension(state), "nothing suspended");
  assert.equal(renderSuspension({ ...state, dynamicScalingInSuspended: true }), "scale-in suspended");
  assert.equal(
    renderSuspension({ ...state, dynamicScalingOutSuspended: true, scheduledScalingSuspended: true }),
    "scale-out, scheduled actions suspended",
  );
});

Deno.test("formatDuration() writes what the config reads", () => {
  const cases: [number, string][] = [
    [500, "500ms"],
    [1_000, "1s"],
    [90_000, "1m30s"],
    [600_000, "10m"],
    [3_600_000, "1h"],
    [5_430_000, "1h30m30s"],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
});

Deno.test("images of one registry of Amazon ECR are compared without its address", () => {
  const ECR = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
  const render = (from: string, to: string) =>
    renderChanges([{ scope: { container: "app" }, attribute: "image", kind: "changed", from, to }])[0];
  const digest = `sha256:${"0".repeat(64)}`;
  assert.equal(render(`${ECR}/web:2`, `${ECR}/web:1`), "container app: image tag 2 -> 1 of repository web");
  assert.equal(
    render(`${ECR}/web@${digest}`, `${ECR}/web:1`),
    "container app: image sha256:000000000000 -> tag 1 of repository web",
  );
  assert.equal(render(`${ECR}/web:2`, `${ECR}/worker:1`), "container app: image web:2 -> worker:1");
  assert.equal(
    render(`${ECR}/web:2`, "ghcr.io/web:1"),
    `container app: image ${ECR}/web:2 -> ghcr.io/web:1`,
  );
});
