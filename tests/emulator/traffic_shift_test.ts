import assert from "node:assert/strict";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";
import { current, UPDATE } from "./shifted.ts";

/** The stages that a deployment of `myservice:3` is seen in, with how many seconds it spends in each. */
function stagesSeen(emulator: Emulator): Record<string, number> {
  const seen: Record<string, number> = {};
  emulator.updateService(UPDATE);
  for (let second = 0; second < 3600 && current(emulator).status === "IN_PROGRESS"; second++) {
    emulator.advance(1000);
    const stage = current(emulator).lifecycleStage ?? "none";
    seen[stage] = (seen[stage] ?? 0) + 1;
  }
  return seen;
}

Deno.test("blue/green goes through its stages and bakes before it cleans up", () => {
  const emulator = createScenario("blue_green");
  const seen = stagesSeen(emulator);
  assert.deepEqual(Object.keys(seen), [
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
    "CLEAN_UP",
  ]);
  assert.equal(seen.BAKE_TIME, 120);
  assert.equal(current(emulator).status, "SUCCESSFUL");
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:3");
});

Deno.test("linear and canary deployments take their time to shift production traffic", () => {
  const table: [JsonObject, number][] = [
    [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } }, 180],
    [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 } }, 180],
    [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 100, stepBakeTimeInMinutes: 0 } }, 0],
    [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 100, canaryBakeTimeInMinutes: 0 } }, 0],
  ];
  for (const [deploymentConfiguration, seconds] of table) {
    const emulator = createScenario("healthy");
    emulator.updateService({ service: "myservice", deploymentConfiguration });
    assert.equal(stagesSeen(emulator).PRODUCTION_TRAFFIC_SHIFT ?? 0, seconds);
  }
});

Deno.test("both sets of tasks run until the old one is cleaned up, and no rollout state is reported", () => {
  const emulator = createScenario("blue_green");
  emulator.updateService(UPDATE);
  emulator.advance(90_000);
  const deployments = emulator.describeService("myservice").deployments as JsonObject[];
  assert.deepEqual(deployments.map(({ runningCount }) => runningCount), [2, 2]);
  assert.ok(deployments.every((deployment) => !("rolloutState" in deployment)));
});
