import assert from "node:assert/strict";
import type { CloudWatchLogs, LogPlace } from "../../../../src/model/log_place.ts";
import { adviseOnLog, logCommand } from "../../../../src/report/messages/log_text.ts";

const LOG: CloudWatchLogs = {
  kind: "cloudWatchLogs",
  group: "/ecs/web",
  region: "us-east-1",
  stream: "web/app/1",
  sinceMs: Date.UTC(2023, 0, 1, 12, 0, 0, 500),
};

Deno.test("logCommand() can be pasted into a shell", () => {
  assert.equal(
    logCommand(LOG),
    "aws --region us-east-1 logs tail /ecs/web --log-stream-names web/app/1 --since 2023-01-01T12:00:00Z",
  );
  assert.equal(
    logCommand({ ...LOG, group: "/a#b", region: undefined, stream: "it's $(one)", sinceMs: undefined }),
    `aws logs tail '/a#b' --log-stream-names 'it'\\''s $(one)' --since 1h`,
  );
  assert.equal(
    logCommand({ ...LOG, stream: undefined }),
    "aws --region us-east-1 logs tail /ecs/web --since 2023-01-01T12:00:00Z",
  );
  for (const log of [undefined, { kind: "nowhere" } as const]) assert.equal(logCommand(log), undefined);
});

Deno.test("adviseOnLog() says where every log is", () => {
  const route = {
    kind: "router",
    router: "log_router",
    plugin: "s3",
    to: "logs",
    configFile: undefined,
    ownLog: undefined,
  } as const;
  const table: [LogPlace | undefined, string][] = [
    [undefined, "read the container's log (logConfiguration in the task definition says where it goes)"],
    [LOG, `read its log: ${logCommand(LOG)}`],
    [
      { ...LOG, stream: undefined },
      `its log is in a stream of this group: ${logCommand({ ...LOG, stream: undefined })}`,
    ],
    [route, "read its log where container log_router (FireLens) sends it: s3 logs"],
    [
      { ...route, router: undefined, plugin: undefined, to: undefined },
      "read its log where FireLens sends it",
    ],
    [
      { ...route, plugin: undefined, to: undefined, configFile: "/fluent.conf", ownLog: LOG },
      "read its log where container log_router (FireLens) sends it by /fluent.conf; what container log_router (FireLens) " +
      `says itself: ${logCommand(LOG)}`,
    ],
    [
      { kind: "server", driver: "splunk", address: "https://s" },
      "read its log where log driver splunk sends it: https://s",
    ],
    [{ kind: "server", driver: "fluentd", address: undefined }, "read its log where log driver fluentd sends it"],
    [
      { kind: "instance", driver: "journald" },
      "read its log on the container instance that it ran on (log driver journald)",
    ],
    [
      { kind: "instance", driver: undefined },
      "read its log on the container instance that it ran on, with docker logs",
    ],
    [{ kind: "nowhere" }, "its log is not kept: give the container a logConfiguration in the task definition"],
  ];
  for (const [log, advice] of table) assert.equal(adviseOnLog(log), advice);
});
