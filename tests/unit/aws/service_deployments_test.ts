import assert from "node:assert/strict";
import type { Ecs } from "../../../src/aws/ecs.ts";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import { REF, revision } from "../made_up.ts";
import { awsFailure, connect, failing, networkFailure, type ScriptedAnswer } from "./stub_network.ts";
import { ARN, DEPLOYMENT, REVISION } from "./service_deployment_answer.ts";

const NEVER = new AbortController().signal;

Deno.test("describeServiceDeployment() asks for the one deployment and reads it", async () => {
  const { ecs, sent } = connect({ body: { serviceDeployments: [DEPLOYMENT], failures: [] } });
  assert.deepEqual(await ecs.describeServiceDeployment(ARN, NEVER), {
    arn: ARN,
    status: "IN_PROGRESS",
    statusReason: undefined,
    strategy: undefined,
    bakeTimeInMinutes: undefined,
    lifecycleStage: undefined,
    sourceRevisionArns: [REVISION],
    targetRevisionArn: `${REVISION}0`,
    rollback: undefined,
    triggered: [],
    triggeredAlarms: [],
    awaitingHooks: [],
    createdAtMs: 1672574400500,
    finishedAtMs: undefined,
  });
  assert.deepEqual(sent, [{ operation: "DescribeServiceDeployments", input: { serviceDeploymentArns: [ARN] } }]);
});

Deno.test("describeServiceDeployment() reads a blue/green deployment that goes back and waits for an answer", async () => {
  const { ecs } = connect({
    body: {
      serviceDeployments: [{
        ...DEPLOYMENT,
        status: "ROLLBACK_IN_PROGRESS",
        statusReason: "a hook has failed",
        lifecycleStage: "BAKE_TIME",
        finishedAt: 1672574460.25,
        deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
        rollback: { reason: "alarm", serviceRevisionArn: REVISION, startedAt: 1672574400 },
        lifecycleHookDetails: [
          { hookId: "hook-1", status: "AWAITING_ACTION", targetType: "PAUSE" },
          { hookId: "hook-2", status: "SUCCEEDED" },
          { status: "AWAITING_ACTION", targetArn: "arn:lambda" },
        ],
      }],
    },
  });
  const deployment = await ecs.describeServiceDeployment(ARN, NEVER);
  assert.equal(deployment?.statusReason, "a hook has failed");
  assert.equal(deployment?.lifecycleStage, "BAKE_TIME");
  assert.equal(deployment?.finishedAtMs, 1672574460250);
  assert.equal(deployment?.strategy, "BLUE_GREEN");
  assert.equal(deployment?.bakeTimeInMinutes, 5);
  assert.deepEqual(deployment?.rollback, {
    reason: "alarm",
    revisionArn: REVISION,
    startedAtMs: Date.UTC(2023, 0, 1, 12),
  });
  assert.deepEqual(deployment?.awaitingHooks, ["hook-1", "arn:lambda"]);
});

Deno.test("describeServiceDeployment() reads what has triggered, and not what only watches", async () => {
  const cases: [object, string[]][] = [
    [{ alarms: { status: "TRIGGERED", alarmNames: ["cpu"] } }, ["alarm"]],
    [{ alarms: { status: "MONITORING_COMPLETE", triggeredAlarmNames: ["cpu"] } }, ["alarm"]],
    [{ deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 } }, ["circuitBreaker"]],
    [{ alarms: { status: "MONITORING" }, deploymentCircuitBreaker: { status: "MONITORING_COMPLETE" } }, []],
    [{ alarms: { status: "DISABLED" } }, []],
  ];
  for (const [members, expected] of cases) {
    const { ecs } = connect({ body: { serviceDeployments: [{ ...DEPLOYMENT, ...members }] } });
    const found = await ecs.describeServiceDeployment(ARN, NEVER);
    assert.deepEqual(found?.triggered, expected);
    assert.deepEqual(found?.triggeredAlarms, JSON.stringify(members).includes("triggeredAlarmNames") ? ["cpu"] : []);
  }
});

Deno.test("describeServiceDeployment() lets nobody answer a hook of a deployment that has ended", async () => {
  const lifecycleHookDetails = [{ hookId: "hook-1", status: "AWAITING_ACTION" }];
  for (const [status, hooks] of [["ROLLBACK_IN_PROGRESS", ["hook-1"]], ["ROLLBACK_SUCCESSFUL", []]] as const) {
    const { ecs } = connect({ body: { serviceDeployments: [{ ...DEPLOYMENT, status, lifecycleHookDetails }] } });
    assert.deepEqual((await ecs.describeServiceDeployment(ARN, NEVER))?.awaitingHooks, hooks);
  }
});

