import assert from "node:assert/strict";
import { configurationUpdate } from "../../../src/definitions/configuration_update.ts";
import type { JsonObject } from "../../../src/model/json.ts";

const ALARMS = { alarmNames: ["a"], enable: true, rollback: true };
const NO_ALARMS = { alarmNames: [], enable: false, rollback: false };
const BREAKER = { enable: true, rollback: true };
const CUSTOM = { ...BREAKER, resetOnHealthyTask: false, thresholdConfiguration: { type: "COUNT", value: 7 } };
const USUAL = { resetOnHealthyTask: true, thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 50 } };
const HOOKS = [{ targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] }];
/** What ECS answers of a service that has asked for nothing. */
const FILLED = {
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: "ROLLING",
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false, ...USUAL },
  alarms: NO_ALARMS,
  lifecycleHooks: [],
};

const CASES: [string, JsonObject, JsonObject, JsonObject][] = [
  ["nothing differs", FILLED, {}, {}],
  ["nothing differs the other way round", {}, FILLED, {}],
  ["alarms are gone", { alarms: ALARMS }, {}, { alarms: NO_ALARMS }],
  ["alarms are new", {}, { alarms: ALARMS }, { alarms: ALARMS }],
  ["the breaker is gone", { deploymentCircuitBreaker: BREAKER }, {}, {
    deploymentCircuitBreaker: { enable: false, rollback: false },
  }],
  ["the breaker is gone, of which ECS would keep the threshold", { deploymentCircuitBreaker: CUSTOM }, {}, {
    deploymentCircuitBreaker: { enable: false, rollback: false, ...USUAL },
  }],
  ["the threshold is gone", { deploymentCircuitBreaker: CUSTOM }, { deploymentCircuitBreaker: BREAKER }, {
    deploymentCircuitBreaker: { ...BREAKER, ...USUAL },
  }],
  ["what ECS has answered is whole", { deploymentCircuitBreaker: CUSTOM }, FILLED, {
    deploymentCircuitBreaker: FILLED.deploymentCircuitBreaker,
  }],
  ["hooks are gone", { lifecycleHooks: HOOKS }, {}, { lifecycleHooks: [] }],
  [
    "early success is gone",
    {
      earlySuccessCriteria: { enable: true, healthyPercent: 90, sourceServiceRevisionCleanup: "BLOCKING" },
    },
    {},
    { earlySuccessCriteria: { enable: false } },
  ],
  ["percentages are gone", { maximumPercent: 150, minimumHealthyPercent: 50 }, {}, {
    maximumPercent: 200,
    minimumHealthyPercent: 100,
  }],
  ["back to rolling", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5, lifecycleHooks: HOOKS }, {}, {
    strategy: "ROLLING",
    bakeTimeInMinutes: 0,
    lifecycleHooks: [],
  }],
  [
    "rolling from linear, whose steps ECS takes under linear only",
    {
      strategy: "LINEAR",
      linearConfiguration: { stepPercent: 33, stepBakeTimeInMinutes: 9 },
    },
    FILLED,
    { strategy: "ROLLING" },
  ],
  [
    "the steps of linear are gone",
    {
      strategy: "LINEAR",
      linearConfiguration: { stepPercent: 33, stepBakeTimeInMinutes: 9 },
    },
    { strategy: "LINEAR" },
    { linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 } },
  ],
  [
    "to a strategy, with its steps, which ECS has forgotten, although they seem to be the same",
    {
      strategy: "ROLLING",
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 1 },
    },
    {
      strategy: "CANARY",
      bakeTimeInMinutes: 0,
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 1 },
    },
    {
      strategy: "CANARY",
      bakeTimeInMinutes: 0,
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 1 },
    },
  ],
  [
    "to a strategy, with the bake time that it demands, although that is the same",
    {
      strategy: "ROLLING",
      bakeTimeInMinutes: 5,
    },
    { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
    { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
  ],
  ["what a newer API knows is gone: nobody knows how", { futureCriteria: { a: 1 } }, {}, {}],
  ["what a newer API knows is new", {}, { futureCriteria: { a: 1 } }, { futureCriteria: { a: 1 } }],
];

for (const [name, from, to, expected] of CASES) {
  Deno.test(`configurationUpdate(): ${name}`, () => {
    assert.deepEqual(configurationUpdate(from, to, false), expected);
    assert.deepEqual(configurationUpdate(to, to, false), {});
  });
}

Deno.test("configurationUpdate() knows the percentages of DAEMON services", () => {
  assert.deepEqual(configurationUpdate({ minimumHealthyPercent: 50 }, {}, true), { minimumHealthyPercent: 0 });
  assert.deepEqual(configurationUpdate({ maximumPercent: 100, minimumHealthyPercent: 0 }, {}, true), {});
});
