import assert from "node:assert/strict";
import { CallRates } from "../../../src/aws/call_rates.ts";
import { connectEcs } from "../../../src/aws/ecs.ts";
import type { AwsError } from "../../../src/errors.ts";
import { REF, revision } from "../made_up.ts";
import { SERVICE } from "./answered_service.ts";
import { awsFailure, connect, connectionOptions, failing, networkFailure, stubNetwork } from "./stub_network.ts";
import { inWords } from "../../in_words.ts";

Deno.test("now() is AWS's time, once that is known to differ from this machine's", async () => {
  const hourAhead = new Date(Date.now() + 3_600_000).toUTCString();
  const network = stubNetwork({ body: { services: [], failures: [{ arn: "a", reason: "MISSING" }] } });
  const { handle } = network.requestHandler;
  network.requestHandler.handle = async (request) => {
    const answer = await handle(request);
    answer.response.headers.date = hourAhead;
    return answer;
  };
  const options = connectionOptions(network);
  const ecs = connectEcs(options);
  assert.equal(ecs.now(), options.clock.now());
  await ecs.describeService({ cluster: "default", service: "web" }, new AbortController().signal);
  assert.ok(Math.abs(ecs.now() - options.clock.now() - 3_600_000) < 5_000, String(ecs.now()));
});

const NEVER = new AbortController().signal;

Deno.test("readSnapshot() passes its priority on, and describeService() has none", async () => {
  const options = connectionOptions(stubNetwork({ body: { services: [SERVICE], failures: [] } }));
  const rates = new CallRates(options.clock);
  const paces: unknown[] = [];
  rates.run = async (_operation, { priority }, _signal, make) => {
    paces.push(priority);
    return await make();
  };
  const ecs = connectEcs({ ...options, rates });
  await ecs.readSnapshot(REF, NEVER, "poll");
  await ecs.describeService(REF, NEVER);
  assert.deepEqual(paces, ["poll", undefined]);
});

Deno.test("describeService() asks for the one service and reads it", async () => {
  const { ecs, sent } = connect({ body: { services: [SERVICE], failures: [] } });
  const service = await ecs.describeService(REF, NEVER);
  const input = { cluster: "default", services: ["myservice"], include: ["TAGS"] };
  assert.deepEqual(sent, [{ operation: "DescribeServices", input }]);
  assert.equal(service?.deploymentController, "ECS");
  assert.equal(service?.hasAwsvpcConfiguration, false);
  assert.equal(service?.launchType, undefined);
  assert.deepEqual(service?.deployments, [{
    id: "ecs-svc/4",
    status: "PRIMARY",
    taskDefinition: revision(4).arn,
    desiredCount: 2,
    pendingCount: 1,
    runningCount: 1,
    failedTasks: 3,
    createdAtMs: 1672574400500,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "ECS deployment ecs-svc/4 in progress.",
  }]);
  assert.deepEqual(service?.events, [{
    id: "e-1",
    createdAtMs: 1672574401000,
    message: "(service myservice) has started 1 tasks: (task t).",
  }]);
});

Deno.test("an answer about something else than what was asked for is none, and it is asked for again", async () => {
  const other = { ...SERVICE, serviceArn: `${SERVICE.serviceArn}-2`, serviceName: "myservice-2" };
  const services = connect({ body: { services: [other] } }, { body: { services: [SERVICE] } });
  assert.equal((await services.ecs.describeService(REF, NEVER))?.taskDefinition, revision(4).arn);
  assert.equal(services.sent.length, 2);

  const definition = (number: number) => ({
    body: { taskDefinition: { taskDefinitionArn: revision(number).arn, status: "ACTIVE", containerDefinitions: [] } },
  });
  for (const asked of ["myservice:3", revision(3).arn]) {
    const { ecs, sent } = connect(definition(4), definition(3));
    assert.equal((await ecs.describeTaskDefinition(asked, NEVER))?.arn, revision(3).arn);
    assert.equal(sent.length, 2);
  }
  const newest = connect(definition(4));
  assert.equal((await newest.ecs.describeTaskDefinition("myservice", NEVER))?.arn, revision(4).arn);
});

