import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice } from "./myservice.ts";

const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";
const MINUTE = 60_000;

function balanced(loadBalancers?: readonly string[]): Emulator {
  const emulator = myservice();
  emulator.setTargetGroup(TARGET_GROUP, "ip", loadBalancers);
  return emulator;
}

function query(MetricName: string, more: JsonObject = {}, LoadBalancer = "app/web/0123456789abcdef"): JsonObject {
  const Namespace = LoadBalancer.startsWith("net/") ? "AWS/NetworkELB" : "AWS/ApplicationELB";
  const Dimensions = [
    { Name: "LoadBalancer", Value: LoadBalancer },
    { Name: "TargetGroup", Value: "targetgroup/web/0123456789abcdef" },
  ];
  const Metric = { Namespace, MetricName, Dimensions };
  return { Id: MetricName.toLowerCase(), MetricStat: { Metric, Period: 60, Stat: "Sum" }, ...more };
}

function read(emulator: Emulator, MetricDataQueries: JsonObject[], more: JsonObject = {}) {
  const EndTime = emulator.now() / 1_000;
  return ask(
    emulator,
    "GetMetricData",
    { MetricDataQueries, StartTime: EndTime - 3_600, EndTime, ...more },
    "cloudwatch",
  );
}

/** The values of each query, oldest first. */
function values(emulator: Emulator, ...queries: JsonObject[]): unknown[] {
  const { output } = read(emulator, queries, { ScanBy: "TimestampAscending" });
  return output.MetricDataResults.map(({ Values }: JsonObject) => Values);
}

Deno.test("what reaches a target group is known by the minute, and two minutes late", () => {
  const emulator = balanced();
  emulator.setTraffic(TARGET_GROUP, { requests: 100, failures: 40, unhealthyHosts: 1 });
  emulator.advance(2 * MINUTE);
  assert.deepEqual(values(emulator, query("RequestCount")), [[]]);
  emulator.setTraffic(TARGET_GROUP, { failures: 0 });
  emulator.advance(3 * MINUTE);
  const names = ["RequestCount", "HTTPCode_Target_5XX_Count", "UnHealthyHostCount"];
  assert.deepEqual(values(emulator, ...names.map((name) => query(name))), [[100, 100, 100], [40, 40], [1, 1, 1]]);
  emulator.configure({ metricDelayMs: 0 });
  assert.deepEqual(values(emulator, query("RequestCount")), [[100, 100, 100, 100, 100]]);
});

Deno.test("results are newest first unless asked for otherwise, and of nobody else's metric there are none", () => {
  const emulator = balanced();
  emulator.configure({ metricDelayMs: 0 });
  emulator.setTraffic(TARGET_GROUP, { requests: 1 });
  emulator.advance(MINUTE);
  emulator.setTraffic(TARGET_GROUP, { requests: 2 });
  emulator.advance(MINUTE);
  const { output } = read(emulator, [query("RequestCount")]);
  const [{ Values, Timestamps, StatusCode }] = output.MetricDataResults;
  assert.deepEqual([Values, Timestamps[0] - Timestamps[1], StatusCode], [[2, 1], 60, "Complete"]);
  assert.deepEqual(values(emulator, query("RequestCount", {}, "app/other/0123456789abcdef")), [[]]);
  assert.deepEqual(values(emulator, query("ActiveConnectionCount")), [[]]);
});

Deno.test("a Network Load Balancer knows hosts and no requests", () => {
  const loadBalancer = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/net/web/0123456789abcdef";
  const emulator = balanced([loadBalancer]);
  emulator.setTraffic(TARGET_GROUP, { requests: 10, failures: 10, unhealthyHosts: 2 });
  emulator.advance(4 * MINUTE);
  const names = ["RequestCount", "HTTPCode_Target_5XX_Count", "UnHealthyHostCount"];
  const queries = names.map((name) => query(name, {}, "net/web/0123456789abcdef"));
  assert.deepEqual(values(emulator, ...queries), [[], [], [2, 2]]);
});

Deno.test("what AWS refuses is refused", async (t) => {
  const many = Array.from({ length: 501 }, (_, index) => query("RequestCount", { Id: `q${index}` }));
  const ofPeriod = (Period: number) => [{
    ...query("RequestCount"),
    MetricStat: { ...query("RequestCount").MetricStat as JsonObject, Period },
  }];
  const now = myservice().now() / 1_000;
  const table: [string, JsonObject[], JsonObject, RegExp][] = [
    ["more than 500 queries", many, {}, /^ValidationException .*500/],
    ["an end before the start", [query("RequestCount")], { StartTime: now, EndTime: now - 60 }, /StartTime/],
    ["an ID that begins with a capital", [query("RequestCount", { Id: "Q" })], {}, /^ValidationException .*Id/],
    ["an ID that comes twice", [query("RequestCount"), query("RequestCount")], {}, /unique/],
    ["a period that is no whole minute", ofPeriod(90), {}, /Period/],
    ["short periods of old values", ofPeriod(30), { StartTime: now - 86_400 }, /Period/],
    ["minutes of values from three weeks ago", ofPeriod(60), { StartTime: now - 21 * 86_400 }, /multiple of 300/],
    ["a token of nobody's", [query("RequestCount")], { NextToken: "no" }, /^InvalidNextToken/],
    ["a math expression", [{ Id: "e", Expression: "1" }], {}, /NotEmulated/],
    ["neither a metric nor an expression", [{ Id: "e" }], {}, /Exactly one/],
  ];
  for (const [what, queries, more, expected] of table) {
    await t.step(what, () => {
      const { status, type, message } = read(balanced(), queries, more);
      assert.equal(status, 400);
      assert.match(`${type} ${message}`, expected);
    });
  }
  assert.equal(read(balanced(), many.slice(0, 500)).status, 200);
});

const APP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web/0123456789abcdef";

Deno.test("what a load balancer answers itself is its own, whichever target group it was for", () => {
  const emulator = balanced([APP]);
  const other = TARGET_GROUP.replace("/web/", "/other/");
  emulator.setTargetGroup(other, "ip", [APP]);
  emulator.setTraffic(TARGET_GROUP, { requests: 10, rejected: 7 });
  emulator.setTraffic(other, { rejected: 5 });
  emulator.advance(3 * MINUTE);
  const named = query("HTTPCode_ELB_5XX_Count");
  const { Metric } = named.MetricStat as { Metric: { Dimensions: JsonObject[] } };
  const own = {
    ...named,
    MetricStat: { ...named.MetricStat as JsonObject, Metric: { ...Metric, Dimensions: [Metric.Dimensions[0]!] } },
  };
  assert.deepEqual(values(emulator, own), [[12]]);
  assert.deepEqual(values(emulator, named), [[]]);
  assert.deepEqual(values(emulator, query("RequestCount")), [[10]]);
});

Deno.test("a Classic Load Balancer has metrics by its name", () => {
  const emulator = myservice();
  emulator.setTraffic("classic", { requests: 10, failures: 3, rejected: 2, unhealthyHosts: 1 });
  emulator.advance(3 * MINUTE);
  const byName = (MetricName: string) => {
    const Metric = { Namespace: "AWS/ELB", MetricName, Dimensions: [{ Name: "LoadBalancerName", Value: "classic" }] };
    return { Id: MetricName.toLowerCase(), MetricStat: { Metric, Period: 60, Stat: "Sum" } };
  };
  const names = ["RequestCount", "HTTPCode_Backend_5XX", "HTTPCode_ELB_5XX", "UnHealthyHostCount", "Latency"];
  assert.deepEqual(values(emulator, ...names.map(byName)), [[10], [3], [2], [1], []]);
});
