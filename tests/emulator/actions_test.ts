import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

Deno.test("errors are AWS's", async (t) => {
  const table: [string, JsonObject | string, string, RegExp][] = [
    ["NoSuchOperation", {}, "UnknownOperationException", /^emulator: NoSuchOperation is not supported$/],
    ["DescribeServices", "{", "SerializationException", /^$/],
    ["DescribeServices", "[]", "SerializationException", /structure/],
    ["DescribeServices", { services: "myservice" }, "SerializationException", /^Expected list or null$/],
    ["DescribeServices", {}, "InvalidParameterException", /services/],
    ["DescribeServices", { services: Array(11).fill("x") }, "InvalidParameterException", /10/],
    ["DescribeServices", { cluster: "no", services: ["x"] }, "ClusterNotFoundException", /^Cluster not found\.$/],
    ["UpdateService", {}, "InvalidParameterException", /service/],
    ["UpdateService", { service: "no" }, "ServiceNotFoundException", /./],
    ["UpdateService", { service: "myservice", desiredCount: "2" }, "SerializationException", /^STRING_VALUE cannot/],
    [
      "UpdateService",
      { service: "myservice", taskDefinition: "myservice:9" },
      "ClientException",
      /^Unable to describe task definition\.$/,
    ],
    ["DescribeTaskDefinition", { taskDefinition: "no" }, "ClientException", /^Unable to describe task definition\.$/],
    ["DeregisterTaskDefinition", { taskDefinition: "myservice" }, "ClientException", /Revision is missing/],
    ["ListTaskDefinitions", { maxResults: 101 }, "InvalidParameterException", /maxResults/],
    ["ListTaskDefinitions", { nextToken: "?" }, "InvalidParameterException", /token/],
    ["RegisterTaskDefinition", { family: "f" }, "InvalidParameterException", /containerDefinitions/],
    ["StopServiceDeployment", { serviceDeploymentArn: "no" }, "ServiceDeploymentNotFoundException", /./],
  ];
  for (const [operation, input, type, message] of table) {
    await t.step(`${operation} ${JSON.stringify(input).slice(0, 60)}: ${type}`, () => {
      const answer = ask(createScenario("healthy"), operation, input);
      assert.deepEqual([answer.status, answer.type], [400, type]);
      assert.match(answer.message ?? "", message);
    });
  }
});

Deno.test("a refused call leaves the world as it was", () => {
  const emulator = createScenario("healthy");
  const before = emulator.state();
  ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:9", desiredCount: 7 });
  ask(emulator, "RegisterTaskDefinition", {
    family: "x",
    containerDefinitions: [{ name: "a", image: "b", memory: 128 }],
    tags: [{}],
  });
  assert.deepEqual(emulator.state(), before);
  assert.deepEqual(emulator.calls.map(({ applied }) => applied), [false, false]);
});

Deno.test("DescribeServices lists missing services as failures", () => {
  const { services, failures } =
    ask(createScenario("healthy"), "DescribeServices", { services: ["no", "myservice"] }).output;
  assert.equal(services.length, 1);
  assert.deepEqual(failures, [
    { arn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/no", reason: "MISSING" },
  ]);
  assert.equal("deploymentController" in services[0], false);
  assert.equal(services[0].createdAt, Date.UTC(2023, 0, 1, 12) / 1000);
});

Deno.test("DescribeTasks shows the tags that are propagated, when it is asked for them", () => {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "app:1", memory: 128 }];
  emulator.registerTaskDefinition({ family: "app", containerDefinitions, tags: [{ key: "of", value: "definition" }] });
  const tags = [{ key: "of", value: "service" }];
  for (const propagateTags of ["SERVICE", "TASK_DEFINITION", "NONE"]) {
    emulator.createService({
      serviceName: propagateTags,
      taskDefinition: "app:1",
      desiredCount: 1,
      propagateTags,
      tags,
    });
  }
  emulator.advance(60_000);
  const tagsOf = (serviceName: string, more: JsonObject) => {
    const { taskArns } = ask(emulator, "ListTasks", { serviceName }).output;
    return ask(emulator, "DescribeTasks", { tasks: taskArns, ...more }).output.tasks[0].tags;
  };
  const include = ["TAGS"];
  assert.deepEqual(tagsOf("SERVICE", { include }), tags);
  assert.deepEqual(tagsOf("TASK_DEFINITION", { include }), [{ key: "of", value: "definition" }]);
  assert.deepEqual(tagsOf("NONE", { include }), []);
  assert.deepEqual(tagsOf("SERVICE", {}), []);
});

