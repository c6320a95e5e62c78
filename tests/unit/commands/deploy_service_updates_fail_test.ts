import assert from "node:assert/strict";
import { secretNotFound } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { type MyService, myservice } from "../../emulator/myservice.ts";
import { ALARMS, BREAKER, deploy, MONITORING, NO_ALARMS, orders, settings, SPOT } from "./service_update_deploys.ts";

/** Deploys that change what a service consists of, and what comes back of that where they fail, as a whole. */

const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE", "--timeout", "3m"];

/** Revision 5, which is still to be registered, will not start. */
function failing(world: MyService = {}): Emulator {
  const emulator = myservice(world);
  emulator.setBehaviour("myservice:5", secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:x"));
  return emulator;
}

Deno.test("what may not be read is sent as it stands, and is not taken away again", async () => {
  const emulator = failing({ service: { deploymentConfiguration: BREAKER } });
  emulator.inject({ operation: "DescribeServiceRevisions", times: Infinity, effect: accessDenied() });
  const { code, stderr } = await deploy(emulator, { monitoring: MONITORING }, EVENTS);
  assert.equal(code, 6, stderr);
  assert.match(
    stderr,
    /monitoring stays as this deploy sets it, even if the deploy fails: its present value is not known/,
  );
  assert.deepEqual(orders(emulator).map(({ monitoring }) => monitoring), [MONITORING, undefined]);
  assert.match(stderr, /myservice:4 is live: .* Not known whether restored: monitoring/);
});

const ADDED: [string, MyService, JsonObject][] = [
  ["breaker and alarms", {}, { deploymentConfiguration: { ...BREAKER, alarms: ALARMS } }],
  ["breaker with its threshold", {}, {
    deploymentConfiguration: {
      deploymentCircuitBreaker: {
        enable: true,
        rollback: false,
        resetOnHealthyTask: false,
        thresholdConfiguration: { type: "COUNT", value: 3 },
      },
    },
  }],
  ["early success", {}, {
    deploymentConfiguration: {
      ...BREAKER,
      earlySuccessCriteria: { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: "BLOCKING" },
    },
  }],
  ["monitoring", { service: { deploymentConfiguration: BREAKER } }, { monitoring: MONITORING }],
  ["gateway connectors", { service: { deploymentConfiguration: BREAKER } }, {
    gatewayConnectors: [{ portName: "http" }],
  }],
  ["capacity providers", { service: { deploymentConfiguration: BREAKER } }, {
    launchType: undefined,
    capacityProviderStrategy: SPOT,
  }],
];

Deno.test("what a deploy added is taken away again where it fails", async (t) => {
  for (const [name, world, more] of ADDED) {
    await t.step(name, async () => {
      const emulator = failing(world);
      const before = settings(emulator);
      const { code, stderr } = await deploy(emulator, more, EVENTS);
      assert.equal(code, 6, stderr);
      assert.match(
        stderr,
        /myservice:4 is live: \d of \d tasks?, \S+ after the deploy began\. No outage was seen\. The service is as it was before\.$/m,
      );
      const after = settings(emulator);
      const { deploymentConfiguration: now, ...others } = after;
      const { deploymentConfiguration: was, ...othersBefore } = before;
      assert.deepEqual(others, othersBefore);
      assert.deepEqual(meaning(now as JsonObject), meaning(was as JsonObject));
    });
  }
});

/** A deployment configuration without what is off. */
function meaning({ ...configuration }: JsonObject): JsonObject {
  const off: Record<string, string> = {
    alarms: JSON.stringify(NO_ALARMS),
    deploymentCircuitBreaker: '{"enable":false,"rollback":false}',
    strategy: '"ROLLING"',
    bakeTimeInMinutes: "0",
    lifecycleHooks: "[]",
    earlySuccessCriteria: '{"enable":false}',
  };
  const inOrder = (value: JsonObject[string]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
      : value;
  const breaker = configuration.deploymentCircuitBreaker as JsonObject | undefined;
  if (breaker !== undefined) {
    const { resetOnHealthyTask = true, thresholdConfiguration = { type: "BOUNDED_PERCENT", value: 50 } } = breaker;
    assert.deepEqual([resetOnHealthyTask, thresholdConfiguration], [true, { type: "BOUNDED_PERCENT", value: 50 }]);
    configuration.deploymentCircuitBreaker = { enable: breaker.enable!, rollback: breaker.rollback! };
  }
  return Object.fromEntries(
    Object.entries(configuration).filter(([name, value]) => JSON.stringify(inOrder(value)) !== off[name]),
  );
}

Deno.test("what did not come back is named, with what puts it right", async () => {
  const emulator = failing({ service: { deploymentConfiguration: BREAKER } });
  const grace = { healthCheckGracePeriodSeconds: 30 };
  // Somebody sets it once more, just after the way back.
  const setAgain = actAfter((world) => world.updateService({ service: "myservice", ...grace }));
  emulator.inject({ operation: "UpdateService", nth: 2, effect: setAgain });
  const { code, stderr } = await deploy(emulator, grace, EVENTS);
  assert.equal(code, 6);
  assert.match(
    stderr,
    /myservice:4 is live: .* NOT restored: healthCheckGracePeriodSeconds/,
  );
  assert.match(stderr, /to restore it: aws .*ecs update-service .*--health-check-grace-period-seconds 0/);
});

Deno.test("a member that only a newer API knows is sent, and nobody claims to have taken it back", async () => {
  const future = { futureIsolation: { mode: "STRICT" } };
  const emulator = failing({ service: { deploymentConfiguration: BREAKER } });
  const { code, stderr } = await deploy(emulator, future, EVENTS);
  assert.equal(code, 6, stderr);
  assert.deepEqual(orders(emulator).map(({ futureIsolation }) => futureIsolation), [future.futureIsolation, undefined]);
  assert.match(
    stderr,
    /futureIsolation stays as this deploy sets it, even if the deploy fails: the service has none yet/,
  );
  assert.match(
    stderr,
    /Not known whether restored: futureIsolation\.\n(?:.*advice: .*\n)?.* compare: ecspresso diff\n/,
  );
});
