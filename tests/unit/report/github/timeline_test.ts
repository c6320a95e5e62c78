import assert from "node:assert/strict";
import { Timeline } from "../../../../src/report/github/timeline.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import type { RolloutEvent } from "../../../../src/rollout/events.ts";
import { deployment, revision } from "../../made_up.ts";
import { plan, REF } from "./shown_run.ts";

/** The drawing of events, each with the second at which it came. */
function draw(...events: readonly (readonly [second: number, event: RolloutEvent])[]): string[] {
  const timeline = new Timeline();
  let state = EMPTY_STATE;
  for (const [second, event] of events) {
    const run = { ...event, service: REF };
    state = reduce(state, run, 0);
    timeline.add(run, state, second * 1_000);
  }
  return timeline.lines();
}

const planned = (changes: Parameters<typeof plan>[0], isAutomaticRollback = false): RolloutEvent => ({
  ...{ kind: "planned", plan: plan(changes), isAutomaticRollback, rollsBackOnFailure: false },
});
const AWAIT: RolloutEvent = {
  kind: "stepStarted",
  step: { kind: "awaitDeployment", taskDefinition: revision(4), follows: undefined },
};
const running = (runningCount: number): RolloutEvent => ({
  kind: "progress",
  progress: { events: [], deployments: [deployment({ runningCount, desiredCount: 2 })], serviceDeployment: undefined },
});
const ended = (kind: "failed" | "succeeded"): RolloutEvent => ({
  kind: "rolloutEnded",
  outcome: { ...(kind === "failed" ? { kind, reason: "" } : { kind }), leftovers: [] },
});

Deno.test("each plan is a part of the drawing, with what matters at its time", () => {
  const lines = draw(
    [0, planned({ intent: "deploy", to: undefined })],
    [1, { kind: "registered", taskDefinition: revision(5) }],
    [1, AWAIT],
    [3, running(0)],
    [42, ended("failed")],
    [43, planned({ to: revision(4) }, true)],
    [43, AWAIT],
    [62, running(1)],
    [73, running(2)],
    [75, running(2)],
    [103, ended("succeeded")],
    [
      104,
      {
        kind: "rollbackVerified",
        check: { to: revision(4), failedBefore: undefined, unrestored: [], unknown: [], reason: undefined },
      },
    ],
  );
  assert.deepEqual(lines, [
    "timeline",
    "  section Deploy of myservice#58;5",
    "    1s : registered myservice#58;5",
    "    1s : waiting for ECS",
    "    42s : failed",
    "  section Rollback to myservice#58;4",
    "    43s : waiting for ECS",
    "    1m13s : 2 of 2 tasks run",
    "    1m43s : succeeded",
    "    1m44s : myservice#58;4 is live again",
  ]);
});

Deno.test("nothing is drawn of a run in which nothing happened", () => {
  assert.deepEqual(draw([0, planned({})], [0, { kind: "notConfirmed" }]), []);
  assert.deepEqual(draw([0, { kind: "started", command: "deploy", isDryRun: false, timeoutMs: 0, atMs: 0 }]), []);
});

Deno.test("of very many points the first and the last are drawn", () => {
  const alarm = (count: number): RolloutEvent => ({ kind: "alarmsTriggered", names: [String(count)] });
  const points = Array.from({ length: 30 }, (_, index) => [index, alarm(index)] as const);
  const lines = draw([0, planned({})], ...points);
  assert.equal(lines.length, 2 + 10);
  assert.deepEqual([lines[2], lines.at(-1)], ["    0s : alarm 0", "    29s : alarm 29"]);
});

Deno.test("words of others make no structure: all signs with a meaning are entity codes", () => {
  const [, , line] = draw([0, planned({})], [
    0,
    { kind: "alarmsTriggered", names: ['a : b\n section x %%{init: {}}%% <b>"`#;&', "寿司"] },
  ]);
  assert.match(line!, /^ {4}0s : alarm (?:[\p{L}\p{N} .,/_()+-]|#\d+;)+$/u);
  assert.match(line!, /#58;.*#37;#37;#123;.*寿司$/);
});
