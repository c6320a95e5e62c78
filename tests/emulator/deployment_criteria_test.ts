import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { crashLoop, failsToStart, healthy, slowDrain } from "./behaviours.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { type MyService, myservice, UNTIL_STEADY_MS } from "./myservice.ts";

const MINUTE = 60_000;

function deploying(deploymentConfiguration: JsonObject, world: MyService = {}, desiredCount = 4): Emulator {
  const emulator = myservice({ history: [2, 4], ...world, service: { desiredCount, deploymentConfiguration } });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  return emulator;
}

function current(emulator: Emulator) {
  const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
  return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
}

/** The deployments, as `status revision rolloutState running/desired`. */
function shown(emulator: Emulator): string[] {
  const { deployments } = emulator.describeService("myservice");
  return (deployments as JsonObject[]).map(({ status, taskDefinition, rolloutState, runningCount, desiredCount }) =>
    `${status} ${String(taskDefinition).split(":").at(-1)} ${rolloutState} ${runningCount}/${desiredCount}`
  );
}

Deno.test("the circuit breaker trips at the threshold that is configured", async (t) => {
  const table: [JsonObject, number, number][] = [
    [{}, 10, 5],
    [{}, 2, 3],
    [{ thresholdConfiguration: { type: "COUNT", value: 1 } }, 4, 1],
    [{ thresholdConfiguration: { type: "COUNT", value: 7 } }, 4, 7],
    [{ thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 10 } }, 10, 3],
    [{ thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 90 } }, 10, 9],
    [{ thresholdConfiguration: { type: "UNBOUNDED_PERCENT", value: 10 } }, 10, 1],
    [{ thresholdConfiguration: { type: "UNBOUNDED_PERCENT", value: 55 } }, 3, 2],
  ];
  for (const [members, desiredCount, threshold] of table) {
    await t.step(`${JSON.stringify(members)} of ${desiredCount}: ${threshold}`, () => {
      const deploymentCircuitBreaker = { enable: true, rollback: false, ...members };
      const emulator = deploying({ deploymentCircuitBreaker }, { behaviours: { 3: failsToStart("no") } }, desiredCount);
      emulator.advance(10 * MINUTE);
      const { status, deploymentCircuitBreaker: breaker } = current(emulator);
      assert.deepEqual([status, breaker.status, breaker.threshold], ["STOPPED", "TRIGGERED", threshold]);
      assert.ok(breaker.failureCount >= threshold && breaker.failureCount < threshold + desiredCount);
    });
  }
});

Deno.test("a healthy task resets the breaker's count, unless that is turned off", () => {
  for (const resetOnHealthyTask of [true, false]) {
    const deploymentCircuitBreaker = {
      enable: true,
      rollback: false,
      resetOnHealthyTask,
      thresholdConfiguration: { type: "COUNT", value: 2 },
    };
    const emulator = deploying({ deploymentCircuitBreaker }, { behaviours: { 3: failsToStart("no") } }, 1);
    emulator.advance(22_000);
    assert.equal(current(emulator).deploymentCircuitBreaker.failureCount, 1);
    emulator.setBehaviour("myservice:3", crashLoop());
    emulator.advance(21_000);
    emulator.setBehaviour("myservice:3", failsToStart("no"));
    emulator.advance(25_000);
    const { status, deploymentCircuitBreaker: { failureCount } } = current(emulator);
    assert.deepEqual([status, failureCount], resetOnHealthyTask ? ["IN_PROGRESS", 1] : ["STOPPED", 2]);
  }
});

const EARLY = { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: "DEFERRED" };

/** Two of the four tasks at a time are replaced, and each takes five minutes to stop. */
function replacing(earlySuccessCriteria: JsonObject): Emulator {
  const percents = { minimumHealthyPercent: 50, maximumPercent: 100 };
  const emulator = deploying({ ...percents, earlySuccessCriteria }, { behaviours: { 4: slowDrain() } });
  emulator.advance(MINUTE);
  return emulator;
}

