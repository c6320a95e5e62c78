import assert from "node:assert/strict";
import { readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import type { SlowNotice } from "../../../../src/rollout/plan/notice.ts";
import { noticeWaits } from "../../../../src/rollout/plan/collect_notices.ts";

const MINUTE_MS = 60_000;

function foresee(
  configuration: JsonObject,
  by: Parameters<typeof noticeWaits>[1] = "newDeployment",
  timeoutMinutes = 0,
): SlowNotice[] {
  const deploymentStrategy = String(configuration.strategy ?? "ROLLING");
  const deploymentSettings = readDeploymentSettings(configuration);
  return noticeWaits({ deploymentStrategy, deploymentSettings }, by, timeoutMinutes * MINUTE_MS);
}

const PAUSE = { targetType: "PAUSE", lifecycleStages: ["PRE_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"] };
const LINEAR = { strategy: "LINEAR", linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 5 } };

function whole(steps: number, stepMinutes: number, bakeMinutes: number, minutes: number): SlowNotice {
  const moving = { shift: { steps, stepMinutes }, bakeMinutes, minutes };
  return { code: "wholeDeployment", ...moving, shorterTimeoutMs: undefined, isForeseen: false };
}

function pauses(stages: string[], steps: number, timeoutMinutes = 1_440, timeoutAction = "ROLLBACK"): SlowNotice {
  return { code: "pauses", stages, timeoutMinutes, timeoutAction, steps, isForeseen: false };
}

const CASES: [string, JsonObject, SlowNotice[]][] = [
  ["a rolling deployment", { bakeTimeInMinutes: 5, lifecycleHooks: [PAUSE] }, []],
  ["blue/green without bake time", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 }, []],
  ["bake time", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 1 }, [whole(1, 0, 1, 1)]],
  ["linear steps and bake time", { ...LINEAR, bakeTimeInMinutes: 45 }, [whole(4, 5, 45, 60)]],
  ["AWS's defaults of linear", { strategy: "LINEAR" }, [whole(10, 6, 0, 54)]],
  ["AWS's default of canary", { strategy: "CANARY" }, [whole(2, 10, 0, 10)]],
  ["hooks that pause, not functions", {
    strategy: "BLUE_GREEN",
    lifecycleHooks: [PAUSE, { hookTargetArn: "arn:f", lifecycleStages: ["POST_SCALE_UP"] }, {
      targetType: "PAUSE",
      lifecycleStages: ["POST_SCALE_UP"],
      timeoutConfiguration: { timeoutInMinutes: 90, action: "CONTINUE" },
    }],
  }, [pauses(PAUSE.lifecycleStages, 1), pauses(["POST_SCALE_UP"], 1, 90, "CONTINUE")]],
  ["a hook that pauses at every step", {
    ...LINEAR,
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 0 },
    lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] }],
  }, [pauses(["PRE_PRODUCTION_TRAFFIC_SHIFT"], 2)]],
  [
    "what nobody knows",
    { strategy: "LINEAR", linearConfiguration: { stepPercent: "x", stepBakeTimeInMinutes: 0 } },
    [],
  ],
];

for (const [name, configuration, expected] of CASES) {
  Deno.test(`noticeWaits() of ${name}`, () => assert.deepEqual(foresee(configuration), expected));
}

Deno.test("noticeWaits() says where the timeout is shorter than what is foreseen", () => {
  for (const [minutes, shorterTimeoutMs] of [[16, undefined], [15, 900_000], [10, 600_000], [1.5, 90_000]] as const) {
    assert.deepEqual(foresee(LINEAR, "newDeployment", minutes), [{ ...whole(4, 5, 0, 15), shorterTimeoutMs }]);
  }
});

Deno.test("noticeWaits() of a deployment that is stopped knows no more than AWS says", () => {
  assert.deepEqual(foresee({ ...LINEAR, lifecycleHooks: [PAUSE] }, "stoppedDeployment", 10), [
    { ...whole(4, 5, 0, 15), code: "shiftsBack", shorterTimeoutMs: 600_000 },
  ]);
  assert.deepEqual(foresee({ strategy: "BLUE_GREEN", lifecycleHooks: [PAUSE] }, "stoppedDeployment"), []);
});

Deno.test("noticeWaits() goes by what the service gets with the new deployment, not by what that replaces", () => {
  const canary = { strategy: "CANARY", bakeTimeInMinutes: 3, canaryConfiguration: { canaryBakeTimeInMinutes: 2 } };
  const given = (now: JsonObject, deploymentConfiguration: JsonObject) =>
    noticeWaits(
      { deploymentStrategy: String(now.strategy ?? "ROLLING"), deploymentSettings: readDeploymentSettings(now) },
      "newDeployment",
      0,
      { deploymentConfiguration },
    );
  assert.deepEqual(given({ ...canary, lifecycleHooks: [PAUSE] }, { strategy: "ROLLING", bakeTimeInMinutes: 0 }), []);
  assert.deepEqual(given({}, canary), [whole(2, 2, 3, 5)]);
  // ECS keeps what is left out.
  assert.deepEqual(given(canary, { bakeTimeInMinutes: 0 }), [whole(2, 2, 0, 2)]);
  assert.deepEqual(given(canary, { canaryConfiguration: { canaryBakeTimeInMinutes: 7 } }), [whole(2, 7, 3, 10)]);
  assert.deepEqual(given({ ...canary, lifecycleHooks: [PAUSE] }, { lifecycleHooks: [] }), [whole(2, 2, 3, 5)]);
});
