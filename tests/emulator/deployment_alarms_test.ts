import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice } from "./myservice.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const NAMES = ["latency", "5xx"];

function watched(alarms: JsonObject, deploymentConfiguration: JsonObject = {}): Emulator {
  const members = { alarmNames: NAMES, enable: true, rollback: false, ...alarms };
  return myservice({
    history: [2, 4],
    service: { deploymentConfiguration: { ...deploymentConfiguration, alarms: members } },
  });
}

function deploy(emulator: Emulator): void {
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
}

function current(emulator: Emulator) {
  const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
  return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
}

// deno-lint-ignore no-explicit-any -- the shape of an answer
const describe = (emulator: Emulator): any => emulator.describeService("myservice");
const messages = (emulator: Emulator): string[] =>
  describe(emulator).events.map(({ message }: JsonObject) => String(message).replace(/\d{19}/g, "N"));

Deno.test("a deployment that an alarm ends is FAILED and stays", () => {
  const emulator = watched({});
  deploy(emulator);
  emulator.advance(MINUTE);
  emulator.triggerAlarm("5xx");
  emulator.advance(10 * MINUTE);
  const [primary] = describe(emulator).deployments;
  assert.deepEqual(
    [primary.taskDefinition.split("/")[1], primary.rolloutState, primary.rolloutStateReason],
    ["myservice:3", "FAILED", "ECS deployment failed: alarm detected."],
  );
  assert.equal(messages(emulator)[0], "(service myservice) (deployment ecs-svc/N) deployment failed: alarm detected.");
  const { status, statusReason, alarms, rollback, deploymentCircuitBreaker } = current(emulator);
  assert.deepEqual([status, statusReason, rollback], ["STOPPED", "ECS deployment failed: alarm detected.", undefined]);
  assert.deepEqual(alarms, { status: "TRIGGERED", alarmNames: NAMES, triggeredAlarmNames: ["5xx"] });
  assert.equal(deploymentCircuitBreaker.status, "DISABLED");
});

Deno.test("ECS goes back by itself where it may", () => {
  const emulator = watched({ rollback: true });
  deploy(emulator);
  emulator.advance(MINUTE);
  emulator.triggerAlarm("latency");
  assert.equal(current(emulator).status, "IN_PROGRESS");
  emulator.advance(SECOND);
  assert.equal(current(emulator).status, "ROLLBACK_IN_PROGRESS");
  assert.match(describe(emulator).deployments[0].rolloutStateReason, /: rolling back to deploymentId ecs-svc\/\d+\.$/);
  const found = messages(emulator).filter((message) => /deployment ecs-svc/.test(message)).slice(0, 2);
  assert.deepEqual(found, [
    "(service myservice) rolling back to deployment ecs-svc/N.",
    "(service myservice) (deployment ecs-svc/N) deployment failed: alarm detected.",
  ]);
  emulator.advance(10 * MINUTE);
  const { status, alarms, rollback } = current(emulator);
  assert.deepEqual([status, alarms.status, rollback.reason], [
    "ROLLBACK_SUCCESSFUL",
    "TRIGGERED",
    "Service deployment rolled back because of one or more active alarms.",
  ]);
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:4");
});

Deno.test("a rolling deployment is watched from its first running task until it is baked", () => {
  const emulator = watched({});
  deploy(emulator);
  emulator.advance(5 * SECOND);
  emulator.triggerAlarm("5xx");
  emulator.advance(5 * SECOND);
  assert.equal(current(emulator).status, "IN_PROGRESS");
  emulator.advance(MINUTE);
  assert.equal(current(emulator).alarms.status, "TRIGGERED");

  const quiet = watched({});
  deploy(quiet);
  quiet.advance(80 * SECOND);
  assert.deepEqual([describe(quiet).runningCount, current(quiet).status], [2, "IN_PROGRESS"]);
  quiet.advance(MINUTE);
  assert.deepEqual([current(quiet).status, current(quiet).alarms.status], ["SUCCESSFUL", "MONITORING_COMPLETE"]);
  quiet.triggerAlarm("5xx");
  quiet.advance(MINUTE);
  assert.equal(describe(quiet).deployments[0].rolloutState, "COMPLETED");
});

Deno.test("what is not watched ends nothing", async (t) => {
  const table: [string, JsonObject, string, "before" | "during"][] = [
    ["alarms that are not enabled", { enable: false }, "5xx", "during"],
    ["an alarm of somebody else's", {}, "cpu", "during"],
    ["one that is off before the deployment begins", {}, "5xx", "before"],
  ];
  for (const [what, alarms, name, when] of table) {
    await t.step(what, () => {
      const emulator = watched(alarms);
      if (when === "before") emulator.triggerAlarm(name);
      deploy(emulator);
      emulator.advance(MINUTE);
      emulator.triggerAlarm(name);
      emulator.advance(5 * MINUTE);
      assert.equal(current(emulator).status, "SUCCESSFUL");
    });
  }
});

