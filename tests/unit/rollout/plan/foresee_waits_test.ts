import assert from "node:assert/strict";
import { readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import { foreseeWaits, type WayBack } from "../../../../src/rollout/plan/foresee_waits.ts";

const MINUTE_MS = 60_000;

function foresee(configuration: JsonObject, way: WayBack = "newDeployment", timeoutMinutes = 0): string[] {
  const deploymentStrategy = String(configuration.strategy ?? "ROLLING");
  const deploymentSettings = readDeploymentSettings(configuration);
  return foreseeWaits({ deploymentStrategy, deploymentSettings }, way, timeoutMinutes * MINUTE_MS);
}

const PAUSE = { targetType: "PAUSE", lifecycleStages: ["PRE_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"] };
const LINEAR = { strategy: "LINEAR", linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 5 } };

const CASES: [string, JsonObject, string[]][] = [
  ["a rolling deployment", { bakeTimeInMinutes: 5, lifecycleHooks: [PAUSE] }, []],
  ["blue/green without bake time", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 }, []],
  ["bake time", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 1 }, [
    "rolling back takes a whole deployment: the old tasks stay for 1 minute after the traffic was shifted (bake " +
    "time); at least 1 minute, plus the start of its tasks",
  ]],
  ["linear steps and bake time", { ...LINEAR, bakeTimeInMinutes: 45 }, [
    "rolling back takes a whole deployment: traffic is shifted in 4 steps, 5 minutes apart, the old tasks stay for " +
    "45 minutes after the traffic was shifted (bake time); at least 1 hour, plus the start of its tasks",
  ]],
  ["AWS's defaults of linear", { strategy: "LINEAR" }, [
    "rolling back takes a whole deployment: traffic is shifted in 10 steps, 6 minutes apart; at least 54 minutes, " +
    "plus the start of its tasks",
  ]],
  ["AWS's default of canary", { strategy: "CANARY" }, [
    "rolling back takes a whole deployment: traffic is shifted in 2 steps, 10 minutes apart; at least 10 minutes, " +
    "plus the start of its tasks",
  ]],
  ["hooks that pause, not functions", {
    strategy: "BLUE_GREEN",
    lifecycleHooks: [PAUSE, { hookTargetArn: "arn:f", lifecycleStages: ["POST_SCALE_UP"] }, {
      targetType: "PAUSE",
      lifecycleStages: ["POST_SCALE_UP"],
      timeoutConfiguration: { timeoutInMinutes: 90, action: "CONTINUE" },
    }],
  }, [
    "rolling back stops at PRE_SCALE_UP and at POST_TEST_TRAFFIC_SHIFT until somebody answers (PAUSE hook); after 24 " +
    "hours ECS turns it back",
    "rolling back stops at POST_SCALE_UP until somebody answers (PAUSE hook); after 90 minutes it goes on by itself",
  ]],
  ["a hook that pauses at every step", {
    ...LINEAR,
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 0 },
    lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] }],
  }, [
    "rolling back stops at PRE_PRODUCTION_TRAFFIC_SHIFT, 2 times, until somebody answers (PAUSE hook); after 24 hours " +
    "ECS turns it back",
  ]],
  [
    "what nobody knows",
    { strategy: "LINEAR", linearConfiguration: { stepPercent: "x", stepBakeTimeInMinutes: 0 } },
    [],
  ],
];

for (const [name, configuration, expected] of CASES) {
  Deno.test(`foreseeWaits() of ${name}`, () => assert.deepEqual(foresee(configuration), expected));
}

Deno.test("foreseeWaits() says where the timeout is shorter than what is foreseen", () => {
  const [longer] = foresee(LINEAR, "newDeployment", 16);
  assert.match(longer ?? "", /plus the start of its tasks$/);
  for (const minutes of [15, 10, 1.5]) {
    const [shorter] = foresee(LINEAR, "newDeployment", minutes);
    const limit = minutes === 1.5 ? "90 seconds" : `${minutes} minutes`;
    assert.ok(
      shorter?.endsWith(
        `; it will not be completed within the timeout of ${limit}: give a longer --timeout, or --no-wait`,
      ),
      shorter,
    );
  }
});

Deno.test("foreseeWaits() of a deployment that is stopped knows no more than AWS says", () => {
  assert.deepEqual(foresee({ ...LINEAR, lifecycleHooks: [PAUSE] }, "stoppedDeployment", 10), [
    "ECS may shift traffic back as slowly as it shifted it: traffic is shifted in 4 steps, 5 minutes apart; it may " +
    "not be back within the timeout of 10 minutes: give a longer --timeout, or --no-wait",
  ]);
  assert.deepEqual(foresee({ strategy: "BLUE_GREEN", lifecycleHooks: [PAUSE] }, "stoppedDeployment"), []);
});

Deno.test("foreseeWaits() goes by what the service gets with the new deployment, not by what that replaces", () => {
  const canary = { strategy: "CANARY", bakeTimeInMinutes: 3, canaryConfiguration: { canaryBakeTimeInMinutes: 2 } };
  const given = (now: JsonObject, deploymentConfiguration: JsonObject) =>
    foreseeWaits(
      { deploymentStrategy: String(now.strategy ?? "ROLLING"), deploymentSettings: readDeploymentSettings(now) },
      "newDeployment",
      0,
      { deploymentConfiguration },
    ).join();
  assert.equal(given({ ...canary, lifecycleHooks: [PAUSE] }, { strategy: "ROLLING", bakeTimeInMinutes: 0 }), "");
  assert.match(given({}, canary), /2 steps, 2 minutes apart, .* for 3 minutes .*; at least 5 minutes/);
  // ECS keeps what is left out.
  assert.match(given(canary, { bakeTimeInMinutes: 0 }), /2 steps, 2 minutes apart; at least 2 minutes/);
  assert.match(given(canary, { canaryConfiguration: { canaryBakeTimeInMinutes: 7 } }), /at least 10 minutes/);
  assert.match(given({ ...canary, lifecycleHooks: [PAUSE] }, { lifecycleHooks: [] }), /^rolling back takes/);
});
