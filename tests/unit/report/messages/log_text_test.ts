import assert from "node:assert/strict";
import type { CloudWatchLogs, LogPlace } from "../../../../src/model/log_place.ts";
import { tailLogCommand } from "../../../../src/report/messages/typed_commands.ts";
import { createJsonPrinter } from "../../../../src/report/printers/json.ts";
import { adviseOnLog } from "../../../../src/report/messages/log_text.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import { plan, REF, showRun } from "../github/shown_run.ts";

const LOG: CloudWatchLogs = {
  kind: "cloudWatchLogs",
  group: "/ecs/web",
  region: "us-east-1",
  stream: "web/app/1",
  sinceMs: Date.UTC(2023, 0, 1, 12, 0, 0, 500),
};

Deno.test("tailLogCommand() can be pasted into a shell", () => {
  assert.equal(
    tailLogCommand(LOG),
    "aws --region us-east-1 logs tail /ecs/web --log-stream-names web/app/1 --since 2023-01-01T12:00:00Z",
  );
  assert.equal(
    tailLogCommand({ ...LOG, group: "/a#b", region: undefined, stream: "it's $(one)", sinceMs: undefined }),
    `aws logs tail '/a#b' --log-stream-names 'it'\\''s $(one)' --since 1h`,
  );
  assert.equal(
    tailLogCommand({ ...LOG, stream: undefined }),
    "aws --region us-east-1 logs tail /ecs/web --since 2023-01-01T12:00:00Z",
  );
});

const ROUTE = {
  kind: "router",
  router: "log_router",
  plugin: "s3",
  to: "logs",
  configFile: undefined,
  ownLog: undefined,
} as const;

const ADVICE: [LogPlace | undefined, string][] = [
  [undefined, "read the log of container app (logConfiguration in the task definition says where it is)"],
  [LOG, `read the log of container app: ${tailLogCommand(LOG)}`],
  [
    { ...LOG, stream: undefined },
    `the log of container app is one of the streams in this group: ${tailLogCommand({ ...LOG, stream: undefined })}`,
  ],
  [ROUTE, "read the log of container app where container log_router (FireLens) sends it: s3 logs"],
  [
    { ...ROUTE, router: undefined, plugin: undefined, to: undefined },
    "read the log of container app where FireLens sends it",
  ],
  [
    { ...ROUTE, plugin: undefined, to: undefined, configFile: "/fluent.conf", ownLog: LOG },
    "read the log of container app where container log_router (FireLens) sends it by /fluent.conf; the log of container log_router (FireLens) " +
    `itself: ${tailLogCommand(LOG)}`,
  ],
  [
    { kind: "server", driver: "splunk", address: "https://s" },
    "read the log of container app where log driver splunk sends it: https://s",
  ],
  [
    { kind: "server", driver: "fluentd", address: undefined },
    "read the log of container app where log driver fluentd sends it",
  ],
  [
    { kind: "instance", driver: "journald" },
    "read the log of container app on the container instance that it ran on (log driver journald)",
  ],
  [
    { kind: "instance", driver: undefined },
    "read the log of container app on the container instance that it ran on, with docker logs",
  ],
  [
    { kind: "nowhere" },
    "add a logConfiguration to container app, without which its output is lost",
  ],
];

Deno.test("adviseOnLog() says where every log is", () => {
  for (const [log, advice] of ADVICE) {
    assert.equal(adviseOnLog({ container: "app", ...(log && { log }) }), advice);
  }
});

Deno.test("what a container has written is neither in NDJSON nor in a job summary, unless it was asked for", async () => {
  const log = { container: "app", taskArn: "arn:aws:ecs:r:1:task/c/0f6d", lines: ["a secret"] };
  for (const isAskedFor of [true, false]) {
    const event = { kind: "containerLog", service: REF, log: { ...log, isAskedFor } } as const;
    let json = "";
    createJsonPrinter((line) => json += line).print(event, EMPTY_STATE, 0, []);
    const run = showRun("deploy");
    run.happen({ kind: "started", command: "deploy", isDryRun: false, timeoutMs: 0, atMs: 0 });
    run.happen({ kind: "planned", plan: plan(), isAutomaticRollback: false, rollsBackOnFailure: false });
    run.happen({ kind: "stepStarted", step: plan().steps[1]! });
    run.happen({ kind: "containerLog", log: { ...log, isAskedFor } });
    const { summary } = await run.finish(6);
    assert.deepEqual([json, summary].map((text) => text.includes("a secret")), [isAskedFor, isAskedFor]);
  }
});
