import assert from "node:assert/strict";
import { connectMetrics } from "../../../src/aws/metrics.ts";
import { AwsError } from "../../../src/errors.ts";
import type { MetricQuery } from "../../../src/model/metrics.ts";
import { awsFailure, connectionOptions, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const MINUTE_MS = 60_000;
const QUERY: MetricQuery = {
  namespace: "AWS/ApplicationELB",
  name: "RequestCount",
  statistic: "Sum",
  dimensions: { TargetGroup: "targetgroup/web/1", LoadBalancer: "app/web/1" },
};

function read(network: ReturnType<typeof stubNetwork>, queries = [QUERY], minutes = 10) {
  return connectMetrics(connectionOptions(network)).readMetrics(queries, 0, minutes * MINUTE_MS, NEVER);
}

const result = (more: object) => ({ body: { MetricDataResults: [{ Id: "q0", StatusCode: "Complete", ...more }] } });

Deno.test("metrics are asked for by the minute, 500 a call, and fewer where a call would have too many values", async (t) => {
  await t.step("one", async () => {
    const network = stubNetwork(result({ Timestamps: [60], Values: [5] }));
    const [found] = await read(network);
    assert.deepEqual([...found!.values], [[60_000, 5]]);
    const [{ operation, input }] = network.sent as unknown as [
      { operation: string; input: Record<string, unknown> & { MetricDataQueries: unknown[] } },
    ];
    assert.deepEqual([operation, input.StartTime, input.EndTime], ["GetMetricData", 0, 600]);
    const Dimensions = Object.entries(QUERY.dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: QUERY.namespace, MetricName: QUERY.name, Dimensions };
    assert.deepEqual(input.MetricDataQueries, [{ Id: "q0", MetricStat: { Metric, Period: 60, Stat: "Sum" } }]);
  });
  const sizes = async (queries: number, minutes: number) => {
    const empty = { body: { MetricDataResults: [] } };
    const network = stubNetwork(...Array.from({ length: 12 }, () => empty));
    await read(network, Array.from({ length: queries }, () => QUERY), minutes);
    const lengths = network.sent.map(({ input }) =>
      (input as { MetricDataQueries: unknown[] }).MetricDataQueries.length
    );
    return lengths.toSorted((one, other) => other - one);
  };
  await t.step("many", async () => assert.deepEqual(await sizes(501, 120), [500, 1]));
  await t.step("of a day", async () => assert.deepEqual(await sizes(100, 1_440), [70, 30]));
});

Deno.test("odd answers are no numbers, and what is not whole says so", async (t) => {
  const table: [string, object, unknown][] = [
    ["newest first", { Timestamps: [120, 60], Values: [2, 1] }, [[[120_000, 2], [60_000, 1]], undefined]],
    ["no number", { Timestamps: [60, 120, 180], Values: ["NaN", -1, 3] }, [[[180_000, 3]], undefined]],
    ["fewer values than times", { Timestamps: [60, 120], Values: [1] }, [[[60_000, 1]], undefined]],
    ["nothing", {}, [[], undefined]],
    ["in the middle of a minute", { Timestamps: [90], Values: [1] }, [[[60_000, 1]], undefined]],
    ["partial data", { Timestamps: [60], Values: [1], StatusCode: "PartialData" }, [[[60_000, 1]], "PartialData"]],
    ["forbidden", { StatusCode: "Forbidden" }, [[], "Forbidden"]],
  ];
  for (const [what, answer, expected] of table) {
    await t.step(what, async () => {
      const [found] = await read(stubNetwork(result(answer)));
      assert.deepEqual([[...found!.values], found!.status], expected);
    });
  }
  await t.step("no result for a query", async () => {
    const [found] = await read(stubNetwork({ body: { MetricDataResults: [] } }));
    assert.equal(found!.status, "missing");
  });
});

Deno.test("a refusal and an answer of the wrong shape are errors of AWS's", async () => {
  const kindOf = (kind: string) => (error: unknown) => error instanceof AwsError && error.kind === kind;
  await assert.rejects(read(stubNetwork(awsFailure("AccessDeniedException", "no"))), kindOf("denied"));
  await assert.rejects(read(stubNetwork({ body: {} })), kindOf("lost"));
  await assert.rejects(read(stubNetwork(result({ Values: "many" }))), kindOf("lost"));
});
