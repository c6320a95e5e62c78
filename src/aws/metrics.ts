import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { type MetricQuery, type MetricsPort, type MetricValues, MINUTE_MS } from "../model/metrics.ts";
import { Api } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { inChunks, list, optionalText, optionalTimeMs, requiredList } from "./read_answer.ts";

/** Limits of one call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const QUERIES_PER_CALL = 500;
const VALUES_PER_CALL = 100_800;

export function connectMetrics(options: ConnectionOptions): MetricsPort {
  const api = new Api(options, (config) => new CloudWatchClient(config));
  return {
    readMetrics(queries, fromMs, toMs, signal) {
      const mostOfMinutes = Math.floor(VALUES_PER_CALL / Math.max(1, Math.ceil((toMs - fromMs) / MINUTE_MS)));
      return inChunks(queries, Math.min(QUERIES_PER_CALL, mostOfMinutes), (chunk) => {
        const command = new GetMetricDataCommand({
          MetricDataQueries: chunk.map(toQuery),
          StartTime: new Date(fromMs),
          EndTime: new Date(toMs),
        });
        return api.read(command, signal, ({ MetricDataResults }) => {
          const results = requiredList(MetricDataResults, "MetricDataResults");
          const byId = new Map(results.map((one) => [optionalText(one.Id, "Id"), one]));
          return chunk.map((_, index) => fromResult(byId.get(idOf(index))));
        });
      });
    },
  };
}

const idOf = (index: number) => `q${index}`;

function toQuery({ namespace, name, statistic, dimensions }: MetricQuery, index: number) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  return { Id: idOf(index), MetricStat: { Metric, Period: MINUTE_MS / 1_000, Stat: statistic } };
}

/** Reads values, in whatever order they come; what is not a number, or negative, is left out. */
function fromResult(result: MetricDataResult | undefined): MetricValues {
  if (result === undefined) return { values: new Map(), status: "missing" };
  const numbers: readonly unknown[] = list(result.Values, "Values");
  const values = list(result.Timestamps, "Timestamps").flatMap((time, index): [number, number][] => {
    const [atMs, value] = [optionalTimeMs(time, "Timestamps"), numbers[index]];
    const isCount = typeof value === "number" && Number.isFinite(value) && value >= 0;
    return atMs !== undefined && isCount ? [[Math.floor(atMs / MINUTE_MS) * MINUTE_MS, value]] : [];
  });
  const status = optionalText(result.StatusCode, "StatusCode") ?? "Complete";
  return { values: new Map(values), ...(status !== "Complete" && { status }) };
}
