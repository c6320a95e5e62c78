import assert from "node:assert/strict";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import { addLogPlaces } from "../../../src/diagnosis/find_log_place.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import type { StoppedContainer, StoppedTask } from "../../../src/model/service.ts";
import type { LogPlace } from "../../../src/model/log_place.ts";

const TASK_ID = "0123456789abcdef0123456789abcdef";
const DOCKER_ID = "ab".repeat(32);
const STOPPED_AT_MS = Date.UTC(2023, 0, 1, 12);
const CONTAINER = {
  name: "app",
  taskArn: `arn:aws:ecs:ap-northeast-1:123456789012:task/default/${TASK_ID}`,
  runtimeId: undefined,
  endedAtMs: STOPPED_AT_MS,
};

const task = (container: Partial<StoppedContainer>): StoppedTask => ({
  ...{ arn: CONTAINER.taskArn, startedBy: "ecs-svc/4", stopCode: undefined, stoppedReason: undefined },
  stoppedAtMs: STOPPED_AT_MS,
  containers: [{ name: "app", exitCode: undefined, reason: undefined, ...container }],
});

const CAUSE: Cause = {
  ...{ code: "exited", container: "app", exitCode: 1, count: 1, said: "", about: {}, atMs: STOPPED_AT_MS },
  taskArn: CONTAINER.taskArn,
};

/** The log of a container that has run, in the place that its cause has. */
function findLogPlace(taskDefinition: JsonObject, { name, runtimeId, endedAtMs }: Ran): LogPlace | undefined {
  const ran = { ...task({ name, runtimeId, exitCode: 1 }), stoppedAtMs: endedAtMs };
  return addLogPlaces([{ ...CAUSE, container: name }], { tasks: [ran], taskDefinition })[0]?.log;
}

interface Ran {
  readonly name: string;
  readonly runtimeId: string | undefined;
  readonly endedAtMs: number | undefined;
}

const definition = (logConfiguration?: JsonObject, others: JsonObject = {}): JsonObject => ({
  containerDefinitions: [
    { name: "envoy", logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/envoy" } } },
    { name: "app", ...(logConfiguration && { logConfiguration }) },
  ],
  ...others,
});

const awslogs = (options: JsonObject) => definition({ logDriver: "awslogs", options });

const inLogs = (found: Partial<LogPlace>) => ({
  ...{ kind: "cloudWatchLogs", region: "ap-northeast-1", stream: undefined, sinceMs: STOPPED_AT_MS - 600_000 },
  ...found,
});

Deno.test("with awslogs and a prefix the stream is named by prefix, container and task", () => {
  const options = { "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web" };
  const place = { group: "/ecs/web", region: "us-east-1", stream: `web/app/${TASK_ID}` };
  assert.deepEqual(findLogPlace(awslogs(options), CONTAINER), inLogs(place));
  const found = findLogPlace(awslogs(options), { ...CONTAINER, endedAtMs: undefined });
  assert.deepEqual(found, { ...inLogs(place), sinceMs: undefined });
});

Deno.test("without a prefix the stream is named after the container's ID in Docker, where ECS shows that", () => {
  const options = { "awslogs-group": "/ecs/web", "awslogs-region": "ap-northeast-1" };
  assert.deepEqual(findLogPlace(awslogs(options), CONTAINER), inLogs({ group: "/ecs/web" }));
  const found = findLogPlace(awslogs(options), { ...CONTAINER, runtimeId: DOCKER_ID });
  assert.deepEqual(found, inLogs({ group: "/ecs/web", stream: DOCKER_ID }));
});

Deno.test("what AWS would not take as a name is none", () => {
  const options = { "awslogs-group": "/ecs/web", "awslogs-region": "no region", "awslogs-stream-prefix": "a:b" };
  assert.deepEqual(findLogPlace(awslogs(options), CONTAINER), inLogs({ group: "/ecs/web" }));
  for (const group of ["", "a b", "$(touch x)", "\u001b[2J"]) {
    assert.equal(findLogPlace(awslogs({ ...options, "awslogs-group": group }), CONTAINER), undefined, group);
  }
  assert.equal(findLogPlace(awslogs(options), { ...CONTAINER, name: "other" }), undefined);
});

Deno.test("FireLens that sends to CloudWatch Logs names group and stream by its plugin's options", () => {
  const to = (options: JsonObject) =>
    findLogPlace(definition({ logDriver: "awsfirelens", options: { Name: "cloudwatch_logs", ...options } }), CONTAINER);
  const group = { log_group_name: "/web", region: "eu-west-1" };
  const place = { group: "/web", region: "eu-west-1" };
  assert.deepEqual(to(group), inLogs(place));
  assert.deepEqual(
    to({ ...group, log_stream_prefix: "from-" }),
    inLogs({ ...place, stream: `from-app-firelens-${TASK_ID}` }),
  );
  assert.deepEqual(to({ ...group, log_stream_name: "all" }), inLogs({ ...place, stream: "all" }));
  for (const log_stream_name of ["$(ecs_task_id)", "#(tag)"]) {
    assert.deepEqual(to({ ...group, log_stream_name }), inLogs(place));
  }
  assert.equal(to({ ...group, log_group_name: "/$(ecs_cluster)" })?.kind, "router");
});

Deno.test("FireLens that sends elsewhere says where to, and no token", () => {
  const router = {
    name: "log_router",
    firelensConfiguration: {
      type: "fluentbit",
      options: { "config-file-type": "s3", "config-file-value": "arn:aws:s3:::b/f" },
    },
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "/router", "awslogs-region": "ap-northeast-1", "awslogs-stream-prefix": "r" },
    },
  };
  const to = (options: JsonObject) =>
    findLogPlace({
      containerDefinitions: [router, { name: "app", logConfiguration: { logDriver: "awsfirelens", options } }],
    }, CONTAINER);
  const ownLog = inLogs({ group: "/router", stream: `r/log_router/${TASK_ID}` });
  const route = { kind: "router", router: "log_router", configFile: "arn:aws:s3:::b/f", ownLog };
  const table: [JsonObject, string | undefined, string | undefined][] = [
    [{ Name: "firehose", region: "us-west-2", delivery_stream: "web" }, "firehose", "web"],
    [{ Name: "kinesis_streams", stream: "web" }, "kinesis_streams", "web"],
    [{ Name: "s3", bucket: "logs" }, "s3", "logs"],
    [{ Name: "opensearch", Host: "vpc-1.es.amazonaws.com", Index: "web" }, "opensearch", "vpc-1.es.amazonaws.com"],
    [{ Name: "datadog", apikey: "s3cret", Host: "intake.example.com" }, "datadog", "intake.example.com"],
    [{ Name: "http", Host: "user:s3cret@h.example.com", URI: "/input/s3cret" }, "http", "h.example.com"],
    [{ "@type": "loki", url: "https://user:s3cret@loki.example.com/push?token=s3cret" }, "loki", "loki.example.com"],
    [{ Name: "newrelic", licenseKey: "s3cret" }, "newrelic", undefined],
    [{}, undefined, undefined],
  ];
  for (const [options, plugin, target] of table) assert.deepEqual(to(options), { ...route, plugin, to: target });
  assert.deepEqual(
    findLogPlace(definition({ logDriver: "awsfirelens", options: {} }), CONTAINER),
    { kind: "router", router: undefined, plugin: undefined, to: undefined, configFile: undefined, ownLog: undefined },
  );
});

