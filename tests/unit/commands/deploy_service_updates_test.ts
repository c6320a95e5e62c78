import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { secretNotFound } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, answerWith } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { type MyService, myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** Deploys that change what a service consists of, and what comes back of that where they fail, as a whole. */

const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE", "--timeout", "3m"];
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: false } };
const ALARMS = { alarmNames: ["new-alarm"], enable: true, rollback: true };
const NO_ALARMS = { alarmNames: [], enable: false, rollback: false };
const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
const SPOT = [
  { capacityProvider: "FARGATE", weight: 1, base: 1 },
  { capacityProvider: "FARGATE_SPOT", weight: 3 },
];

/** The files of the team, with more in the service definition; what is `undefined` is left out. */
function files(more: JsonObject): Record<string, string> {
  const service = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!);
  return { ...DEFINITION_FILES, "ecs-service-def.json": JSON.stringify({ ...service, ...more }) };
}

/** Revision 5, which is still to be registered, will not start. */
function failing(world: MyService = {}): Emulator {
  const emulator = myservice(world);
  emulator.setBehaviour("myservice:5", secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:x"));
  return emulator;
}

function deploy(emulator: Emulator, more: JsonObject, args: readonly string[] = [], isNew = true) {
  return runInProcess(emulator, ["deploy", ...args], { files: files(more), env: isNew ? { TAG: "1.4.0" } : {} });
}

function updates(emulator: Emulator): JsonObject[] {
  return emulator.calls.filter(({ operation }) => operation === "UpdateService").map(({ input }) => input ?? {});
}

/** What was ordered, without the names of the service. */
function orders(emulator: Emulator): JsonObject[] {
  return updates(emulator).map(({ cluster: _, service: __, ...order }) => order);
}

/** What DescribeServices shows of the service's own settings, and what only its newest service revision does. */
function settings(emulator: Emulator): JsonObject {
  const shown = emulator.describeService("myservice");
  const { launchType, capacityProviderStrategy, deploymentConfiguration, deploymentController } = shown;
  const [{ serviceConnectConfiguration }] = shown.deployments as [JsonObject];
  const serviceRevisionArns = (shown.currentServiceRevisions as JsonObject[]).map(({ arn }) => arn!);
  const revisions = emulator.call("AmazonEC2ContainerServiceV20141113.DescribeServiceRevisions", {
    serviceRevisionArns,
  }).serviceRevisions as JsonObject[];
  const newest = revisions.toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt))[0]!;
  const { monitoring, gatewayConnectors } = newest;
  return {
    launchType,
    capacityProviderStrategy,
    deploymentConfiguration,
    deploymentController,
    serviceConnectConfiguration,
    // Without an element they are the same as none.
    monitoring: JSON.stringify(monitoring ?? { metricConfigurations: [] }),
    gatewayConnectors: JSON.stringify(gatewayConnectors ?? []),
  };
}

Deno.test("monitoring and gateway connectors are updated, once", async (t) => {
  const members: [string, JsonObject[string]][] = [
    ["monitoring", MONITORING],
    ["gatewayConnectors", [{ portName: "http" }]],
  ];
  for (const revisionMembersRollOut of [true, false]) {
    for (const [name, value] of members) {
      await t.step(`${name}, with a deployment: ${revisionMembersRollOut}`, async () => {
        const emulator = myservice({ options: { revisionMembersRollOut } });
        const { code, stderr } = await deploy(emulator, { [name]: value }, [], false);
        assert.equal(code, 0, stderr);
        assert.doesNotMatch(stderr, /no update can change it/);
        assert.deepEqual(orders(emulator), [{ [name]: value }]);
        const again = await deploy(emulator, { [name]: value }, [], false);
        assert.deepEqual([again.code, updates(emulator).length], [0, 1], again.stderr);
        const diff = await runInProcess(emulator, ["diff", "--exit-code"], { files: files({ [name]: value }) });
        assert.deepEqual([diff.code, diff.stdout], [0, ""]);
      });
    }
  }
});

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

