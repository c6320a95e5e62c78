import assert from "node:assert/strict";
import { renderFleetFrame } from "../../../../src/report/live/render_frame.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import { awaits, fails, PLANNED, succeeds } from "../made_up_fleet.ts";

function frame(...events: RunEvent[]): string[] {
  const state = [...PLANNED, ...events].reduce((before, event, index) => reduce(before, event, index), EMPTY_STATE);
  return renderFleetFrame(state, 72_000).map((row) => row.map(({ text }) => text).join(""));
}

Deno.test("a frame of many services has a line for each that fails or is under way, the failed first", () => {
  const lines = frame(...awaits("worker", 1, 1), ...fails("api"));
  assert.deepEqual(lines, [
    "1m12s elapsed, 8m48s until the timeout: rollback of 3 services",
    "0 of 3 done, 1 failed, 1 under way, 1 not to be begun",
    "FAILED  api/default     [xxxxxxxxxx] myservice:3 0/2 +2 old 3 failed  3 tasks stopped: container app exited with code 1",
    "        worker/default  [#####-----] myservice:3 1/2 +1 old",
  ]);
});

Deno.test("those that are done or wait are counted only", () => {
  assert.deepEqual(frame(...succeeds("api")).slice(1), ["1 of 3 done, 2 waiting"]);
});

Deno.test("the newest failure is the first", () => {
  const lines = frame(...fails("api"), ...fails("cron"));
  assert.deepEqual(lines.slice(2).map((line) => line.split(" ")[2]), ["cron/default", "api/default"]);
});
