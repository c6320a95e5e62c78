import assert from "node:assert/strict";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import { REF, revision } from "../made_up.ts";
import { awsFailure, connect, failing, type ScriptedAnswer } from "./stub_network.ts";
import { ARN, DEPLOYMENT, REVISION } from "./service_deployment_answer.ts";

const NEVER = new AbortController().signal;

Deno.test("findNewestServiceDeployment() describes the newest one, in whatever order they are listed", async () => {
  const { ecs, sent } = connect(
    {
      body: {
        serviceDeployments: [
          { serviceDeploymentArn: `${ARN}-old`, status: "SUCCESSFUL", createdAt: 1672574000 },
          { serviceDeploymentArn: ARN, status: "SUCCESSFUL", createdAt: 1672574400.5 },
          { serviceDeploymentArn: `${ARN}-older`, status: "SUCCESSFUL", createdAt: 1672573000 },
        ],
      },
    },
    { body: { serviceDeployments: [DEPLOYMENT] } },
  );
  assert.equal((await ecs.findNewestServiceDeployment(REF, NEVER))?.arn, ARN);
  assert.deepEqual(sent, [
    { operation: "ListServiceDeployments", input: { cluster: "default", service: "myservice", maxResults: 100 } },
    { operation: "DescribeServiceDeployments", input: { serviceDeploymentArns: [ARN] } },
  ]);
});

/** Answers of pages, each with its deployments by when they were created. */
function pages(...all: number[][]): ScriptedAnswer[] {
  return all.map((page, index) => ({
    body: {
      serviceDeployments: page.map((createdAt) => ({
        serviceDeploymentArn: `${ARN}-${createdAt}`,
        status: "SUCCESSFUL",
        createdAt,
      })),
      ...(index < all.length - 1 && { nextToken: `page ${index + 1}` }),
    },
  }));
}

Deno.test("the newest deployments are found in whatever order AWS lists them, and however short its pages are", async () => {
  const cases: [string, number[][], limit: number, newest: number[], calls: number][] = [
    ["newest first", [[9, 8, 7], [6, 5]], 3, [9, 8, 7], 1],
    ["a short page", [[9, 8], [7, 6], [5]], 3, [9, 8, 7], 2],
    ["oldest first", [[5, 6, 7], [8, 9]], 3, [9, 8, 7], 2],
    ["in no order", [[6, 9, 5], [8, 7], [4]], 3, [9, 8, 7], 3],
    ["one on a page", [[9], [8], [7]], 1, [9], 2],
    ["an empty page before others", [[], [9, 8]], 1, [9], 2],
    ["one page", [[5, 6]], 3, [6, 5], 1],
  ];
  for (const [name, listed, limit, newest, calls] of cases) {
    const { ecs, sent } = connect(...pages(...listed));
    const past = await ecs.listPastDeployments(REF, limit, NEVER);
    assert.deepEqual(past.map(({ createdAtMs }) => createdAtMs / 1_000), newest, name);
    assert.equal(sent.length, calls, name);
  }
});

Deno.test("findNewestServiceDeployment() answers that there is none", async () => {
  for (
    const answer of [{ body: { serviceDeployments: [] } }, awsFailure("ServiceNotFoundException", "Service not found.")]
  ) {
    const { ecs, sent } = connect(answer);
    assert.equal(await ecs.findNewestServiceDeployment(REF, NEVER), undefined);
    assert.equal(sent.length, 1);
  }
});

const brief = (name: string, status: string, createdAt: number) => ({
  serviceDeploymentArn: `${ARN}-${name}`,
  status,
  createdAt,
  targetServiceRevisionArn: `${REVISION}-${name}`,
});
const revised = (name: string) => ({
  serviceRevisions: [{ serviceRevisionArn: `${REVISION}-${name}`, taskDefinition: revision(3).arn }],
});

Deno.test("findLastCompleted() returns what the newest one brought that was completed", async () => {
  const forward = connect(
    {
      body: {
        serviceDeployments: [brief("a", "SUCCESSFUL", 1), brief("b", "SUCCESSFUL", 2), brief("c", "IN_PROGRESS", 3)],
      },
    },
    { body: revised("b") },
  );
  assert.equal(await forward.ecs.findLastCompleted(REF, NEVER), revision(3).arn);
  const status = ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"];
  assert.deepEqual(forward.sent, [
    {
      operation: "ListServiceDeployments",
      input: { cluster: "default", service: "myservice", status, maxResults: 100 },
    },
    { operation: "DescribeServiceRevisions", input: { serviceRevisionArns: [`${REVISION}-b`] } },
  ]);

  // What ECS has turned back was to bring something else than what it has gone back to.
  const rollback = { reason: "circuit breaker", serviceRevisionArn: `${REVISION}-source` };
  const back = connect(
    { body: { serviceDeployments: [brief("b", "ROLLBACK_SUCCESSFUL", 2), brief("a", "SUCCESSFUL", 1)] } },
    {
      body: {
        serviceDeployments: [
          { ...DEPLOYMENT, serviceDeploymentArn: `${ARN}-b`, status: "ROLLBACK_SUCCESSFUL", rollback },
        ],
      },
    },
    { body: revised("source") },
  );
  assert.equal(await back.ecs.findLastCompleted(REF, NEVER), revision(3).arn);
  assert.deepEqual(back.sent.at(-1)?.input, { serviceRevisionArns: [`${REVISION}-source`] });

  const none = connect({ body: { serviceDeployments: [] } });
  assert.equal(await none.ecs.findLastCompleted(REF, NEVER), undefined);
});

