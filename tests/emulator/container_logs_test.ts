import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { healthy } from "./behaviours.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

Deno.test("GetLogEvents answers the last lines of a stream, or says what is not there", () => {
  const emulator = new Emulator();
  const get = (input: JsonObject) =>
    ask(emulator, "GetLogEvents", { logGroupName: "/ecs/app", logStreamName: "web/app/1", ...input }, "logs");
  const { type, message } = get({});
  assert.deepEqual([type, message], ["ResourceNotFoundException", "The specified log group does not exist."]);
  emulator.setLogGroup("/ecs/app");
  assert.equal(get({}).message, "The specified log stream does not exist.");
  emulator.addToLog("/ecs/app", "web/app/1", ["one", "two", "three"]);
  const linesOf = (input: JsonObject) => get(input).output.events.map((event: JsonObject) => event.message);
  assert.deepEqual(linesOf({ limit: 2 }), ["two", "three"]);
  assert.deepEqual(linesOf({ limit: 2, startFromHead: true }), ["one", "two"]);
  assert.deepEqual(linesOf({ startTime: emulator.now() + 1_000, endTime: emulator.now() + 2_000 }), ["two"]);
  const { nextBackwardToken: nextToken } = get({ limit: 2 }).output;
  assert.deepEqual(linesOf({ limit: 2, nextToken }), ["one"]);
  const { nextBackwardToken: atStart } = get({ limit: 2, nextToken }).output;
  assert.equal(get({ nextToken: atStart }).output.nextBackwardToken, atStart);
  assert.equal(get({ nextToken: "no" }).type, "InvalidParameterException");
  emulator.setLogGroup("/ecs/app", false);
  assert.equal(get({}).type, "ResourceNotFoundException");
});

Deno.test("containers write to the stream that their log driver names", () => {
  const emulator = new Emulator();
  const logging = (name: string, options: JsonObject) => ({
    ...{ name, image: "example/app:1", memory: 128 },
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-region": "ap-northeast-1", ...options } },
  });
  emulator.setLogGroup("/ecs/app");
  emulator.registerTaskDefinition({
    family: "app",
    containerDefinitions: [
      logging("app", { "awslogs-group": "/ecs/app", "awslogs-stream-prefix": "web" }),
      logging("plain", { "awslogs-group": "/ecs/app" }),
      logging("made", { "awslogs-group": "/ecs/made", "awslogs-stream-prefix": "w", "awslogs-create-group": "true" }),
      logging("lost", { "awslogs-group": "/ecs/none", "awslogs-stream-prefix": "w" }),
      logging("far", { "awslogs-group": "/ecs/app", "awslogs-stream-prefix": "w", "awslogs-region": "us-east-1" }),
    ],
  });
  const names = ["app", "plain", "made", "lost", "far"];
  emulator.setBehaviour("app:1", { ...healthy(), logs: Object.fromEntries(names.map((name) => [name, [name]])) });
  emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 1 });
  emulator.advance(60_000);
  const [task] = ask(emulator, "ListTasks", { serviceName: "web" }).output.taskArns;
  const { containers } = ask(emulator, "DescribeTasks", { tasks: [task] }).output.tasks[0];
  const { runtimeId } = containers[1];
  assert.match(runtimeId, /^[0-9a-f]{64}$/);
  const id = task.slice(task.lastIndexOf("/") + 1);
  const read = (logGroupName: string, logStreamName: string) =>
    ask(emulator, "GetLogEvents", { logGroupName, logStreamName }, "logs").output.events?.[0].message;
  assert.deepEqual(
    [read("/ecs/app", `web/app/${id}`), read("/ecs/app", runtimeId), read("/ecs/made", `w/made/${id}`)],
    ["app", "plain", "made"],
  );
  for (const group of ["/ecs/none", "/ecs/app"]) assert.equal(read(group, `w/far/${id}`), undefined);
});