Deno.test("what a deploy added is taken away again where it fails", async (t) => {
  const table: [string, MyService, JsonObject][] = [
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
  for (const [name, world, more] of table) {
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

Deno.test("a capacity provider strategy that changes is forced, in a dry run as in a deploy, there and back", async () => {
  const more = { launchType: undefined, capacityProviderStrategy: SPOT };
  const notice = /this forces a new deployment: ECS changes a capacityProviderStrategy only with one/;
  const emulator = myservice();
  const dry = await deploy(emulator, more, ["--dry-run"], false);
  assert.equal(dry.code, 0);
  assert.match(dry.stdout, notice);
  const { code, stderr } = await deploy(emulator, more, [], false);
  assert.equal(code, 0, stderr);
  assert.match(stderr, notice);
  assert.deepEqual(orders(emulator), [{ capacityProviderStrategy: SPOT, forceNewDeployment: true }]);
  assert.deepEqual((await deploy(emulator, more, [], false)).code, 0);
  assert.equal(updates(emulator).length, 1, "the second deploy finds nothing to do");
  const back = await deploy(emulator, { capacityProviderStrategy: [] }, [], false);
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(orders(emulator)[1], { capacityProviderStrategy: [], forceNewDeployment: true });
  assert.equal(settings(emulator).launchType, "FARGATE");
  assert.doesNotMatch(back.stderr, /launchType/);
  await deploy(emulator, { capacityProviderStrategy: [] }, [], false);
  assert.equal(updates(emulator).length, 2);
});

Deno.test("a launch type alone does not take the capacity providers away, and it is said what does", async () => {
  const world = { service: { launchType: undefined, capacityProviderStrategy: SPOT } };
  const emulator = myservice(world);
  const { code, stderr } = await deploy(emulator, {}, [], false);
  assert.deepEqual([code, updates(emulator)], [0, []]);
  assert.match(
    stderr,
    /launchType is ignored: the service runs on its capacityProviderStrategy .*"capacityProviderStrategy": \[\]/,
  );
  const both = await deploy(emulator, { capacityProviderStrategy: SPOT }, [], false);
  assert.deepEqual([both.code, updates(emulator)], [0, []]);
  assert.match(
    both.stderr,
    /launchType of the service definition has no effect beside its capacityProviderStrategy: remove it/,
  );
});

Deno.test("what a file no longer names inside its deployment configuration is turned off, and the plan says so", async () => {
  const deploymentConfiguration = {
    ...BREAKER,
    alarms: ALARMS,
    maximumPercent: 150,
    lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] }],
  };
  const emulator = myservice({ service: { deploymentConfiguration } });
  const more = { deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 } };
  const dry = await deploy(emulator, more, ["--dry-run"], false);
  for (const name of ["alarms", "deploymentCircuitBreaker", "lifecycleHooks"]) {
    assert.match(
      dry.stdout,
      new RegExp(`deploymentConfiguration.${name} is reset to ECS's default`),
    );
  }
  const { code, stderr } = await deploy(emulator, more, [], false);
  assert.equal(code, 0, stderr);
  assert.deepEqual(orders(emulator), [{
    deploymentConfiguration: {
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      alarms: NO_ALARMS,
      deploymentCircuitBreaker: { enable: false, rollback: false },
      lifecycleHooks: [],
    },
  }]);
  await deploy(emulator, more, [], false);
  assert.equal(updates(emulator).length, 1, "the second deploy finds nothing to do");
});

Deno.test("a file without a deployment configuration turns nothing off, and it is said what would", async () => {
  const emulator = myservice({ service: { deploymentConfiguration: { alarms: ALARMS } } });
  const { code, stderr } = await deploy(emulator, {}, [], false);
  assert.deepEqual([code, updates(emulator)], [0, []]);
  assert.match(
    stderr,
    /deploymentConfiguration stays as it is: .* \("deploymentConfiguration": \{\} sets it to/,
  );
});

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

Deno.test("a deploy whose update is refused after a registration says that the service is unchanged", async () => {
  const emulator = myservice();
  const before = settings(emulator);
  emulator.inject({ operation: "UpdateService", effect: answerWith("InvalidParameterException", "no") });
  const { code, stderr } = await deploy(emulator, { enableExecuteCommand: true });
  assert.equal(code, 5);
  assert.deepEqual(settings(emulator), before);
  assert.match(stderr, /myservice:5 stays registered: the next deploy uses it/);
});

Deno.test("the deployment controller is updated, and nothing is waited for that another one deploys", async () => {
  const emulator = myservice();
  const { code, stderr } = await deploy(emulator, { deploymentController: { type: "CODE_DEPLOY" } }, [], false);
  assert.equal(code, 0, stderr);
  assert.deepEqual(orders(emulator), [{ deploymentController: { type: "CODE_DEPLOY" } }]);
  assert.match(stderr, /from now on CODE_DEPLOY deploys this service/);
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