const TASK_SET = {
  id: "ecs-svc/7",
  status: "PRIMARY",
  taskDefinition: revision(4).arn,
  computedDesiredCount: 2,
  runningCount: 1,
  stabilityStatus: "STABILIZING",
};

Deno.test("describeService() gives the service as it is decided by, and every member of it", async () => {
  const service = {
    serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice",
    clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
    serviceName: "myservice",
    status: "ACTIVE",
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    deployments: [],
    tags: [{ key: "a", value: "b" }],
  };
  const { ecs, sent } = connect(
    { body: { services: [service] } },
    { body: { services: [], failures: [{ arn: "x", reason: "MISSING" }] } },
  );
  const read = await ecs.describeService(REF, NEVER);
  assert.deepEqual(read?.raw, service);
  assert.deepEqual([read?.name, read?.desiredCount], ["myservice", 2]);
  assert.deepEqual(sent[0]?.input, { cluster: "default", services: ["myservice"], include: ["TAGS"] });
  assert.equal(await ecs.describeService(REF, NEVER), undefined);
});

const LIMITED = {
  ...SERVICE,
  deploymentController: { type: "CODE_DEPLOY" },
  taskSets: [TASK_SET, { ...TASK_SET, externalId: "d-1" }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
  loadBalancers: [{ loadBalancerName: "classic", containerName: "app", containerPort: 80 }],
  serviceRegistries: [{ registryArn: "arn:registry", containerName: "dns", containerPort: 53 }],
};

Deno.test("describeService() reads what limits an update", async () => {
  const cases: [object, string | undefined][] = [
    [{ launchType: "EC2" }, "EC2"],
    [{ capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT" }] }, "FARGATE"],
    [{ capacityProviderStrategy: [{ capacityProvider: "my-asg" }] }, undefined],
  ];
  for (const [changes, launchType] of cases) {
    const { ecs } = connect({ body: { services: [{ ...SERVICE, ...changes }] } });
    assert.equal((await ecs.describeService(REF, NEVER))?.launchType, launchType);
  }
  const { ecs } = connect({
    body: {
      services: [LIMITED],
    },
  });
  const service = await ecs.describeService(REF, NEVER);
  assert.equal(service?.deploymentController, "CODE_DEPLOY");
  assert.deepEqual(service?.taskSets.map(({ externalId }) => externalId), [undefined, "d-1"]);
  assert.deepEqual(service?.taskSets[0], {
    id: "ecs-svc/7",
    status: "PRIMARY",
    taskDefinition: revision(4).arn,
    externalId: undefined,
    desiredCount: 2,
    pendingCount: 0,
    runningCount: 1,
    stabilityStatus: "STABILIZING",
  });
  assert.equal(service?.hasAwsvpcConfiguration, true);
  assert.deepEqual(service?.attachments, [
    { kind: "loadBalancer", name: "classic", containerName: "app", containerPort: 80 },
    { kind: "serviceRegistry", name: "arn:registry", containerName: "dns", containerPort: 53 },
  ]);
});

Deno.test("describeService() distinguishes a missing service from an answer that says nothing", async () => {
  const { ecs } = connect(
    { body: { services: [], failures: [{ arn: "arn", reason: "MISSING" }] } },
    { body: { services: [], failures: [] } },
  );
  assert.equal(await ecs.describeService(REF, NEVER), undefined);
  await assert.rejects(ecs.describeService(REF, NEVER), failing("lost", "UnreadableAnswer"));
});

Deno.test("describeService() has no stack trace for answers of the wrong shape", async () => {
  const bodies = [{}, { services: [{}] }, { services: [{ ...SERVICE, status: undefined }] }, {
    services: [{ ...SERVICE, deployments: [{}] }],
  }];
  for (const body of bodies) {
    const { ecs } = connect({ body });
    await assert.rejects(ecs.describeService(REF, NEVER), failing("lost", "UnreadableAnswer"));
  }
});

Deno.test("reads are repeated when AWS is in trouble, and each attempt is reported", async () => {
  const { ecs, sent, attempts } = connect(
    awsFailure("ThrottlingException", "Rate exceeded"),
    networkFailure("ECONNRESET"),
    { body: { services: [SERVICE] } },
  );
  assert.equal((await ecs.describeService(REF, NEVER))?.name, "myservice");
  assert.equal(sent.length, 3);
  assert.deepEqual(attempts, [
    "DescribeServices attempt 1: ThrottlingException in 0 ms",
    "DescribeServices attempt 2: ECONNRESET in 0 ms",
    "DescribeServices attempt 3: ok in 0 ms",
  ]);
});

Deno.test("an answer that leaves out what was asked for does not say that it is not there", async () => {
  const unreadable = failing("lost", "UnreadableAnswer");
  for (const body of [{}, { services: [] }, { services: [SERVICE] }, { failures: [{ arn: "b", reason: "MISSING" }] }]) {
    const { ecs } = connect({ body });
    await assert.rejects(ecs.describeServices("default", ["a", "b"], NEVER), unreadable, JSON.stringify(body));
  }
  for (const body of [{}, { tasks: [] }, { tasks: [], failures: [] }]) {
    const { ecs } = connect({ body: { taskArns: ["task-1"] } }, { body });
    await assert.rejects(ecs.listTaskDefinitionsInUse("default", "myservice", NEVER), unreadable);
  }
  const { ecs } = connect({ body: {} });
  await assert.rejects(ecs.listNewestRevisions("myservice", 10, NEVER), unreadable);
});

const NO_TAGS = awsFailure("InvalidParameterException", "TAGS is not supported in this Region.");

Deno.test("where AWS refuses tags, services and task definitions are read without them", async () => {
  const found = { body: { services: [SERVICE], failures: [] } };
  const definition = { body: { taskDefinition: { taskDefinitionArn: revision(4).arn, status: "ACTIVE" } } };
  const network = stubNetwork(NO_TAGS, found, found, definition);
  const refused: string[] = [];
  const options = { ...connectionOptions(network), onTagsRefused: ({ code }: AwsError) => void refused.push(code) };
  const ecs = connectEcs(options);
  for (let reads = 1; reads <= 2; reads++) assert.equal((await ecs.describeService(REF, NEVER))?.status, "ACTIVE");
  assert.equal((await ecs.describeTaskDefinition(revision(4).arn, NEVER))?.revision, 4);
  const included = network.sent.map(({ input }) => (input as { readonly include?: unknown }).include);
  assert.deepEqual(included, [["TAGS"], undefined, undefined, undefined]);
  assert.deepEqual(refused, ["InvalidParameterException"]);
});

Deno.test("a missing permission to read tags is found out by asking without them", async () => {
  const why = "User: u is not authorized to perform: ecs:ListTagsForResource on resource: *";
  const { ecs, sent } = connect(awsFailure("AccessDeniedException", why), { body: { services: [SERVICE] } });
  assert.equal((await ecs.describeService(REF, NEVER))?.status, "ACTIVE");
  assert.equal(sent.length, 2);
});

Deno.test("what AWS refuses without tags, too, is refused; what is not about tags is asked once", async () => {
  const wrong = connect(NO_TAGS, awsFailure("InvalidParameterException", "Invalid identifier"), NO_TAGS);
  await assert.rejects(inWords(wrong.ecs.describeService(REF, NEVER)), /Invalid identifier/);
  assert.equal(wrong.sent.length, 2);
  const why = "User: u is not authorized to perform: ecs:DescribeServices on resource: staging";
  const denied = connect(awsFailure("AccessDeniedException", why));
  await assert.rejects(denied.ecs.describeService(REF, NEVER), failing("denied", "AccessDeniedException"));
  assert.equal(denied.sent.length, 1);
});