Deno.test("other drivers send to a server, or leave it on the instance", () => {
  const by = (logDriver: string, options: JsonObject = {}) =>
    findLogPlace(definition({ logDriver, options }), CONTAINER);
  const table: [string, JsonObject, unknown][] = [
    [
      "splunk",
      { "splunk-url": "https://splunk.example.com:8088", "splunk-token": "s3cret" },
      "https://splunk.example.com:8088",
    ],
    ["fluentd", { "fluentd-address": "fluentd.internal:24224" }, "fluentd.internal:24224"],
    ["fluentd", {}, undefined],
    ["gelf", { "gelf-address": "udp://1.2.3.4:12201" }, "udp://1.2.3.4:12201"],
    ["syslog", { "syslog-address": "tcp://user:s3cret@logs.example.com:514" }, "tcp://logs.example.com:514"],
  ];
  for (const [driver, options, address] of table) {
    assert.deepEqual(by(driver, options), { kind: "server", driver, address }, driver);
  }
  for (const driver of ["json-file", "journald", "local", "syslog"]) {
    assert.deepEqual(by(driver), { kind: "instance", driver });
  }
});

Deno.test("without a log driver Docker decides, and AWS Fargate keeps nothing", () => {
  const on = (...requiresCompatibilities: string[]) =>
    findLogPlace(definition(undefined, { requiresCompatibilities }), CONTAINER);
  assert.deepEqual(on("FARGATE"), { kind: "nowhere" });
  for (const launchTypes of [[], ["EC2"], ["FARGATE", "EC2"]]) {
    assert.deepEqual(on(...launchTypes), { kind: "instance", driver: undefined });
  }
});

Deno.test("a cause has the log of its container where that has run, and the task definition was read", () => {
  const taskDefinition = awslogs({ "awslogs-group": "/ecs/web", "awslogs-stream-prefix": "web" });
  const log = inLogs({ group: "/ecs/web", stream: `web/app/${TASK_ID}` });
  const place = (container: Partial<StoppedContainer>, changed: Partial<Cause> = {}) =>
    addLogPlaces([{ ...CAUSE, ...changed }], { tasks: [task(container)], taskDefinition })[0]?.log;
  assert.deepEqual(place({ exitCode: 0 }), log);
  assert.deepEqual(place({ runtimeId: DOCKER_ID }), log);
  assert.equal(place({ reason: "CannotPullContainerError" }), undefined);
  for (const changed of [{ container: undefined }, { container: "other" }, { taskArn: undefined }]) {
    assert.equal(place({ exitCode: 1 }, changed), undefined);
  }
  const unread = addLogPlaces([CAUSE], { tasks: [task({ exitCode: 1 })] });
  assert.deepEqual(unread, [CAUSE]);
});
