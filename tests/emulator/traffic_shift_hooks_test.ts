import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { Emulator, EmulatorOptions } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";
import { current, running, UPDATE } from "./shifted.ts";

const STAGES = ["PRODUCTION_TRAFFIC_SHIFT"];

Deno.test("a hook pauses a deployment until it is answered", async (t) => {
  const table = [["CONTINUE", "SUCCESSFUL", "myservice:3"], [
    "ROLLBACK",
    "ROLLBACK_SUCCESSFUL",
    "myservice:4",
  ]] as const;
  for (const [action, status, taskDefinition] of table) {
    await t.step(action, () => {
      const emulator = createScenario("paused_hook");
      emulator.updateService(UPDATE);
      emulator.advance(3_600_000);
      const { lifecycleHookDetails: [hook], lifecycleStage, serviceDeploymentArn } = current(emulator);
      assert.deepEqual([hook.status, lifecycleStage], ["AWAITING_ACTION", "POST_TEST_TRAFFIC_SHIFT"]);
      const answer = (hookId: string) =>
        ask(emulator, "ContinueServiceDeployment", { serviceDeploymentArn, hookId, action }).type;
      assert.equal(answer("another"), "InvalidParameterException");
      assert.equal(answer(hook.hookId), undefined);
      emulator.advance(300_000);
      assert.equal(current(emulator).status, status);
      assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, taskDefinition);
      assert.equal(answer(hook.hookId), "InvalidParameterException");
    });
  }
});

Deno.test("a hook that nobody answers rolls the deployment back after a day", () => {
  const emulator = createScenario("paused_hook");
  emulator.updateService(UPDATE);
  emulator.advance(25 * 3_600_000);
  assert.equal(current(emulator).status, "ROLLBACK_SUCCESSFUL");
});

const shifting = (deploymentConfiguration: JsonObject, options: EmulatorOptions = {}) =>
  myservice({ options, history: [4], service: { deploymentConfiguration } });

function answerHook(emulator: Emulator, action: "CONTINUE" | "ROLLBACK"): void {
  const { serviceDeploymentArn, lifecycleHookDetails } = current(emulator);
  const hookId = lifecycleHookDetails[0].hookId;
  assert.equal(ask(emulator, "ContinueServiceDeployment", { serviceDeploymentArn, hookId, action }).type, undefined);
}

Deno.test("a hook that nobody answers does what it says when its time is over", () => {
  for (const [action, status] of [["CONTINUE", "SUCCESSFUL"], ["ROLLBACK", "ROLLBACK_SUCCESSFUL"]] as const) {
    const emulator = shifting({
      strategy: "BLUE_GREEN",
      lifecycleHooks: [{
        targetType: "PAUSE",
        lifecycleStages: ["PRE_SCALE_UP"],
        timeoutConfiguration: { timeoutInMinutes: 3, action },
      }],
    });
    emulator.updateService(UPDATE);
    emulator.advance(60_000);
    const [{ expiresAt, timeoutAction }] = current(emulator).lifecycleHookDetails;
    assert.deepEqual([expiresAt, timeoutAction], [emulator.now() / 1000 + 180 - 59, action]);
    emulator.advance(8 * 60_000);
    assert.equal(current(emulator).status, status);
  }
});

Deno.test("before production traffic a hook pauses at every step", () => {
  const emulator = shifting({
    strategy: "LINEAR",
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 },
    lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] }],
  });
  emulator.updateService(UPDATE);
  for (const _step of [1, 2]) {
    emulator.advance(120_000);
    assert.equal(current(emulator).lifecycleHookDetails[0].status, "AWAITING_ACTION");
    answerHook(emulator, "CONTINUE");
  }
  emulator.advance(180_000);
  assert.equal(current(emulator).status, "SUCCESSFUL");
});

