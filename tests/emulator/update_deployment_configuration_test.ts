import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

Deno.test("UpdateService merges the deployment configuration and starts no deployment for it", () => {
  const emulator = createScenario("healthy");
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  const { service } = ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration }).output;
  assert.equal(service.deployments.length, 1);
  const { maximumPercent, minimumHealthyPercent, deploymentCircuitBreaker } = service.deploymentConfiguration;
  assert.deepEqual([maximumPercent, minimumHealthyPercent], [200, 100]);
  assert.deepEqual([deploymentCircuitBreaker.enable, deploymentCircuitBreaker.rollback], [true, true]);
});

const ALARMS = { alarmNames: ["high"], enable: true, rollback: true };
const HOOK = { targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] };

const THRESHOLD = { type: "COUNT", value: 7 };
const BREAKER = { enable: true, rollback: true, resetOnHealthyTask: false, thresholdConfiguration: THRESHOLD };
const LEFT_OUT: [string, JsonObject, JsonObject, JsonObject][] = [
  ["other members", { alarms: ALARMS }, { maximumPercent: 150 }, { alarms: ALARMS, maximumPercent: 150 }],
  [
    "optional members of the breaker",
    { deploymentCircuitBreaker: BREAKER },
    { deploymentCircuitBreaker: { enable: true, rollback: false } },
    { deploymentCircuitBreaker: { ...BREAKER, rollback: false } },
  ],
  [
    "required members of the breaker",
    { deploymentCircuitBreaker: BREAKER },
    { deploymentCircuitBreaker: { enable: true } },
    { deploymentCircuitBreaker: { ...BREAKER, rollback: false } },
  ],
  [
    "the steps of linear",
    { strategy: "LINEAR", linearConfiguration: { stepPercent: 33, stepBakeTimeInMinutes: 9 } },
    { linearConfiguration: { stepPercent: 44 } },
    { strategy: "LINEAR", linearConfiguration: { stepPercent: 44, stepBakeTimeInMinutes: 6 } },
  ],
  [
    "the steps of canary",
    { strategy: "CANARY", canaryConfiguration: { canaryPercent: 21, canaryBakeTimeInMinutes: 9 } },
    { canaryConfiguration: {} },
    { strategy: "CANARY", canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 } },
  ],
  ["hooks", { lifecycleHooks: [HOOK, { ...HOOK, lifecycleStages: ["PRE_SCALE_UP"] }] }, { lifecycleHooks: [HOOK] }, {
    lifecycleHooks: [HOOK],
  }],
  ["hooks that are gone", { lifecycleHooks: [HOOK] }, { lifecycleHooks: [] }, { lifecycleHooks: [] }],
  [
    "the timeout of a hook",
    { lifecycleHooks: [{ ...HOOK, timeoutConfiguration: { timeoutInMinutes: 31, action: "CONTINUE" } }] },
    { lifecycleHooks: [{ ...HOOK, timeoutConfiguration: { timeoutInMinutes: 45 } }] },
    { lifecycleHooks: [{ ...HOOK, timeoutConfiguration: { timeoutInMinutes: 45, action: "ROLLBACK" } }] },
  ],
  ["alarms", { alarms: ALARMS }, { alarms: { alarmNames: [], enable: false, rollback: false } }, {
    alarms: { alarmNames: [], enable: false, rollback: false },
  }],
];

Deno.test("what is left out of a deployment configuration is kept, or gets its default, as AWS has it for each member", async (t) => {
  for (const [name, before, given, after] of LEFT_OUT) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      const update = (deploymentConfiguration: JsonObject) =>
        ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration }).output.service;
      update(before);
      const { deploymentConfiguration, deployments } = update(given);
      assert.deepEqual({ ...deploymentConfiguration, ...after }, deploymentConfiguration);
      assert.equal(deployments.length, 1);
    });
  }
});

const REFUSED: [JsonObject, RegExp][] = [
  [{ linearConfiguration: {} }, /^Linear configuration can only be present with LINEAR deployment strategy$/],
  [{ strategy: "LINEAR", canaryConfiguration: {} }, /^Canary configuration can only be present with CANARY/],
  [{ lifecycleHooks: [{ targetType: "PAUSE" }] }, /^Lifecycle stage cannot be null or empty/],
  [{ lifecycleHooks: [{ lifecycleStages: ["PRE_SCALE_UP"] }] }, /^Role arn or Hook Target arn is missing for one/],
  [
    { deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration: { type: "COUNT" } } },
    /^Invalid deployment circuit breaker threshold value\.$/,
  ],
  [
    { strategy: "BLUE_GREEN", earlySuccessCriteria: { enable: true, healthyPercent: 1 } },
    /can only be present with ROLLING/,
  ],
  [{ earlySuccessCriteria: { enable: true } }, /healthyPercent and sourceServiceRevisionCleanup must be specified/],
  [
    { earlySuccessCriteria: { enable: true, healthyPercent: 99, sourceServiceRevisionCleanup: "BLOCKING" } },
    /^healthyPercent must be greater than or equal to minimumHealthyPercent/,
  ],
  [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 2 } }, /^stepPercent must be between 3 and 100/],
  [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 0 } }, /^canaryPercent must be between 0\.1 and 100/],
  [
    { strategy: "CANARY", canaryConfiguration: { canaryBakeTimeInMinutes: 1441 } },
    /^canaryBakeTimeInMinutes must be between 0 and 1440/,
  ],
  [
    { minimumHealthyPercent: 100, maximumPercent: 100 },
    /^Both maximumPercent and minimumHealthyPercent cannot be 100/,
  ],
];

Deno.test("a deployment configuration that does not go together is refused, in AWS's words where they are known", async (t) => {
  for (const [deploymentConfiguration, words] of REFUSED) {
    await t.step(JSON.stringify(deploymentConfiguration), () => {
      const emulator = createScenario("healthy");
      const before = emulator.describeService("myservice");
      const answer = ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration });
      assert.equal(answer.type, "InvalidParameterException");
      assert.match(answer.message ?? "", words);
      assert.deepEqual(emulator.describeService("myservice"), before);
    });
  }
});