Deno.test("ListServices has ten on a page unless asked for up to a hundred, nothing that is deleted, and no order", () => {
  const emulator = createScenario("healthy");
  for (let number = 1; number <= 11; number++) {
    const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-0123456789abcdef0"] } };
    const service = { taskDefinition: "myservice:1", launchType: "FARGATE", desiredCount: 0, networkConfiguration };
    emulator.createService({ serviceName: `s${number}`, ...service });
  }
  emulator.deleteService({ service: "s1", force: true });
  emulator.advance(60_000);
  const list = (input: JsonObject) => ask(emulator, "ListServices", input).output;
  const first = list({});
  assert.equal(first.serviceArns.length, 10);
  assert.equal(list({ nextToken: first.nextToken }).serviceArns.length, 1);
  const whole = list({ maxResults: 100 });
  assert.deepEqual([whole.serviceArns.length, whole.nextToken], [11, undefined]);
  assert.ok(whole.serviceArns.includes("arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice"));
  assert.notDeepEqual(whole.serviceArns, whole.serviceArns.toSorted());
  assert.equal(ask(emulator, "ListServices", { maxResults: 101 }).type, "InvalidParameterException");
});

Deno.test("ListClusters has a hundred on a page unless asked for fewer", () => {
  const emulator = createScenario("healthy");
  for (let number = 1; number <= 100; number++) emulator.createCluster(`c${number}`);
  const list = (input: JsonObject) => ask(emulator, "ListClusters", input).output;
  const { clusterArns, nextToken } = list({});
  assert.equal(clusterArns.length, 100);
  const [last] = list({ nextToken }).clusterArns;
  assert.match(last, /^arn:aws:ecs:ap-northeast-1:123456789012:cluster\/[a-z0-9]+$/);
  assert.ok(!clusterArns.includes(last));
  assert.equal(list({ maxResults: 7 }).clusterArns.length, 7);
  assert.equal(ask(emulator, "ListClusters", { maxResults: 101 }).type, "InvalidParameterException");
});

Deno.test("listings come in pages that add up to the whole, in order", () => {
  const emulator = createScenario("small_pages");
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const { output } = ask(emulator, "ListTaskDefinitions", { sort: "DESC", maxResults: 100, nextToken });
    pages.push(output.taskDefinitionArns.map((arn: string) => arn.slice(-1)));
    nextToken = output.nextToken;
  } while (nextToken);
  assert.deepEqual(pages, [["4", "3"], ["2", "1"]]);
  assert.deepEqual(ask(emulator, "ListTaskDefinitions", { familyPrefix: "myserv" }).output.taskDefinitionArns, []);
});

Deno.test("a deleted service drains, becomes INACTIVE and is not ACTIVE for UpdateService", () => {
  const emulator = createScenario("healthy");
  assert.equal(ask(emulator, "DeleteService", { service: "myservice" }).type, "InvalidParameterException");
  assert.equal(ask(emulator, "DeleteService", { service: "myservice", force: true }).output.service.status, "DRAINING");
  assert.equal(ask(emulator, "UpdateService", { service: "myservice" }).type, "ServiceNotActiveException");
  emulator.advance(60_000);
  assert.equal(emulator.describeService("myservice").status, "INACTIVE");
  assert.equal(ask(emulator, "UpdateService", { service: "myservice" }).message, "Service was not ACTIVE.");
});

Deno.test("behind a Classic load balancer there is no rollout state", () => {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 80 }] }];
  emulator.registerTaskDefinition({ family: "app", containerDefinitions });
  const loadBalancers = [{ loadBalancerName: "classic", containerName: "app", containerPort: 80 }];
  emulator.createService({ serviceName: "s", taskDefinition: "app", desiredCount: 1, loadBalancers });
  const [deployment] = emulator.describeService("s").deployments as JsonObject[];
  assert.equal("rolloutState" in deployment!, false);
});
