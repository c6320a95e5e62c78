import assert from "node:assert/strict";
import { type ProductionTraffic, trafficAfter } from "../../../src/model/service_deployment.ts";
import { serviceDeployment } from "../made_up.ts";

/** Looks at a deployment in these states, one after the other: `STAGE`, or `STATUS STAGE`. */
function after(states: readonly string[], changes: { strategy?: string; sourceRevisionArns?: string[] } = {}) {
  return states.reduce((known: ProductionTraffic | undefined, state) => {
    const [lifecycleStage, status = "IN_PROGRESS"] = state.split(" ").toReversed();
    return trafficAfter(
      known,
      serviceDeployment({
        strategy: "BLUE_GREEN",
        sourceRevisionArns: ["arn:blue"],
        lifecycleStage,
        status,
        ...changes,
      }),
    );
  }, undefined);
}

const FORWARD: readonly (readonly [stage: string, traffic: ProductionTraffic])[] = [
  ["PRE_SCALE_UP", "old"],
  ["SCALE_UP", "old"],
  ["POST_SCALE_UP", "old"],
  ["TEST_TRAFFIC_SHIFT", "old"],
  ["POST_TEST_TRAFFIC_SHIFT", "old"],
  ["PRE_PRODUCTION_TRAFFIC_SHIFT", "old"],
  ["PRODUCTION_TRAFFIC_SHIFT", "moving"],
  ["POST_PRODUCTION_TRAFFIC_SHIFT", "new"],
  ["BAKE_TIME", "new"],
  ["CLEAN_UP", "new"],
];

Deno.test("the stage of a deployment says who gets the production traffic", () => {
  for (const [stage, traffic] of FORWARD) assert.equal(after([stage]), traffic, stage);
  assert.equal(after(["PRE_SCALE_UP", "RECONCILE_SERVICE"]), "old", "what AWS says nothing about changes nothing");
});

Deno.test("a deployment that is rolled back gives back what it had got, and no more", () => {
  assert.equal(after(["POST_SCALE_UP", "ROLLBACK_IN_PROGRESS SCALE_UP"]), "old");
  assert.equal(after(["BAKE_TIME", "ROLLBACK_IN_PROGRESS SCALE_UP"]), "moving");
  assert.equal(after(["BAKE_TIME", "ROLLBACK_IN_PROGRESS SCALE_UP", "ROLLBACK_IN_PROGRESS CLEAN_UP"]), "old");
  assert.equal(after(["BAKE_TIME", "ROLLBACK_SUCCESSFUL CLEAN_UP"]), "old");
  assert.equal(after(["BAKE_TIME", "ROLLBACK_FAILED CLEAN_UP"]), "new");
});

Deno.test("where the traffic is, is not known of what was seen only as it went back, nor asked of what shifts none", () => {
  assert.equal(after(["ROLLBACK_IN_PROGRESS SCALE_UP"]), "unknown");
  assert.equal(after(["ROLLBACK_IN_PROGRESS SCALE_UP", "ROLLBACK_IN_PROGRESS CLEAN_UP"]), "old");
  assert.equal(after(["BAKE_TIME"], { strategy: "ROLLING" }), undefined);
  assert.equal(after(["BAKE_TIME"], { sourceRevisionArns: [] }), undefined);
});

Deno.test("the stage before a step of the traffic comes at every step of a canary", () => {
  const canary = { strategy: "CANARY" };
  assert.equal(after(["PRE_PRODUCTION_TRAFFIC_SHIFT"], canary), "unknown");
  assert.equal(after(["SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT"], canary), "old");
  assert.equal(after(["PRODUCTION_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"], canary), "moving");
});
