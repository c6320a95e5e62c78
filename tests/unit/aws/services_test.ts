import assert from "node:assert/strict";
import { CallRates } from "../../../src/aws/call_rates.ts";
import { connectEcs } from "../../../src/aws/ecs.ts";
import type { AwsError } from "../../../src/errors.ts";
import { findUnkept } from "../../../src/aws/find_unkept.ts";
import { REF, revision } from "../made_up.ts";
import {
  awsFailure,
  connect,
  connectionOptions,
  failing,
  networkFailure,
  type ScriptedAnswer,
  stubNetwork,
} from "./stub_network.ts";
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

const SERVICE = {
  serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice",
  clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
  serviceName: "myservice",
  status: "ACTIVE",
  desiredCount: 2,
  runningCount: 1,
  pendingCount: 1,
  taskDefinition: revision(4).arn,
  deployments: [{
    id: "ecs-svc/4",
    status: "PRIMARY",
    taskDefinition: revision(4).arn,
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    failedTasks: 3,
    createdAt: 1672574400.5,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "ECS deployment ecs-svc/4 in progress.",
  }],
  events: [{ id: "e-1", createdAt: 1672574401, message: "(service myservice) has started 1 tasks: (task t)." }],
};

Deno.test("lookAtService() polls at the pace that it is given, and describeService() at none", async () => {
  const options = connectionOptions(stubNetwork({ body: { services: [SERVICE], failures: [] } }));
  const rates = new CallRates(options.clock);
  const paces: unknown[] = [];
  rates.run = async (_operation, { pace }, _signal, make) => {
    paces.push(pace);
    return await make();
  };
  const ecs = connectEcs({ ...options, rates });
  await ecs.lookAtService(REF, NEVER, "poll");
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
      services: [{
        ...SERVICE,
        deploymentController: { type: "CODE_DEPLOY" },
        taskSets: [TASK_SET, { ...TASK_SET, externalId: "d-1" }],
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
        loadBalancers: [{ loadBalancerName: "classic", containerName: "app", containerPort: 80 }],
        serviceRegistries: [{ registryArn: "arn:registry", containerName: "dns", containerPort: 53 }],
      }],
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

Deno.test("listServices() reads every page, of a hundred, and ends when pages repeat", async () => {
  const { ecs, sent } = connect(
    { body: { serviceArns: ["service-1"], nextToken: "2" } },
    { body: { serviceArns: [], nextToken: "3" } },
    { body: { serviceArns: ["service-2"], nextToken: "2" } },
  );
  assert.deepEqual(await Array.fromAsync(ecs.listServices("default", NEVER)), [["service-1"], ["service-2"]]);
  assert.deepEqual(sent.map(({ operation }) => operation), Array(3).fill("ListServices"));
  assert.deepEqual(sent.map(({ input }) => input), [
    { cluster: "default", maxResults: 100 },
    { cluster: "default", maxResults: 100, nextToken: "2" },
    { cluster: "default", maxResults: 100, nextToken: "3" },
  ]);
});

Deno.test("describeServices() asks for ten at a time and leaves out what ECS does not know", async () => {
  const arns = Array.from({ length: 11 }, (_, index) => `service-${index + 1}`);
  const failures = arns.slice(1, 10).map((arn) => ({ arn, reason: "MISSING" }));
  const { ecs, sent } = connect(
    { body: { services: [SERVICE], failures } },
    { body: { services: [{ ...SERVICE, serviceName: "another" }], failures } },
  );
  const found = await ecs.describeServices("default", arns, NEVER);
  assert.deepEqual(found.map(({ name }) => name).sort(), ["another", "myservice"]);
  // Sent at the same time, they arrive in any order.
  const inputs = sent.map(({ input }) => input as { services: string[] });
  assert.deepEqual(inputs.toSorted((a, b) => b.services.length - a.services.length), [
    { cluster: "default", services: arns.slice(0, 10) },
    { cluster: "default", services: ["service-11"] },
  ]);
  assert.deepEqual(await ecs.describeServices("default", [], NEVER), []);
  assert.equal(sent.length, 2);
});

Deno.test("updateService() sends cluster, service and task definition, and nothing else", async () => {
  const { ecs, sent } = connect({ body: { service: SERVICE } });
  await ecs.updateService(REF, { taskDefinition: revision(3).arn }, NEVER);
  assert.deepEqual(sent, [{
    operation: "UpdateService",
    input: { cluster: "default", service: "myservice", taskDefinition: revision(3).arn },
  }]);
});

Deno.test("updateService() is sent once, whatever comes back", async () => {
  const answers: [ScriptedAnswer, Parameters<typeof failing>][] = [
    [networkFailure("ECONNRESET"), ["lost", "ECONNRESET"]],
    [awsFailure("ServerException", "", 500), ["server", "ServerException"]],
    [{ text: '{"service": {"serv' }, ["lost", "SyntaxError"]],
    [awsFailure("ThrottlingException", "Rate exceeded"), ["throttled", "ThrottlingException"]],
    [{ body: {} }, ["lost", "UnreadableAnswer"]],
  ];
  for (const [answer, expected] of answers) {
    const { ecs, sent } = connect(answer);
    await assert.rejects(ecs.updateService(REF, { taskDefinition: revision(3).arn }, NEVER), failing(...expected));
    assert.equal(sent.length, 1);
  }
});

Deno.test("an error that AWS has no words for is reported by its name alone", async () => {
  const { ecs } = connect(awsFailure("ServiceNotFoundException", ""));
  await assert.rejects(ecs.updateService(REF, { taskDefinition: revision(3).arn }, NEVER), {
    code: "ServiceNotFoundException",
    detail: "",
    requestId: "request-1",
  });
});

Deno.test("updateService() sends attributes besides; without a task definition the service keeps its own", async () => {
  const { ecs, sent } = connect({ body: { service: SERVICE } });
  const attributes = { desiredCount: 3, cluster: "other", forceNewDeployment: true };
  await ecs.updateService(REF, { attributes }, NEVER);
  assert.deepEqual(sent[0]?.input, {
    cluster: "default",
    service: "myservice",
    desiredCount: 3,
    forceNewDeployment: true,
  });
});

const CREATION = { taskDefinition: revision(4).arn, desiredCount: 1, serviceName: "other", future: { x: 1 } };

Deno.test("createService() sends the service's name, also where an ARN names it, and what the SDK does not know", async () => {
  for (const service of ["myservice", "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice"]) {
    const { ecs, sent } = connect({ body: { service: SERVICE } });
    const created = await ecs.createService({ cluster: "default", service }, CREATION, "token-1", NEVER);
    assert.equal(created.name, "myservice");
    assert.deepEqual(sent, [{
      operation: "CreateService",
      input: {
        cluster: "default",
        serviceName: "myservice",
        clientToken: "token-1",
        taskDefinition: revision(4).arn,
        desiredCount: 1,
        future: { x: 1 },
      },
    }]);
  }
});

Deno.test("createService() is repeated with the same token, so that there is one service", async () => {
  const { ecs, sent } = connect(
    awsFailure("ThrottlingException", "Rate exceeded"),
    awsFailure("ServerException", "", 500),
    networkFailure("ECONNRESET"),
    { body: { service: SERVICE } },
  );
  await ecs.createService(REF, CREATION, "token-1", NEVER);
  const tokens = sent.map(({ input }) => (input as { clientToken: string }).clientToken);
  assert.deepEqual(tokens, Array(4).fill("token-1"));
});

Deno.test("createService() that is refused after a lost answer is not said to have changed nothing", async () => {
  const refusal = awsFailure("InvalidParameterException", "Creation of service was not idempotent.");
  const { ecs } = connect(networkFailure("ECONNRESET"), refusal);
  await assert.rejects(
    ecs.createService(REF, CREATION, "t", NEVER),
    failing("lost", "InvalidParameterException"),
  );
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

Deno.test("createService() is read back where its answer does not show the service", async () => {
  const input = { taskDefinition: SERVICE.taskDefinition };
  const silent: ScriptedAnswer[] = Array(2).fill({ body: {} });
  const create = async (found: object) => {
    const { ecs } = connect(...silent, { body: { services: [found] } });
    return await ecs.createService(REF, input, "token", NEVER);
  };
  assert.equal((await create(SERVICE)).status, "ACTIVE");
  for (const other of [{ status: "INACTIVE" }, { taskDefinition: revision(9).arn }]) {
    await assert.rejects(create({ ...SERVICE, ...other }), failing("lost", "UnreadableAnswer"));
  }
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

Deno.test("findUnkept() names what the model does not know and the answer does not show, and nothing else", () => {
  const order = {
    desiredCount: 2,
    loadBalancers: [{ containerName: "app", futureMode: "A" }],
    futureIsolation: { a: 1 },
  };
  const cases: [answered: Record<string, unknown>, unkept: string[]][] = [
    [{}, ["loadBalancers.0.futureMode", "futureIsolation"]],
    [{ futureIsolation: { a: 1 }, loadBalancers: [{ futureMode: "A" }] }, []],
    // ECS fills in what it has defaults for.
    [{ futureIsolation: { a: 1, b: [] }, loadBalancers: [{ futureMode: "A" }] }, []],
    [{ futureIsolation: { a: 2 }, loadBalancers: [{ futureMode: "B" }] }, [
      "loadBalancers.0.futureMode",
      "futureIsolation",
    ]],
    // In another order, and in the PRIMARY deployment.
    [{ loadBalancers: [{}, { futureMode: "A" }], deployments: [{ status: "PRIMARY", futureIsolation: { a: 1 } }] }, []],
    [{ loadBalancers: [{ futureMode: "A" }], deployments: [{ status: "ACTIVE", futureIsolation: { a: 1 } }] }, [
      "futureIsolation",
    ]],
  ];
  for (const [answered, unkept] of cases) {
    assert.deepEqual(findUnkept(order, answered as never), unkept, JSON.stringify(answered));
  }
});

Deno.test("findUnkept() finds nothing missing of what is empty", () => {
  assert.deepEqual(findUnkept({ futureList: [], futureObject: {}, _comment: "x" }, {}), []);
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
