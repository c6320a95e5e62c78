import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import type { AlarmsPort } from "../model/ports.ts";
import { Api } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { inChunks, list, requiredList, text } from "./read_answer.ts";

const MOST_NAMES = 100;

/** Amazon CloudWatch. */
export function connectAlarms(options: ConnectionOptions): AlarmsPort {
  const api = new Api(options, (config) => new CloudWatchClient(config));
  return {
    async readAlarmStates(names, signal) {
      const found = await inChunks(names, MOST_NAMES, (chunk) => {
        const command = new DescribeAlarmsCommand({
          AlarmNames: chunk,
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: MOST_NAMES,
        });
        // One of the two kinds may be left out where there is none of it.
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
  };
}
