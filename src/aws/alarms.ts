import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import type { AlarmsPort } from "../model/ports.ts";
import { Caller } from "./call.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import { inChunks, list, requiredList, text } from "./read_answer.ts";

const MOST_NAMES = 100;

/** Amazon CloudWatch over the AWS SDK. Nothing is sent before the first method is called. */
export function connectAlarms(options: ConnectionOptions): AlarmsPort {
  const client = new CloudWatchClient(clientConfig(options));
  const caller = new Caller(options);
  return {
    async readAlarmStates(names, signal) {
      const found = await Promise.all(
        inChunks(names, MOST_NAMES).map((chunk) =>
          caller.make({
            operation: "DescribeAlarms",
            policy: "safe",
            send: (options) =>
              client.send(
                new DescribeAlarmsCommand({
                  AlarmNames: chunk,
                  AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
                  MaxRecords: MOST_NAMES,
                }),
                options,
              ),
            signal,
            // One of the two kinds may be left out where there is none of it.
            read: ({ MetricAlarms, CompositeAlarms }) =>
              [
                ...requiredList(MetricAlarms ?? (CompositeAlarms && []), "MetricAlarms"),
                ...list(CompositeAlarms, "CompositeAlarms"),
              ]
                .map(({ AlarmName, StateValue }) =>
                  [text(AlarmName, "AlarmName"), text(StateValue, "StateValue")] as const
                ),
          })
        ),
      );
      return new Map(found.flat());
    },
  };
}
