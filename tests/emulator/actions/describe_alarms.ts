/** DescribeAlarms and DescribeAlarmHistory of Amazon CloudWatch */
import type { Alarm } from "../deployment_alarms.ts";
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

function alarmShape(world: World, { name, state, type, changedAtMs }: Alarm): JsonObject {
  const { region, accountId } = world.settings;
  return {
    AlarmName: name,
    AlarmArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    ActionsEnabled: true,
    StateValue: state,
    StateReason: "set by hand",
    StateUpdatedTimestamp: epochSeconds(changedAtMs),
    StateTransitionedTimestamp: epochSeconds(changedAtMs),
    ...(type === "CompositeAlarm" ? { AlarmRule: "FALSE" } : {
      MetricName: "HTTPCode_Target_5XX_Count",
      Namespace: "AWS/ApplicationELB",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    }),
  };
}

/** The alarms that the request names and that are there; of metric alarms only, unless the types are named (API reference). */
function describeAlarms(world: World, input: Input): JsonObject {
  const names = input.strings("AlarmNames");
  const types = input.strings("AlarmTypes") ?? ["MetricAlarm"];
  const state = input.string("StateValue");
  const found = Object.values(world.alarms).filter((one) =>
    types.includes(one.type) && (names === undefined || names.includes(one.name)) &&
    (state === undefined || one.state === state)
  );
  const { items, nextToken } = pageOf(world, input, found, { default: 50, max: 100 }, {
    maxResults: "MaxRecords",
    nextToken: "NextToken",
  }, (message) => new AwsFailure("InvalidNextToken", message));
  const ofType = (type: Alarm["type"]) => items.filter((one) => one.type === type).map((one) => alarmShape(world, one));
  return { MetricAlarms: ofType("MetricAlarm"), CompositeAlarms: ofType("CompositeAlarm"), NextToken: nextToken };
}

/** "CloudWatch retains the history of an alarm" for so long (User Guide, Using Amazon CloudWatch alarms). */
const KEPT_MS = 30 * 86_400_000;

/**
 * The changes of an alarm's state, newest first unless asked for otherwise; of metric alarms only, unless the types are named
 * (API reference). An alarm that is not there has none. What HistoryData holds is in the AWS CLI's examples.
 */
function describeAlarmHistory(world: World, input: Input): JsonObject {
  const name = input.string("AlarmName");
  const types = input.strings("AlarmTypes") ?? ["MetricAlarm"];
  const kind = input.string("HistoryItemType");
  const [start, end] = [input.integer("StartDate"), input.integer("EndDate")];
  const [fromMs, toMs] = [start === undefined ? -Infinity : start * 1_000, end === undefined ? Infinity : end * 1_000];
  const found = kind !== undefined && kind !== "StateUpdate" ? [] : Object.values(world.alarms)
    .filter((one) => types.includes(one.type) && (name === undefined || one.name === name))
    .flatMap((alarm) => alarm.changes.map((change) => ({ alarm, ...change })))
    .filter(({ atMs }) => atMs >= Math.max(fromMs, world.nowMs - KEPT_MS) && atMs <= toMs)
    .sort((one, other) => one.atMs - other.atMs);
  const ordered = input.string("ScanBy") === "TimestampAscending" ? found : found.toReversed();
  const { items, nextToken } = pageOf(world, input, ordered, { default: 50, max: 100 }, {
    maxResults: "MaxRecords",
    nextToken: "NextToken",
  }, (message) => new AwsFailure("InvalidNextToken", message));
  return {
    AlarmHistoryItems: items.map(({ alarm, atMs, from, to }) => ({
      AlarmName: alarm.name,
      AlarmType: alarm.type,
      Timestamp: epochSeconds(atMs),
      HistoryItemType: "StateUpdate",
      HistorySummary: `Alarm updated from ${from} to ${to}`,
      HistoryData: JSON.stringify({
        version: "1.0",
        oldState: { stateValue: from, stateReason: "set by hand" },
        newState: { stateValue: to, stateReason: "set by hand" },
      }),
    })),
    NextToken: nextToken,
  };
}

export const actions: Actions = { DescribeAlarms: describeAlarms, DescribeAlarmHistory: describeAlarmHistory };