Deno.test("describeServiceDeployment() distinguishes a deployment that ECS does not know from an answer that says nothing", async () => {
  const unknown = [
    { body: { serviceDeployments: [], failures: [{ arn: ARN, reason: "MISSING" }] } },
    awsFailure("ServiceDeploymentNotFoundException", "The service deployment was not found."),
  ];
  for (const answer of unknown) {
    const { ecs } = connect(answer);
    assert.equal(await ecs.describeServiceDeployment(ARN, NEVER), undefined);
  }
  const bodies = [
    {},
    { serviceDeployments: [], failures: [{ reason: "INTERNAL" }] },
    { serviceDeployments: [{}] },
    { serviceDeployments: [{ ...DEPLOYMENT, status: undefined }] },
    { serviceDeployments: [{ ...DEPLOYMENT, sourceServiceRevisions: [{}] }] },
  ];
  for (const body of bodies) {
    const { ecs } = connect({ body });
    await assert.rejects(ecs.describeServiceDeployment(ARN, NEVER), failing("lost", "UnreadableAnswer"));
  }
});

Deno.test("describeServiceRevisions() gives the task definition, and every member", async () => {
  const containerImages = [{ containerName: "app", image: "web:1", imageDigest: "sha256:0a" }];
  const shown = { serviceRevisionArn: REVISION, taskDefinition: revision(3).arn, createdAt: 1, containerImages };
  const { ecs, sent } = connect({ body: { serviceRevisions: [shown], failures: [] } });
  assert.deepEqual(await ecs.describeServiceRevisions([REVISION], NEVER), [{
    arn: REVISION,
    taskDefinition: revision(3).arn,
    createdAtMs: 1_000,
    images: [{ container: "app", image: "web:1", digest: "sha256:0a" }],
    raw: { ...shown, createdAt: "1970-01-01T00:00:01.000Z" },
  }]);
  assert.deepEqual(await ecs.describeServiceRevisions([], NEVER), []);
  assert.deepEqual(sent, [{ operation: "DescribeServiceRevisions", input: { serviceRevisionArns: [REVISION] } }]);
});

Deno.test("describeServiceRevisions() distinguishes an unknown revision from an answer that says nothing", async () => {
  const { ecs } = connect(
    { body: { serviceRevisions: [], failures: [{ arn: REVISION, reason: "MISSING" }] } },
    { body: {} },
    { body: { serviceRevisions: [{}] } },
    { body: { serviceRevisions: [{ serviceRevisionArn: "arn:another", taskDefinition: revision(3).arn }] } },
    { body: { serviceRevisions: [], failures: [{ arn: REVISION, reason: "TIMEOUT" }] } },
  );
  assert.deepEqual(await ecs.describeServiceRevisions([REVISION], NEVER), []);
  for (let answers = 0; answers < 4; answers++) {
    await assert.rejects(ecs.describeServiceRevisions([REVISION], NEVER), failing("lost", "UnreadableAnswer"));
  }
});

Deno.test("stopServiceDeployment() orders the rollback to the source service revision", async () => {
  const { ecs, sent } = connect({ body: { serviceDeploymentArn: ARN } });
  await ecs.stopServiceDeployment(ARN, NEVER);
  assert.deepEqual(sent, [{
    operation: "StopServiceDeployment",
    input: { serviceDeploymentArn: ARN, stopType: "ROLLBACK" },
  }]);
});

Deno.test("stopServiceDeployment() is sent once: repeated, an order that was carried out would look refused", async () => {
  const answers: [ScriptedAnswer, AwsErrorKind, string][] = [
    [networkFailure("ECONNRESET"), "lost", "ECONNRESET"],
    [{ body: {} }, "lost", "UnreadableAnswer"],
    [{ text: "" }, "lost", "UnreadableAnswer"],
    [{ body: { serviceDeploymentArn: `${ARN}x` } }, "lost", "UnreadableAnswer"],
    [{ body: { __type: "InternalFailure", serviceDeploymentArn: ARN } }, "lost", "UnreadableAnswer"],
    [awsFailure("ServerException", "", 500), "server", "ServerException"],
    [awsFailure("ThrottlingException", "Rate exceeded"), "throttled", "ThrottlingException"],
    [awsFailure("ConflictException", "can not be stopped"), "rejected", "ConflictException"],
    [
      awsFailure("ServiceDeploymentNotFoundException", "not found"),
      "rejected",
      "ServiceDeploymentNotFoundException",
    ],
  ];
  for (const [answer, kind, code] of answers) {
    const { ecs, sent } = connect(answer);
    await assert.rejects(ecs.stopServiceDeployment(ARN, NEVER), failing(kind, code));
    assert.equal(sent.length, 1);
  }
});

for (const code of ["UnsupportedFeatureException", "UnknownOperationException"]) {
  Deno.test(`${code} to a reader of records is as good as a denial, for they are optional`, async () => {
    const reads = [
      (ecs: Ecs) => ecs.findNewestServiceDeployment(REF, NEVER),
      (ecs: Ecs) => ecs.listPastDeployments(REF, 100, NEVER),
      (ecs: Ecs) => ecs.describeServiceDeployment(ARN, NEVER),
      (ecs: Ecs) => ecs.describeServiceRevisions([REVISION], NEVER),
    ];
    for (const read of reads) {
      const { ecs } = connect(awsFailure(code, "not here"));
      await assert.rejects(read(ecs), failing("denied", code));
    }
    const { ecs } = connect(awsFailure(code, "not here"));
    await assert.rejects(ecs.stopServiceDeployment(ARN, NEVER), failing("rejected", code));
  });
}
