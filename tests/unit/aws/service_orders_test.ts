import assert from "node:assert/strict";
import { findUnkept } from "../../../src/aws/service_orders.ts";
import { REF, revision } from "../made_up.ts";
import { SERVICE } from "./answered_service.ts";
import { awsFailure, connect, failing, networkFailure, type ScriptedAnswer } from "./stub_network.ts";

const NEVER = new AbortController().signal;

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
