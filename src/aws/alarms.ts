import {
  type AlarmHistoryItem,
  type AlarmType,
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
} from "@aws-sdk/client-cloudwatch";
import { objectIn, parseJson, textIn } from "../model/json.ts";
import type { AlarmChange, AlarmsPort } from "../model/alarms.ts";
import { Api } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import {
  inChunks,
  list,
  optionalText,
  optionalTimeMs,
  readPages,
  required,
  requiredList,
  text,
} from "./read_answer.ts";

const ALARMS_PER_CALL = 100;
const TYPES: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];

export function connectAlarms(options: ConnectionOptions): AlarmsPort {
  const api = new Api(options, (config) => new CloudWatchClient(config));
  return {
    async readAlarmStates(names, signal) {
      const found = await inChunks(names, ALARMS_PER_CALL, (chunk) => {
        const command = new DescribeAlarmsCommand({
          AlarmNames: chunk,
          AlarmTypes: TYPES,
          MaxRecords: ALARMS_PER_CALL,
        });
        // AWS may leave out one of the two lists where it has no alarms.
        return api.read(command, signal, ({ MetricAlarms, CompositeAlarms }) =>
          [
            ...requiredList(MetricAlarms ?? (CompositeAlarms && []), "MetricAlarms"),
            ...list(CompositeAlarms, "CompositeAlarms"),
          ].map(({ AlarmName, StateValue }) =>
            [text(AlarmName, "AlarmName"), text(StateValue, "StateValue")] as const
          ));
      });
      return new Map(found);
    },
    readAlarmChanges: readChanges(api),
  };
}

function readChanges(api: Api): AlarmsPort["readAlarmChanges"] {
  return async (name, sinceMs, signal) => {
    const pages = readPages("DescribeAlarmHistory", (NextToken) => {
      const command = new DescribeAlarmHistoryCommand({
        AlarmName: name,
        AlarmTypes: TYPES,
        HistoryItemType: "StateUpdate",
        StartDate: new Date(sinceMs),
        ScanBy: "TimestampAscending",
        MaxRecords: ALARMS_PER_CALL,
        NextToken,
      });
      return api.read(command, signal, ({ AlarmHistoryItems, NextToken }) => ({
        items: requiredList(AlarmHistoryItems, "AlarmHistoryItems").map(readChange),
        nextToken: optionalText(NextToken, "NextToken"),
      }));
    });
    return (await Array.fromAsync(pages)).flat().toSorted((one, other) => one.atMs - other.atMs);
  };
}

/** `{"version":"1.0","oldState":{"stateValue":"ALARM",...},"newState":{...}}` */
function readChange({ Timestamp, HistoryData }: AlarmHistoryItem): AlarmChange {
  const data = objectIn(parseJson(optionalText(HistoryData, "HistoryData") ?? ""));
  return {
    atMs: required(optionalTimeMs(Timestamp, "Timestamp"), "Timestamp"),
    from: textIn(objectIn(data.oldState).stateValue),
  };
}
