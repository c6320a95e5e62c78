/** DescribeAlarms of Amazon CloudWatch */
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

export const actions: Actions = { DescribeAlarms: describeAlarms };
