import assert from "node:assert/strict";
import { connectLogs } from "../../../src/aws/logs.ts";
import { AwsError } from "../../../src/errors.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { emulatorHandler } from "../../in_process.ts";
import { awsFailure, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" };
const PLACE = { group: "/ecs/web", stream: "web/app/1", region: undefined };

function connect(...answers: ScriptedAnswer[]) {
  const network = stubNetwork(...answers);
  return { logs: connectLogs(connectionOptions(network)), sent: network.sent };
}

const page = (messages: readonly string[], nextBackwardToken?: string) => ({
  body: { events: messages.map((message) => ({ timestamp: 1, message })), nextForwardToken: "f", nextBackwardToken },
});

Deno.test("readLastEvents() asks for the newest events, oldest of them first", async () => {
  const emulator = new Emulator();
  emulator.setLogGroup("/ecs/web");
  emulator.addToLog("/ecs/web", "web/app/1", ["one", "two", "three"]);
  const network = { requestHandler: emulatorHandler(emulator) };
  const logs = connectLogs({ ...connectionOptions(network), keys: KEYS });
  assert.deepEqual(await logs.readLastEvents(PLACE, 2, NEVER), ["two", "three"]);
  assert.equal(await logs.readLastEvents({ ...PLACE, stream: "web/app/2" }, 2, NEVER), undefined);
  assert.equal(await logs.readLastEvents({ ...PLACE, group: "/ecs/none" }, 2, NEVER), undefined);
  emulator.addToLog("/ecs/web", "empty", []);
  assert.deepEqual(await logs.readLastEvents({ ...PLACE, stream: "empty" }, 2, NEVER), []);
});

Deno.test("a page may be empty where there are events before it", async () => {
  const { logs, sent } = connect(page([], "b1"), page([], "b2"), page(["last"], "b3"));
  assert.deepEqual(await logs.readLastEvents(PLACE, 10, NEVER), ["last"]);
  const input = { logGroupName: "/ecs/web", logStreamName: "web/app/1", startFromHead: false, limit: 10 };
  assert.deepEqual(sent.map(({ input }) => input), [
    input,
    { ...input, nextToken: "b1" },
    { ...input, nextToken: "b2" },
  ]);
  const atStart = connect(page([], "b1"), page([], "b1"));
  assert.deepEqual(await atStart.logs.readLastEvents(PLACE, 10, NEVER), []);
  assert.equal(atStart.sent.length, 2);
  const ever = connect(page([], "b1"), page([], "b2"), page([], "b3"), page(["not looked for"], "b4"));
  assert.deepEqual(await ever.logs.readLastEvents(PLACE, 10, NEVER), []);
});

Deno.test("a log is read where its group is", async () => {
  const network = stubNetwork(page(["here"]));
  const logs = connectLogs(connectionOptions(network));
  for (const region of ["us-east-1", undefined]) await logs.readLastEvents({ ...PLACE, region }, 1, NEVER);
  assert.deepEqual(network.hosts, ["logs.us-east-1.amazonaws.com", "logs.ap-northeast-1.amazonaws.com"]);
});

Deno.test("what may not be read is an error, as is an answer that says nothing", async () => {
  const { logs } = connect(awsFailure("AccessDeniedException", "not authorized to perform: logs:GetLogEvents"));
  const isDenied = (error: unknown) => error instanceof AwsError && error.kind === "denied";
  await assert.rejects(logs.readLastEvents(PLACE, 1, NEVER), isDenied);
  const isUnreadable = (error: unknown) => error instanceof AwsError && error.code === "UnreadableAnswer";
  for (const body of [{}, { events: [{ timestamp: 1 }] }]) {
    await assert.rejects(connect({ body }).logs.readLastEvents(PLACE, 1, NEVER), isUnreadable);
  }
});

Deno.test("readLastEvents() masks what hidden values are in a line, also where escape sequences are in one", async () => {
  const network = stubNetwork(page(["a \x1b[1mhun\x1b[0mter2 b"]));
  const mask = (text: string) => text.replaceAll("hunter2", "***");
  const logs = connectLogs({ ...connectionOptions(network), mask });
  assert.deepEqual(await logs.readLastEvents(PLACE, 2, NEVER), ["a *** b"]);
});
