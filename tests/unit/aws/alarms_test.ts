import assert from "node:assert/strict";
import { connectAlarms } from "../../../src/aws/alarms.ts";
import { AwsError } from "../../../src/errors.ts";
import { awsFailure, connectionOptions, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;

Deno.test("the states of alarms are read by a hundred names a call, of metric and composite alarms", async () => {
  const network = stubNetwork(
    { body: { MetricAlarms: [{ AlarmName: "n0", StateValue: "ALARM" }], CompositeAlarms: [] } },
    { body: { CompositeAlarms: [{ AlarmName: "n100", StateValue: "OK" }] } },
  );
  const names = Array.from({ length: 101 }, (_, index) => `n${index}`);
  const states = await connectAlarms(connectionOptions(network)).readAlarmStates(names, NEVER);
  assert.deepEqual(Object.fromEntries(states), { n0: "ALARM", n100: "OK" });
  const types = { AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: 100 };
  const namesIn = ({ input }: { input: unknown }) => (input as { AlarmNames: string[] }).AlarmNames.length;
  assert.deepEqual(network.sent.toSorted((one, other) => namesIn(other) - namesIn(one)), [
    { operation: "DescribeAlarms", input: { AlarmNames: names.slice(0, 100), ...types } },
    { operation: "DescribeAlarms", input: { AlarmNames: ["n100"], ...types } },
  ]);
});

Deno.test("a refusal to describe alarms, and an answer without a state, are errors of AWS's", async () => {
  const refused = connectAlarms(connectionOptions(stubNetwork(awsFailure("AccessDeniedException", "no"))));
  await assert.rejects(
    refused.readAlarmStates(["a"], NEVER),
    (error) => error instanceof AwsError && error.kind === "denied",
  );
  const strange = connectAlarms(connectionOptions(stubNetwork({ body: { MetricAlarms: [{ AlarmName: "a" }] } })));
  await assert.rejects(
    strange.readAlarmStates(["a"], NEVER),
    (error) => error instanceof AwsError && error.kind === "lost",
  );
});
