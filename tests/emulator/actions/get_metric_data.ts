/** GetMetricData of Amazon CloudWatch */
import { AwsFailure, validationException } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { notEmulated } from "../not_emulated.ts";
import { valuesOf } from "../traffic.ts";
import type { Actions } from "./action.ts";

const MAX_QUERIES = 500;
const HOUR = 3_600;
const DAY = 24 * HOUR;
const STATISTICS = new Set(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]);

interface Query {
  id: string;
  period: number;
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

/**
 * "The period can be 1, 5, 10, 20, 30, 60, or any multiple of 60", and of old values, which are kept in longer ones, a
 * multiple of theirs (API reference, GetMetricData and MetricStat).
 */
function checkPeriod(period: number, ageSeconds: number): void {
  const least = ageSeconds > 63 * DAY ? HOUR : ageSeconds > 15 * DAY ? 300 : ageSeconds > 3 * HOUR ? 60 : 1;
  if ([1, 5, 10, 20, 30].includes(period) ? least === 1 : period > 0 && period % Math.max(60, least) === 0) return;
  throw validationException(`Period must be a multiple of ${Math.max(60, least)} seconds, or 1, 5, 10, 20 or 30`);
}

function readQuery(query: JsonObject): Query {
  const { Id, MetricStat, Expression, ReturnData = true, Label } = query;
  if (!/^[a-z]\w*$/.test(String(Id))) {
    throw validationException(
      `The value ${Id} for parameter MetricDataQueries.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if ((Expression === undefined) === (MetricStat === undefined)) {
    throw validationException("Exactly one of Expression and MetricStat has to be given for each MetricDataQuery");
  }
  if (Expression !== undefined || ReturnData === false || Label !== undefined) {
    throw notEmulated("more than MetricStat");
  }
  const { Metric, Period, Stat, Unit } = MetricStat as {
    Metric: JsonObject;
    Period: number;
    Stat: string;
    Unit?: string;
  };
  if (!STATISTICS.has(Stat) || Unit !== undefined) throw notEmulated(`the statistic ${Stat}, or a unit`);
  const dimensions = (Metric.Dimensions ?? []) as { Name: string; Value: string }[];
  return {
    id: String(Id),
    period: Period,
    namespace: String(Metric.Namespace),
    name: String(Metric.MetricName),
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
  };
}

/** Each query has its result, also where there is nothing of its metric; newest first, unless asked for otherwise. */
function getMetricData(world: World, input: Input): JsonObject {
  const written = input.requiredObjects("MetricDataQueries");
  if (written.length > MAX_QUERIES) {
    throw validationException(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  }
  const [start, end] = [input.integer("StartTime")!, input.integer("EndTime")!];
  if (start >= end) throw validationException("The parameter StartTime must be less than the parameter EndTime.");
  if (input.string("NextToken")) throw new AwsFailure("InvalidNextToken", "The token is not valid.");
  const queries = written.map(readQuery);
  if (new Set(queries.map(({ id }) => id)).size < queries.length) {
    throw validationException("The values for parameter id must be unique.");
  }
  const isAscending = input.string("ScanBy") === "TimestampAscending";
  return {
    MetricDataResults: queries.map((query) => {
      checkPeriod(query.period, world.nowMs / 1_000 - start);
      if (query.period !== 60) throw notEmulated(`a period of ${query.period} seconds`);
      // "Round down to the nearest whole minute" (StartTime); "exclusive" (EndTime).
      const from = Math.floor(start / 60) * 60_000;
      const found = valuesOf(world, query).filter(({ atMs }) => atMs >= from && atMs < end * 1_000);
      const ordered = isAscending ? found : found.toReversed();
      return {
        Id: query.id,
        Label: query.name,
        Timestamps: ordered.map(({ atMs }) => atMs / 1_000),
        Values: ordered.map(({ value }) => value),
        StatusCode: "Complete",
      };
    }),
    Messages: [],
  };
}

export const actions: Actions = { GetMetricData: getMetricData };
