import assert from "node:assert/strict";
import type { Revision } from "../../../src/model/arn.ts";
import { AwsError } from "../../../src/errors.ts";
import { revision } from "../made_up.ts";
import { awsFailure, connect, failing, networkFailure, type ScriptedAnswer } from "./stub_network.ts";

const NEVER = new AbortController().signal;

function page(numbers: readonly number[], nextToken?: string): ScriptedAnswer {
  return { body: { taskDefinitionArns: numbers.map((number) => revision(number).arn), nextToken } };
}

async function listed(pages: AsyncIterable<readonly Revision[]>): Promise<number[][]> {
  const found: number[][] = [];
  for await (const one of pages) found.push(one.map(({ revision }) => revision));
  return found;
}

const ASCENDING = { status: "ACTIVE", order: "ASC" } as const;

Deno.test("listRevisions() goes on from page to page, and asks for no more than is taken", async () => {
  const { ecs, sent } = connect(page([1, 2], "a"), page([3, 4], "b"), page([5]));
  assert.deepEqual(await listed(ecs.listRevisions("myservice", ASCENDING, NEVER)), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(sent.map(({ input }) => input), [
    { familyPrefix: "myservice", status: "ACTIVE", sort: "ASC" },
    { familyPrefix: "myservice", status: "ACTIVE", sort: "ASC", nextToken: "a" },
    { familyPrefix: "myservice", status: "ACTIVE", sort: "ASC", nextToken: "b" },
  ]);
  const lazy = connect(page([9, 8], "a"), page([7]));
  for await (const _ of lazy.ecs.listRevisions("myservice", { status: "INACTIVE", order: "DESC" }, NEVER)) break;
  assert.equal(lazy.sent.length, 1);
});

Deno.test("listRevisions() lists nothing twice and ends, whatever the tokens say", async () => {
  const repeated = connect(page([1, 2], "a"), page([2, 3], "b"), page([3, 4], "c"), page([1, 2], "a"));
  assert.deepEqual(await listed(repeated.ecs.listRevisions("myservice", ASCENDING, NEVER)), [[1, 2], [3], [4]]);
  const sameToken = connect(page([1], "a"), page([2], "a"));
  assert.deepEqual(await listed(sameToken.ecs.listRevisions("myservice", ASCENDING, NEVER)), [[1], [2]]);
  const emptyPage = connect(page([], "a"), page([1]));
  assert.deepEqual(await listed(emptyPage.ecs.listRevisions("myservice", ASCENDING, NEVER)), [[1]]);
});

Deno.test("describeTaskDefinition() gives every member, times as texts, and tags where there are some", async () => {
  const taskDefinition = { taskDefinitionArn: revision(3).arn, status: "ACTIVE", registeredAt: 1672574400, cpu: "256" };
  const { ecs, sent } = connect(
    { body: { taskDefinition, tags: [{ key: "a", value: "b" }] } },
    { body: { taskDefinition, tags: [] } },
    awsFailure("ClientException", "Unable to describe task definition."),
  );
  assert.deepEqual((await ecs.describeTaskDefinition("myservice:3", NEVER))?.raw, {
    ...taskDefinition,
    registeredAt: "2023-01-01T12:00:00.000Z",
    tags: [{ key: "a", value: "b" }],
  });
  assert.deepEqual(sent[0]?.input, { taskDefinition: "myservice:3", include: ["TAGS"] });
  assert.equal((await ecs.describeTaskDefinition("myservice:3", NEVER))?.raw.tags, undefined);
  assert.equal(await ecs.describeTaskDefinition("myservice:9", NEVER), undefined);
});

const INPUT = { family: "myservice", containerDefinitions: [{ name: "app", image: "app:5" }] };
const DEFINITION = { taskDefinitionArn: revision(5).arn, status: "ACTIVE" };
const REGISTERED: ScriptedAnswer = { body: { taskDefinition: DEFINITION } };

Deno.test("registerTaskDefinition() sends the definition and returns what it has become", async () => {
  const { ecs, sent } = connect(awsFailure("ThrottlingException", "Rate exceeded"), REGISTERED);
  assert.deepEqual(await ecs.registerTaskDefinition(INPUT, () => false, NEVER), {
    revision: revision(5),
    definition: DEFINITION,
  });
  assert.deepEqual(sent.map(({ input }) => input), [INPUT, INPUT], "what was throttled was not applied");
});

Deno.test("registerTaskDefinition() is not sent again when it may have arrived: there would be two revisions", async () => {
  for (const answer of [networkFailure("ECONNRESET"), awsFailure("ServerException", "oops", 500)]) {
    const { ecs, sent } = connect(answer, REGISTERED);
    await assert.rejects(ecs.registerTaskDefinition(INPUT, () => false, NEVER), (error) => error instanceof AwsError);
    assert.deepEqual(sent.map(({ operation }) => operation), ["RegisterTaskDefinition", "DescribeTaskDefinition"]);
  }
});

Deno.test("registerTaskDefinition() finds what it has registered where the answer was lost, and nothing older", async () => {
  const shown = (registeredAt: number, status = "ACTIVE"): ScriptedAnswer => ({
    body: { taskDefinition: { ...INPUT, taskDefinitionArn: revision(5).arn, status, registeredAt } },
  });
  const register = (answer: ScriptedAnswer, isSame = true) =>
    connect(networkFailure("ECONNRESET"), answer).ecs.registerTaskDefinition(INPUT, () => isSame, NEVER);
  assert.deepEqual((await register(shown(-4))).revision, revision(5), "by a clock of AWS's that is slow");
  for (const order of [register(shown(-6)), register(shown(1, "INACTIVE")), register(shown(1), false)]) {
    await assert.rejects(order, (error) => error instanceof AwsError && error.kind === "lost");
  }
});

Deno.test("deleteTaskDefinitions() reports what AWS refuses", async () => {
  const failures = [{ arn: revision(1).arn, reason: "IN_USE", detail: "a task runs" }, { arn: revision(2).arn }];
  const { ecs, sent } = connect({ body: { taskDefinitions: [{ taskDefinitionArn: revision(3).arn }], failures } });
  const arns = [1, 2, 3].map((number) => revision(number).arn);
  assert.deepEqual([...await ecs.deleteTaskDefinitions(arns, NEVER)], [
    [revision(1).arn, "IN_USE: a task runs"],
    [revision(2).arn, ""],
  ]);
  assert.deepEqual(sent[0]?.input, { taskDefinitions: arns });
});

Deno.test("deleteTaskDefinitions() counts as deleted only what its answer names", async () => {
  for (const body of [{}, { taskDefinitions: [] }, { taskDefinitions: [], failures: [{ arn: revision(1).arn }] }]) {
    const order = connect({ body }).ecs.deleteTaskDefinitions([revision(1).arn, revision(2).arn], NEVER);
    await assert.rejects(order, (error) => error instanceof AwsError && error.code === "UnreadableAnswer");
  }
});

Deno.test("what ends a task definition's life is read back where its answer does not say that it was carried out", async () => {
  const described = (number: number, status: string) => ({
    body: { taskDefinition: { taskDefinitionArn: revision(number).arn, status } },
  });
  const silent = (count: number): ScriptedAnswer[] => Array(count).fill({ body: {} });
  const deregistered = connect(...silent(2), described(1, "INACTIVE"));
  await deregistered.ecs.deregisterTaskDefinition(revision(1).arn, NEVER);
  assert.equal(deregistered.sent.at(-1)?.operation, "DescribeTaskDefinition");
  const arns = [revision(1).arn, revision(2).arn];
  const unknown = awsFailure("ClientException", "Unable to describe task definition.");
  const deleted = connect(...silent(2), described(1, "DELETE_IN_PROGRESS"), unknown);
  assert.deepEqual([...await deleted.ecs.deleteTaskDefinitions(arns, NEVER)], []);
  const isUnreadable = (error: unknown) => error instanceof AwsError && error.code === "UnreadableAnswer";
  const half = connect(...silent(2), described(1, "DELETE_IN_PROGRESS"), described(2, "INACTIVE"));
  await assert.rejects(half.ecs.deleteTaskDefinitions(arns, NEVER), isUnreadable);
  const unread = connect(...silent(2), awsFailure("AccessDeniedException", "no"));
  await assert.rejects(unread.ecs.deregisterTaskDefinition(revision(1).arn, NEVER), isUnreadable);
});

Deno.test("describeTaskDefinition() reads what services ask for, and keeps the rest as it is", async () => {
  const containerDefinitions = [{
    name: "app",
    image: "app:3",
    portMappings: [{ containerPort: 80 }, { containerPortRange: "90-99" }],
    environment: [{ name: "A", value: "1" }],
    links: [],
  }];
  const others = { cpu: "256", volumes: [], runtimePlatform: { cpuArchitecture: "ARM64" }, containerDefinitions };
  const described = {
    taskDefinitionArn: revision(3).arn,
    family: "myservice",
    revision: 3,
    status: "ACTIVE",
    ...others,
  };
  const { ecs, sent } = connect({ body: { taskDefinition: { ...described, registeredAt: 1672574400 } } });
  const definition = await ecs.describeTaskDefinition("myservice:3", NEVER);
  const input = { taskDefinition: "myservice:3", include: ["TAGS"] };
  assert.deepEqual(sent[0], { operation: "DescribeTaskDefinition", input });
  const { raw: { registeredAt: _, ...members }, ...read } = definition!;
  assert.deepEqual(members, described);
  assert.deepEqual(read, {
    ...revision(3),
    status: "ACTIVE",
    registeredAtMs: 1_672_574_400_000,
    networkMode: undefined,
    requiresCompatibilities: [],
    compatibilities: [],
    operatingSystem: undefined,
    launchVolumes: [],
    containers: [{ name: "app", containerPorts: [80], portRanges: [[90, 99]], portNames: [] }],
    unknownMembers: [],
  });
});

Deno.test("describeTaskDefinition() answers that one is not registered, and passes other refusals on", async () => {
  const { ecs } = connect(
    awsFailure("ClientException", "Unable to describe task definition."),
    awsFailure("ClientException", "Something else."),
  );
  assert.equal(await ecs.describeTaskDefinition("myservice:9", NEVER), undefined);
  await assert.rejects(
    ecs.describeTaskDefinition("myservice:9", NEVER),
    failing("rejected", "ClientException"),
  );
});

Deno.test("listNewestRevisions() asks for one page, newest first", async () => {
  const { ecs, sent } = connect({
    body: { taskDefinitionArns: [revision(7).arn, revision(4).arn], nextToken: "n" },
  });
  assert.deepEqual(await ecs.listNewestRevisions("myservice", 5, NEVER), [7, 4]);
  assert.deepEqual(sent, [{
    operation: "ListTaskDefinitions",
    input: { familyPrefix: "myservice", sort: "DESC", status: "ACTIVE", maxResults: 5 },
  }]);
});

Deno.test("deregisterTaskDefinition() sends the ARN", async () => {
  const taskDefinition = { taskDefinitionArn: revision(4).arn, status: "INACTIVE" };
  const { ecs, sent } = connect({ body: { taskDefinition } });
  await ecs.deregisterTaskDefinition(revision(4).arn, NEVER);
  assert.deepEqual(sent, [{
    operation: "DeregisterTaskDefinition",
    input: { taskDefinition: revision(4).arn },
  }]);
});

Deno.test("deregisterTaskDefinition() counts as done only what its answer shows to be INACTIVE", async () => {
  const ofAnother = { taskDefinitionArn: revision(3).arn, status: "INACTIVE" };
  const stillActive = { taskDefinitionArn: revision(4).arn, status: "ACTIVE" };
  const bodies = [{}, { taskDefinition: {} }, { taskDefinition: ofAnother }, { taskDefinition: stillActive }];
  for (const body of [...bodies, { __type: "InternalFailure", taskDefinition: stillActive }]) {
    const { ecs } = connect({ body });
    await assert.rejects(
      ecs.deregisterTaskDefinition(revision(4).arn, NEVER),
      failing("lost", "UnreadableAnswer"),
    );
  }
});
