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

Deno.test("how an alarm has changed is read page by page, oldest first; what AWS does not say stays open", async () => {
  const item = (seconds: number, HistoryData?: string) => ({ AlarmName: "a", Timestamp: seconds, HistoryData });
  const data = (stateValue: string) => JSON.stringify({ version: "1.0", oldState: { stateValue } });
  const network = stubNetwork(
    { body: { AlarmHistoryItems: [item(20, data("ALARM"))], NextToken: "more" } },
    { body: { AlarmHistoryItems: [item(10, data("OK")), item(30), item(40, "{")] } },
  );
  const changes = await connectAlarms(connectionOptions(network)).readAlarmChanges("a", 5_000, NEVER);
  assert.deepEqual(changes, [
    { atMs: 10_000, from: "OK" },
    { atMs: 20_000, from: "ALARM" },
    { atMs: 30_000, from: undefined },
    { atMs: 40_000, from: undefined },
  ]);
  const [first, second] = network.sent.map(({ input }) => input as Record<string, unknown>);
  const types = ["MetricAlarm", "CompositeAlarm"];
  const asked = { AlarmName: "a", AlarmTypes: types, HistoryItemType: "StateUpdate", ScanBy: "TimestampAscending" };
  assert.deepEqual(first, { ...asked, StartDate: 5, MaxRecords: 100 });
  assert.equal(second!.NextToken, "more");
});