Deno.test("an early success completes a deployment while tasks are missing and old ones still stop", () => {
  const emulator = replacing(EARLY);
  while (shown(emulator)[0]?.includes("IN_PROGRESS")) emulator.advance(1_000);
  assert.deepEqual(shown(emulator), ["PRIMARY 3 COMPLETED 2/4", "ACTIVE 4 COMPLETED 0/0"]);
  assert.equal(current(emulator).status, "SUCCESSFUL");
  emulator.advance(10 * MINUTE);
  assert.deepEqual(shown(emulator), ["PRIMARY 3 COMPLETED 4/4"]);
});

Deno.test("an early success that waits for the clean-up stops the old tasks first", () => {
  const emulator = replacing({ ...EARLY, sourceServiceRevisionCleanup: "BLOCKING" });
  for (let second = 0; second < 900; second++) {
    emulator.advance(1_000);
    const [primary, ...others] = shown(emulator);
    if (primary?.includes("COMPLETED")) assert.deepEqual(others, []);
  }
  assert.deepEqual(shown(emulator), ["PRIMARY 3 COMPLETED 4/4"]);
});

Deno.test("... and completes with what runs, where the other new ones take long to start", () => {
  const emulator = deploying({
    minimumHealthyPercent: 75,
    maximumPercent: 150,
    earlySuccessCriteria: { ...EARLY, healthyPercent: 75, sourceServiceRevisionCleanup: "BLOCKING" },
  }, { behaviours: { 4: healthy({ stopMs: 500 }) } });
  emulator.advance(20_000);
  emulator.setBehaviour("myservice:3", healthy({ startMs: 10 * MINUTE }));
  emulator.advance(5_000);
  assert.deepEqual(shown(emulator), ["PRIMARY 3 IN_PROGRESS 3/4", "ACTIVE 4 COMPLETED 1/1"]);
  emulator.advance(MINUTE);
  assert.deepEqual(shown(emulator), ["PRIMARY 3 COMPLETED 3/4"]);
});

Deno.test("early success bakes where alarms are watched, and neither they nor the breaker end anything after it", () => {
  const alarms = { alarmNames: ["5xx"], enable: true, rollback: true };
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  const emulator = deploying({
    earlySuccessCriteria: { ...EARLY, healthyPercent: 100 },
    alarms,
    deploymentCircuitBreaker,
  }, { behaviours: { 4: slowDrain() } });
  emulator.setAlarm("5xx", "OK");
  emulator.advance(80_000);
  assert.equal(current(emulator).status, "IN_PROGRESS");
  emulator.advance(20_000);
  assert.deepEqual([current(emulator).status, shown(emulator).length], ["SUCCESSFUL", 2]);
  emulator.triggerAlarm("5xx");
  emulator.setBehaviour("myservice:3", failsToStart("no"));
  emulator.updateService({ service: "myservice", desiredCount: 9 });
  emulator.advance(10 * MINUTE);
  assert.equal(current(emulator).status, "SUCCESSFUL");
});

Deno.test("a deployment whose tasks are on their way out can be seen as DRAINING", () => {
  for (const showsDraining of [true, false]) {
    const emulator = deploying({}, { options: { showsDraining }, behaviours: { 4: slowDrain() } }, 1);
    emulator.advance(40_000);
    assert.equal(shown(emulator)[1]?.split(" ")[0], showsDraining ? "DRAINING" : "ACTIVE");
    emulator.advance(2 * UNTIL_STEADY_MS);
    assert.equal(shown(emulator).length, 1);
  }
});

Deno.test("the deployment that ECS goes back to can get a new createdAt", () => {
  for (const rollbackRenewsCreatedAt of [true, false]) {
    const emulator = deploying({}, { options: { rollbackRenewsCreatedAt } });
    const createdAt = () => (emulator.describeService("myservice").deployments as JsonObject[])[0]?.createdAt;
    const [before] = (emulator.describeService("myservice").deployments as JsonObject[]).slice(1);
    emulator.advance(30_000);
    ask(emulator, "StopServiceDeployment", { serviceDeploymentArn: current(emulator).serviceDeploymentArn });
    assert.equal(createdAt(), rollbackRenewsCreatedAt ? emulator.now() / 1000 : before?.createdAt);
  }
});
