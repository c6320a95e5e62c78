import assert from "node:assert/strict";
import { isCrashLooping } from "../../../../src/rollout/steps/cause_tracker.ts";
import { deployment } from "../../made_up.ts";

/** Ten minutes were waited; two tasks are wanted, and both run by now. */
type TasksSeen = Parameters<typeof isCrashLooping>[0];

const SEEN: TasksSeen = {
  deployment: deployment({ rolloutState: "IN_PROGRESS" }),
  stopped: 0,
  grewAtMs: undefined,
  watchedSinceMs: 1_000_000,
  nowMs: 1_600_000,
};
const ONE_IS_MISSING = deployment({ rolloutState: "IN_PROGRESS", runningCount: 1 });

const CASES: [string, Partial<TasksSeen>, boolean][] = [
  ["no task has stopped", {}, false],
  ["no task has stopped, and one is missing", { deployment: ONE_IS_MISSING }, false],
  ["one stopped early, and all run", { stopped: 1, grewAtMs: 1_030_000 }, false],
  ["some stopped early, and all run", { stopped: 3, grewAtMs: 1_290_000 }, false],
  ["one stopped late, and all run", { stopped: 1, grewAtMs: 1_590_000 }, false],
  ["one after the other stops, and all run just now", { stopped: 3, grewAtMs: 1_300_000 }, true],
  ["one stopped early, and one is missing", { stopped: 1, grewAtMs: 1_030_000, deployment: ONE_IS_MISSING }, true],
  ["one stopped, and the deployment was not seen", { stopped: 1, grewAtMs: 1_030_000, deployment: undefined }, true],
];

for (const [name, changes, expected] of CASES) {
  Deno.test(`isCrashLooping() is ${expected} when ${name}`, () => {
    assert.equal(isCrashLooping({ ...SEEN, ...changes }), expected);
  });
}
