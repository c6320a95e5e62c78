import assert from "node:assert/strict";
import { answerWith } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import {
  ALARMS,
  BREAKER,
  deploy,
  files,
  MONITORING,
  NO_ALARMS,
  orders,
  settings,
  SPOT,
  updates,
} from "./service_update_deploys.ts";

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
