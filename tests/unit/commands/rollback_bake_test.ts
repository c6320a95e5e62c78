import assert from "node:assert/strict";
import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Answer } from "../../emulator/exchange.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { definitionOf, fleet, fleetService } from "../../emulator/fleet.ts";
import { type MyService, myservice, RESOURCE_ID, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { CONFIG_FILES, runInProcess, type RunOptions } from "../../in_process.ts";
import { readPlan } from "../../plan_schema.ts";

/** Whether a rollback has helped is watched once all else is done, with few calls, and changes nothing. */

const MINUTE_MS = 60_000;
const groupOf = (name: string) =>
  `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const balancedBy = (targetGroupArn: string) => [{ targetGroupArn, containerName: "app", containerPort: 8080 }];
const FAILING = { requests: 400, failures: 160, unhealthyHosts: 0 };

/** Requests of the release that runs fail; after the order to go back, as many as are given. */
function failing(failures: number, world: MyService = {}): Emulator {
  const emulator = myservice({ history: [3, 4], ...world, service: { loadBalancers: balancedBy(groupOf("web")) } });
  emulator.setTraffic(groupOf("web"), FAILING);
  emulator.advance(10 * MINUTE_MS);
  const change = actAfter((changed) => changed.setTraffic(groupOf("web"), { failures }));
  emulator.inject({ operation: "UpdateService", effect: change });
  return emulator;
}

async function runOn(emulator: Emulator, line: string, options: RunOptions = {}) {
  emulator.calls.length = 0;
  const { code, stderr, files } = await runInProcess(emulator, line.split(" "), options);
  const operations = emulator.calls.map(({ operation }) => operation);
  const countOf = (name: string) => operations.filter((operation) => operation === name).length;
  return { code, stderr, files, operations, countOf, changes: operations.filter((operation) => !isRead(operation)) };
}

Deno.test("nothing is changed once a rollback has not helped: it is for a person to deploy forward again", async () => {
  const { code, changes, countOf } = await runOn(failing(150), "rollback --revision 3 --bake 5m");
  assert.deepEqual([code, changes], [10, ["UpdateService"]]);
  assert.equal(countOf("DescribeAlarms"), 0);
  // Once to plan, and twice for what stands before it.
  assert.equal(countOf("DescribeTargetGroups"), 3);
});

Deno.test("auto scaling is restored before the first metric is read, and stays so when the baking is stopped", async () => {
  const line = "rollback --revision 3 --bake 5m --suspend-auto-scaling --resume-auto-scaling";
  const emulator = failing(0);
  const stopped = await runOn(emulator, line, { stopAfterMs: { ms: 4 * MINUTE_MS, signal: "SIGTERM" } });
  assert.equal(stopped.code, 143, stopped.stderr);
  const { operations } = stopped;
  assert.ok(operations.lastIndexOf("RegisterScalableTarget") < operations.indexOf("GetMetricData"), operations.join());
  assert.ok(operations.lastIndexOf("UntagResource") < operations.indexOf("GetMetricData"), operations.join());
  const { suspendedState } = emulator.state().scalableTargets[RESOURCE_ID]!;
  assert.deepEqual(Object.values(suspendedState), [false, false, false]);
  assert.match(stopped.stderr, /the baking was stopped/);
  assert.equal(stopped.stderr.match(/myservice:3 is live/g)?.length, 1, stopped.stderr);
});

Deno.test("metrics are read once a minute, and no more once they are denied", async () => {
  const helped = await runOn(failing(0), "rollback --revision 3 --bake 5m");
  assert.equal(helped.code, 0, helped.stderr);
  // At once, and each minute until the fifth one has come.
  assert.equal(helped.countOf("GetMetricData"), 9);
  const denied = failing(0);
  denied.inject({ operation: "GetMetricData", effect: accessDenied("cloudwatch"), times: Infinity });
  const less = await runOn(denied, "rollback --revision 3 --bake 5m");
  assert.deepEqual([less.code, less.countOf("GetMetricData")], [0, 1]);
});

Deno.test("what CloudWatch gives in part, or not at all, makes no rollback one that has helped", async (t) => {
  // deno-lint-ignore no-explicit-any -- the shape of an answer
  const changing = (change: (result: any) => object) => (own: Answer): Answer => {
    const answer = JSON.parse(own.body as string);
    return { ...own, body: JSON.stringify({ MetricDataResults: answer.MetricDataResults.map(change) }) };
  };
  const isOfFailures = ({ Label }: { Label: string }) => Label === "HTTPCode_Target_5XX_Count";
  // deno-lint-ignore no-explicit-any -- the shape of an answer
  const withoutNewest = ({ Values, Timestamps, ...one }: any) => {
    return { ...one, Values: Values.slice(4), Timestamps: Timestamps.slice(4), StatusCode: "PartialData" };
  };
  const table: [string, (own: Answer) => Answer][] = [
    [
      "partial",
      changing((one) => isOfFailures(one) ? withoutNewest(one) : one),
    ],
    ["forbidden", changing((one) => isOfFailures(one) ? { Id: one.Id, StatusCode: "Forbidden" } : one)],
    ["nothing but names", changing(({ Id }) => ({ Id, StatusCode: "Complete" }))],
    ["of no shape", (own) => ({ ...own, body: '{"MetricDataResults":5}' })],
  ];
  for (const [name, by] of table) {
    await t.step(name, async () => {
      const emulator = failing(150);
      emulator.inject({
        operation: "GetMetricData",
        times: Infinity,
        effect: { kind: "replace", applied: true, name, by },
      });
      const { code, stderr } = await runOn(emulator, "rollback --revision 3 --bake 2m");
      assert.equal(code, 0, stderr);
      assert.match(stderr, /Whether it helped cannot be said: /);
    });
  }
});

/** Services of one release, each behind a load balancer of its own, of which requests fail. */
function failingFleet(services: number): Emulator {
  const emulator = fleet({ services });
  const names = Array.from({ length: services }, (_, index) => fleetService(index + 1));
  for (const revision of [3, 4]) {
    for (const name of names) {
      const { containerDefinitions: [app], ...others } = definitionOf(name, revision - 2);
      const containerDefinitions = [{ ...app!, portMappings: [{ containerPort: 8080 }] }];
      emulator.registerTaskDefinition({ ...others, containerDefinitions });
      const loadBalancers = balancedBy(groupOf(name));
      emulator.updateService({ service: name, taskDefinition: `${name}:${revision}`, loadBalancers });
    }
    emulator.advance(UNTIL_STEADY_MS);
  }
  for (const name of names) emulator.setTraffic(groupOf(name), FAILING);
  emulator.advance(10 * MINUTE_MS);
  return emulator;
}

const ALL = "rollback --service service-* --cluster default --region ap-northeast-1 --revision previous --bake 3m";

Deno.test("many services are watched by the same calls, and each has its own verdict", async () => {
  const emulator = failingFleet(3);
  const [first, ...others] = [1, 2, 3].map(fleetService);
  const change = actAfter((changed) => {
    for (const name of others) changed.setTraffic(groupOf(name), { failures: 0 });
  });
  emulator.inject({ operation: "UpdateService", nth: 3, effect: change });
  emulator.setAlarm("shared", "OK");
  const { code, stderr, countOf } = await runOn(emulator, `${ALL} --alarm shared`, { isFleet: true, files: {} });
  assert.equal(code, 10, stderr);
  assert.ok(countOf("GetMetricData") <= 8, String(countOf("GetMetricData")));
  // Once more, before the first order.
  assert.equal(countOf("DescribeAlarms"), countOf("GetMetricData") + 1);
  assert.match(stderr, new RegExp(`1 did NOT help \\(${first}/default\\), 2 helped\\.`));
});

Deno.test("a rollback that has failed is not watched: the release is not back", async () => {
  const emulator = failing(0, { behaviours: { 3: crashLoop() } });
  const { code, stderr, countOf } = await runOn(emulator, "rollback --revision 3 --fail-after 2 --bake 5m");
  assert.equal(code, 6, stderr);
  assert.equal(countOf("GetMetricData"), 0, stderr);
});

Deno.test("a service that goes back to the release that was left is not watched", async () => {
  const emulator = failingFleet(2);
  emulator.setBehaviour(`${fleetService(2)}:3`, crashLoop());
  const { code, stderr, countOf } = await runOn(emulator, `${ALL} --on-failure undo`, { isFleet: true, files: {} });
  assert.equal(code, 6, stderr);
  assert.equal(countOf("GetMetricData"), 0);
});

Deno.test("a plan file keeps for how long it bakes, and by which alarms; what is typed with it counts", async () => {
  const planned = await runOn(
    failing(0),
    "rollback --revision 3 --bake 5m --alarm a --alarm b --dry-run --plan-out p.json",
  );
  const { options } = readPlan(planned.files.get("p.json"));
  assert.deepEqual([options.bake, options.alarm], ["300s", ["a", "b"]]);
  const files = { ...CONFIG_FILES, "p.json": planned.files.get("p.json")! };
  const emulator = failing(0);
  const carried = await runOn(emulator, "rollback --plan p.json", { files });
  assert.match(carried.stderr, /Baking for 5m: .*the alarms a, b/);
  const typed = await runOn(failing(0), "rollback --plan p.json --bake 2m", { files });
  assert.match(typed.stderr, /Baking for 2m: /);
});

Deno.test("who asks once it is long back has an answer at once, by either command, and nothing is changed", async () => {
  for (const line of ["rollback --revision 3 --bake 5m", "wait --bake 5m"]) {
    for (const [failures, expected] of [[0, 0], [150, 10]] as const) {
      const emulator = failing(failures);
      await runOn(emulator, "rollback --revision 3");
      emulator.advance(30 * MINUTE_MS);
      const beganAtMs = emulator.now();
      const { code, stderr, changes, countOf } = await runOn(emulator, line);
      assert.deepEqual([code, changes, countOf("GetMetricData")], [expected, [], 1], stderr);
      assert.equal(emulator.now(), beganAtMs);
    }
  }
});

Deno.test("a run that was ended while it baked is gone on with by the same command, for the rest of the time", async () => {
  const line = "rollback --revision 3 --bake 10m --alarm gone";
  const emulator = failing(0);
  const stopped = await runOn(emulator, line, { stopAfterMs: { ms: 4 * MINUTE_MS, signal: "SIGINT" } });
  assert.match(stopped.stderr, /to ask again later whether it helped: ecspresso wait --bake 10m --alarm gone/);
  const beganAtMs = emulator.now();
  const { code, stderr, changes } = await runOn(emulator, line);
  assert.deepEqual([code, changes], [0, []], stderr);
  assert.match(stderr, /It helped/);
  const tookMs = emulator.now() - beganAtMs;
  assert.ok(tookMs > 5 * MINUTE_MS && tookMs < 11 * MINUTE_MS, String(tookMs));
});

Deno.test("of many that are back, the histories of their alarms are read once for all", async () => {
  const emulator = failingFleet(3);
  emulator.setAlarm("shared", "ALARM");
  await runOn(emulator, ALL.replace(" --bake 3m", ""), { isFleet: true, files: {} });
  emulator.setAlarm("shared", "OK");
  emulator.advance(30 * MINUTE_MS);
  const line = "wait --service service-* --cluster default --region ap-northeast-1 --bake 3m --alarm shared";
  const { code, stderr, countOf } = await runOn(emulator, line, { isFleet: true, files: {} });
  assert.equal(code, 10, stderr);
  assert.deepEqual([countOf("DescribeAlarmHistory"), countOf("GetMetricData")], [1, 1]);
});

Deno.test("a deployment that is followed goes on to be watched, with the options that were typed", async () => {
  const emulator = failing(0);
  const line = "rollback --revision 3 --bake 2m --alarm a --timeout 5s";
  const { code, stderr } = await runOn(emulator, line);
  assert.equal(code, 7, stderr);
  assert.match(stderr, /to follow the deployment: ecspresso wait --bake 2m --alarm a\n/);
  const followed = await runOn(emulator, "wait --bake 2m --alarm a");
  assert.equal(followed.code, 0, followed.stderr);
  assert.match(followed.stderr, /It helped/);
});
