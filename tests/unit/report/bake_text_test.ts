import assert from "node:assert/strict";
import { type Minute, MINUTE_MS } from "../../../src/model/metrics.ts";
import { describeBake, describeBaking, describeVerdict, renderChart } from "../../../src/report/bake_text.ts";
import { renderFleetFrame, renderFrame } from "../../../src/report/live/render_frame.ts";
import { EMPTY_STATE, serviceIn } from "../../../src/report/state.ts";
import { type Bake, type BakeEvidence, judgeBake, windowsOf } from "../../../src/rollout/judge/judge_bake.ts";

const windows = windowsOf({ orderedAtMs: 600_000, completedAtMs: 660_000, forMs: 300_000 });
const STEP: Bake = {
  kind: "bake",
  forMs: 300_000,
  alarms: ["5xx"],
  targetGroups: [],
  loadBalancers: [],
  named: [],
  isInPlace: false,
};

/** Five minutes before, one during and five after, each with so many failures of 100 requests. */
function evidenceOf(failures: readonly number[], more: Partial<Minute> = {}): BakeEvidence {
  const minutes = failures.map((count, index) => ({
    ...{ atMs: windows.beforeFromMs + index * MINUTE_MS, requests: 100, failures: count, unhealthyHosts: 0 },
    ...more,
  }));
  return { windows, minutes, alarms: [{ name: "5xx", before: "ALARM", now: "OK" }], unseen: [] };
}

const FALLING = evidenceOf([50, 50, 100, 50, 50, 25, 1, 0, 0, 0, 0]);

Deno.test("the chart has a column a minute, in ASCII, the highest for the worst, and no row without anything", () => {
  assert.deepEqual(renderChart(FALLING), [
    "by minute  before | during | after",
    "5xx        ==#== | : | .____  most: 100%",
    "requests   ##### | # | #####  most: 100 a minute",
  ]);
  assert.deepEqual(renderChart({ ...FALLING, minutes: [] }), []);
  const hosts = renderChart(evidenceOf([0], { requests: undefined, unhealthyHosts: 1 }));
  assert.deepEqual(hosts.slice(1), ["unhealthy  # |  |   most: 1 host"]);
  assert.ok(renderChart(FALLING).every((line) => /^[ -~]*$/.test(line)));
});

Deno.test("how it goes, and how it has ended, is said in a line", () => {
  const bake = { step: STEP, completedAtMs: 0, beganAtMs: 0, elapsedMs: 120_000, evidence: FALLING };
  assert.equal(
    describeBaking(bake),
    "Baked 2m of 5m: 5xx 0.2% of 500 requests (before 60% of 500 requests), 0 unhealthy, alarm 5xx OK",
  );
  assert.equal(describeBaking({ step: STEP, completedAtMs: 0, beganAtMs: 0 }), "Baked 0s of 5m: nothing is known yet");
  assert.equal(describeVerdict({ bake }), undefined);
  assert.equal(
    describeVerdict({ bake: { ...bake, verdict: judgeBake(FALLING) } }),
    "It helped: alarm 5xx is OK again; 5xx 60% of 500 requests before, 0.2% of 500 requests since.",
  );
  assert.match(describeBake({ ...STEP, alarms: [] }), /nothing shows whether it helped/);
});

Deno.test("the live region shows a baking, of one service and of many", () => {
  const ref = { service: "web", cluster: "default" };
  const bake = { step: STEP, completedAtMs: 0, beganAtMs: 0, elapsedMs: 60_000, evidence: FALLING };
  const service = { ...serviceIn(EMPTY_STATE, ref), command: "rollback" as const, bake };
  const text = (rows: readonly (readonly { readonly text: string }[])[]) =>
    rows.map((row) => row.map((span) => span.text).join(""));
  const rows = text(renderFrame({ ...EMPTY_STATE, services: [service] }, 0, 120));
  assert.match(rows[0]!, /^Rollback of web\/default is done\. Baked 1m of 5m: /);
  assert.deepEqual(rows.slice(-3), renderChart(FALLING));
  const ended = { ...service, bake: { ...bake, verdict: judgeBake(FALLING) } };
  assert.deepEqual(renderFrame({ ...EMPTY_STATE, services: [ended] }, 0, 120), []);
  const other = { ...service, ref: { service: "api", cluster: "default" } };
  const all = text(renderFleetFrame({ ...EMPTY_STATE, services: [service, other] }, 0));
  assert.match(all[2]!, /^2 baking\. Baked 1m of 5m: /);
});