Deno.test("findNewestServiceDeployment() passes refusals on and has no stack trace for the wrong shape", async () => {
  const answers: [ScriptedAnswer, AwsErrorKind, string][] = [
    [awsFailure("ClusterNotFoundException", "Cluster not found."), "rejected", "ClusterNotFoundException"],
    [awsFailure("AccessDeniedException", "not authorized"), "denied", "AccessDeniedException"],
    [{ body: {} }, "lost", "UnreadableAnswer"],
    [{ body: { serviceDeployments: [{}] } }, "lost", "UnreadableAnswer"],
  ];
  for (const [answer, kind, code] of answers) {
    const { ecs } = connect(answer);
    await assert.rejects(ecs.findNewestServiceDeployment(REF, NEVER), failing(kind, code));
  }
});

const SERVICE_REVISION = "arn:aws:ecs:ap-northeast-1:123456789012:service-revision/default/myservice/";

const past = (number: number) => ({
  serviceDeploymentArn: `arn:sd/${number}`,
  status: "SUCCESSFUL",
  createdAt: 1672574400 + number,
  finishedAt: 1672574500 + number,
  targetServiceRevisionArn: `${SERVICE_REVISION}${number}`,
});
/** What is said of the three, newest first. */
const PAST = [
  {
    arn: "arn:sd/3",
    status: "SUCCESSFUL",
    createdAtMs: 1672574403000,
    finishedAtMs: 1672574503000,
    taskDefinition: revision(3).arn,
  },
  {
    arn: "arn:sd/2",
    status: "IN_PROGRESS",
    createdAtMs: 1672574402000,
    finishedAtMs: undefined,
    taskDefinition: revision(4).arn,
  },
  {
    arn: "arn:sd/1",
    status: "SUCCESSFUL",
    createdAtMs: 1672574401000,
    finishedAtMs: 1672574501000,
    taskDefinition: undefined,
  },
];

Deno.test("listPastDeployments() gives the newest first, with what each was to bring", async () => {
  const { ecs, sent } = connect(
    {
      body: { serviceDeployments: [past(1), past(3), { ...past(2), finishedAt: undefined, status: "IN_PROGRESS" }] },
    },
    {
      body: {
        serviceRevisions: [
          { serviceRevisionArn: `${SERVICE_REVISION}3`, taskDefinition: revision(3).arn },
          { serviceRevisionArn: `${SERVICE_REVISION}2`, taskDefinition: revision(4).arn },
        ],
        failures: [{ arn: `${SERVICE_REVISION}1`, reason: "MISSING" }],
      },
    },
  );
  const found = await ecs.listPastDeployments(REF, 3, NEVER);
  assert.deepEqual(found.map(({ revision }) => revision?.arn), [
    `${SERVICE_REVISION}3`,
    `${SERVICE_REVISION}2`,
    undefined,
  ]);
  assert.deepEqual(found.map(({ revision: _, ...deployment }) => deployment), PAST);
  assert.deepEqual(sent[1]?.input, {
    serviceRevisionArns: [3, 2, 1].map((number) => `${SERVICE_REVISION}${number}`),
  });
});

Deno.test("listPastDeployments() asks for service revisions in twenties, and for none when there is no deployment", async () => {
  const brief = (_: unknown, number: number) => ({
    serviceDeploymentArn: `arn:sd/${number}`,
    status: "SUCCESSFUL",
    createdAt: number,
    targetServiceRevisionArn: `${SERVICE_REVISION}${number}`,
  });
  const many = connect(
    { body: { serviceDeployments: Array.from({ length: 45 }, brief) } },
    { body: { serviceRevisions: [], failures: Array(20).fill({ reason: "MISSING" }) } },
  );
  await many.ecs.listPastDeployments(REF, 100, NEVER);
  const asked = many.sent.slice(1).map(({ input }) => (input as { serviceRevisionArns: string[] }).serviceRevisionArns);
  assert.deepEqual(asked.map(({ length }) => length), [20, 20, 5]);
  const none = connect(awsFailure("ServiceNotFoundException", ""));
  assert.deepEqual(await none.ecs.listPastDeployments(REF, 100, NEVER), []);
  assert.equal(none.sent.length, 1);
});