Deno.test("one alarm that is off beforehand turns all of them off for that deployment, and for no other", () => {
  const emulator = watched({});
  emulator.triggerAlarm("5xx");
  deploy(emulator);
  emulator.advance(MINUTE);
  assert.deepEqual(current(emulator).alarms, { status: "DISABLED", alarmNames: NAMES, triggeredAlarmNames: [] });
  emulator.triggerAlarm("latency");
  emulator.advance(5 * MINUTE);
  assert.equal(current(emulator).status, "SUCCESSFUL");
  for (const name of NAMES) emulator.setAlarm(name, "OK");
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
  emulator.advance(MINUTE);
  emulator.triggerAlarm("latency");
  emulator.advance(MINUTE);
  const { status, alarms } = current(emulator);
  assert.deepEqual([status, alarms.triggeredAlarmNames], ["STOPPED", ["latency"]]);
});

Deno.test("DescribeAlarms returns the states of those that are there, of metric alarms unless more is asked for", () => {
  const emulator = watched({});
  emulator.setAlarm("latency", "OK");
  emulator.setAlarm("either", "INSUFFICIENT_DATA", "CompositeAlarm");
  emulator.triggerAlarm("5xx");
  const states = (input: JsonObject) => {
    const { MetricAlarms, CompositeAlarms } = ask(emulator, "DescribeAlarms", input, "cloudwatch").output;
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName, StateValue }) => `${AlarmName} ${StateValue}`);
  };
  assert.deepEqual(states({ AlarmNames: [...NAMES, "either", "none"] }), ["latency OK", "5xx ALARM"]);
  const AlarmTypes = ["MetricAlarm", "CompositeAlarm"];
  assert.deepEqual(states({ AlarmTypes }), ["latency OK", "5xx ALARM", "either INSUFFICIENT_DATA"]);
  assert.deepEqual(states({ StateValue: "ALARM" }), ["5xx ALARM"]);
  const first = ask(emulator, "DescribeAlarms", { MaxRecords: 1 }, "cloudwatch").output;
  assert.deepEqual(states({ MaxRecords: 1, NextToken: first.NextToken }), ["5xx ALARM"]);
  const prefix = ask(emulator, "DescribeAlarms", { AlarmNamePrefix: "l" }, "cloudwatch");
  assert.match(prefix.message ?? "", /^emulator: AlarmNamePrefix of DescribeAlarms is not supported$/);
});

Deno.test("blue/green is watched while it bakes, and goes back", () => {
  const emulator = watched({ rollback: true }, { strategy: "BLUE_GREEN", bakeTimeInMinutes: 2 });
  deploy(emulator);
  emulator.advance(90 * SECOND);
  assert.equal(current(emulator).lifecycleStage, "BAKE_TIME");
  emulator.triggerAlarm("5xx");
  emulator.advance(10 * MINUTE);
  const { status, alarms } = current(emulator);
  assert.deepEqual([status, alarms.triggeredAlarmNames], ["ROLLBACK_SUCCESSFUL", ["5xx"]]);
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:4");
});

Deno.test("the history of an alarm has each change of its state, of the kinds that are named", () => {
  const emulator = watched({});
  const history = (more: JsonObject = {}) =>
    ask(emulator, "DescribeAlarmHistory", { AlarmName: "latency", ...more }, "cloudwatch").output.AlarmHistoryItems
      .map(({ HistorySummary }: JsonObject) => HistorySummary);
  emulator.setAlarm("latency", "OK");
  emulator.advance(MINUTE);
  emulator.setAlarm("latency", "ALARM");
  emulator.setAlarm("latency", "ALARM");
  emulator.advance(MINUTE);
  emulator.setAlarm("latency", "OK");
  const changes = ["Alarm updated from ALARM to OK", "Alarm updated from OK to ALARM"];
  assert.deepEqual(history(), changes);
  assert.deepEqual(history({ ScanBy: "TimestampAscending" }), changes.toReversed());
  assert.deepEqual(history({ StartDate: emulator.now() / SECOND - 30 }), [changes[0]]);
  assert.deepEqual(history({ HistoryItemType: "Action" }), []);
  assert.deepEqual(history({ AlarmName: "other" }), []);
  assert.deepEqual(history({ AlarmTypes: ["CompositeAlarm"] }), []);
  emulator.advance(31 * 24 * 60 * MINUTE);
  assert.deepEqual(history(), []);
});