Deno.test("a function that fails turns a deployment back, and is called again on the way back", () => {
  const hookTargetArn = "arn:aws:lambda:ap-northeast-1:123456789012:function:check";
  const emulator = shifting({
    strategy: "BLUE_GREEN",
    lifecycleHooks: [{ hookTargetArn, roleArn: "arn:aws:iam::123456789012:role/hooks", lifecycleStages: STAGES }],
  });
  emulator.setFunction(hookTargetArn, "FAILED");
  emulator.updateService(UPDATE);
  const seen: string[] = [];
  while (!current(emulator).status.endsWith("SUCCESSFUL")) {
    emulator.advance(1_000);
    const { status, lifecycleStage, lifecycleHookDetails: [hook] = [undefined] } = current(emulator);
    const line = `${status} ${lifecycleStage} ${hook?.status ?? "-"}`;
    if (seen.at(-1) !== line) seen.push(line);
  }
  assert.deepEqual(seen.slice(-6), [
    "IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT FAILED",
    "ROLLBACK_IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS TEST_TRAFFIC_SHIFT -",
    "ROLLBACK_IN_PROGRESS CLEAN_UP -",
    "ROLLBACK_SUCCESSFUL CLEAN_UP -",
  ]);
  const reason = "Service deployment rolled back because PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed. " +
    `Lifecycle hook target ${hookTargetArn} returned FAILED status.`;
  assert.deepEqual([current(emulator).rollback.reason, current(emulator).statusReason], [reason, reason]);
  const events = (emulator.describeService("myservice").events as JsonObject[]).map(({ message }) => String(message));
  assert.ok(events.some((event) => event.endsWith(`deployment failed: ${reason}`)), events.join("\n"));
});

Deno.test("listener rules that lead elsewhere end a deployment before its production traffic", () => {
  const emulator = shifting({ strategy: "BLUE_GREEN" });
  emulator.misroute("myservice", "One or more rules not found");
  emulator.updateService(UPDATE);
  emulator.advance(60_000);
  const reason =
    "Service deployment rolled back because of invalid networking configuration. One or more rules not found";
  assert.deepEqual([current(emulator).statusReason, current(emulator).rollback.reason], [reason, reason]);
  emulator.advance(120_000);
  assert.equal(current(emulator).status, "ROLLBACK_SUCCESSFUL");
});

Deno.test("shifting traffic back can take its steps and its bake time, too", () => {
  for (const rollbackTakesSteps of [true, false]) {
    const emulator = shifting({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 }, { rollbackTakesSteps });
    emulator.updateService(UPDATE);
    emulator.advance(120_000);
    assert.equal(current(emulator).lifecycleStage, "BAKE_TIME");
    ask(emulator, "StopServiceDeployment", { serviceDeploymentArn: current(emulator).serviceDeploymentArn });
    emulator.advance(2_000);
    assert.deepEqual(running(emulator), [["myservice:4", 2], ["myservice:3", 2]]);
    emulator.advance(120_000);
    assert.equal(current(emulator).status, rollbackTakesSteps ? "ROLLBACK_IN_PROGRESS" : "ROLLBACK_SUCCESSFUL");
    emulator.advance(300_000);
    assert.equal(current(emulator).status, "ROLLBACK_SUCCESSFUL");
  }
});

Deno.test("a PAUSE is refused where hooks run again on the way back", () => {
  const lifecycleHooks = [{ targetType: "PAUSE", lifecycleStages: STAGES }];
  const emulator = createScenario("blue_green");
  const deploymentConfiguration = { strategy: "BLUE_GREEN", lifecycleHooks };
  const { type, message } = ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration });
  assert.deepEqual([type, message], [
    "InvalidParameterException",
    "PAUSE hooks cannot be configured at PRODUCTION_TRAFFIC_SHIFT",
  ]);
});

Deno.test("the strategy stays while a deployment is under way; what deployments wait for may change, for the next one", () => {
  const emulator = shifting({ strategy: "CANARY", bakeTimeInMinutes: 5 });
  const update = (deploymentConfiguration: JsonObject) =>
    ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration });
  emulator.updateService(UPDATE);
  assert.match(
    update({ strategy: "BLUE_GREEN" }).message ?? "",
    /^Cannot change the deployment strategy from CANARY to/,
  );
  const canaryConfiguration = { canaryPercent: 100, canaryBakeTimeInMinutes: 0 };
  const { service } = update({ canaryConfiguration, bakeTimeInMinutes: 0, lifecycleHooks: [] }).output;
  assert.deepEqual(service.deploymentConfiguration.canaryConfiguration, canaryConfiguration);
  assert.equal(current(emulator).deploymentConfiguration.bakeTimeInMinutes, 5);
  emulator.advance(20 * 60_000);
  assert.equal(update({ strategy: "BLUE_GREEN" }).type, undefined);
});
