import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { RESOURCE_ID } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";

const SCALING = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID, ScalableDimension: "ecs:service:DesiredCount" };
const TARGET = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3";

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

Deno.test("UpdateService returns the new PRIMARY deployment first", () => {
  const emulator = createScenario("healthy");
  const { service } = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" }).output;
  assert.equal(service.taskDefinition, TARGET);
  assert.deepEqual(
    service.deployments.map((one: JsonObject) => [one.status, one.taskDefinition, one.runningCount]),
    [["PRIMARY", TARGET, 0], ["ACTIVE", TARGET.replace(/3$/, "4"), 2]],
  );
  assert.match(service.deployments[0].id, /^ecs-svc\/\d{19}$/);
});

Deno.test("UpdateService starts a deployment only for what needs one", async (t) => {
  const table: [JsonObject, boolean][] = [
    [{}, false],
    [{ desiredCount: 3 }, false],
    [{ taskDefinition: "myservice:4" }, false],
    [{ taskDefinition: "myservice" }, false],
    [{ taskDefinition: "myservice:4", forceNewDeployment: true }, true],
    [{ taskDefinition: TARGET }, true],
    [{ networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } } }, true],
  ];
  for (const [input, starts] of table) {
    await t.step(JSON.stringify(input), () => {
      const emulator = createScenario("healthy");
      const { service } = ask(emulator, "UpdateService", { service: "myservice", ...input }).output;
      assert.equal(service.deployments.length, starts ? 2 : 1);
    });
  }
});

Deno.test("UpdateService refuses a task definition that does not fit the service", async (t) => {
  const fargate = { requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", cpu: "256", memory: "512" };
  const container = { name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 8080 }] };
  const table: [string, JsonObject, RegExp][] = [
    [
      "launch type",
      { networkMode: "awsvpc", requiresCompatibilities: ["EC2"], containerDefinitions: [container] },
      /^Task definition does not support launch_type FARGATE\.$/,
    ],
    [
      "container",
      { ...fargate, containerDefinitions: [{ ...container, name: "web" }] },
      /^The container app does not exist in the task definition\.$/,
    ],
    [
      "port",
      { ...fargate, containerDefinitions: [{ ...container, portMappings: [] }] },
      /did not have a container port 8080/,
    ],
  ];
  for (const [name, definition, message] of table) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      const loadBalancers = [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 }];
      emulator.updateService({ service: "myservice", loadBalancers });
      emulator.registerTaskDefinition({ family: "other", ...definition });
      const before = emulator.state();
      const answer = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "other:1" });
      assert.equal(answer.type, "InvalidParameterException");
      assert.match(answer.message ?? "", message);
      assert.deepEqual(emulator.state(), before);
    });
  }
});

Deno.test("UpdateService refuses a task definition whose network mode does not fit the service", () => {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "i", memory: 128 }];
  for (const networkMode of ["awsvpc", "bridge"]) {
    emulator.registerTaskDefinition({ family: "app", networkMode, containerDefinitions });
  }
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["a"] } };
  emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 1, networkConfiguration });
  const { type, message } = ask(emulator, "UpdateService", { service: "web", taskDefinition: "app:2" });
  assert.equal(type, "InvalidParameterException");
  assert.match(message ?? "", /Network Configuration is not valid/);
});

Deno.test("UpdateService leaves task definitions to other deployment controllers", () => {
  for (const type of ["CODE_DEPLOY", "EXTERNAL"]) {
    const emulator = new Emulator();
    const containerDefinitions = [{ name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 80 }] }];
    emulator.registerTaskDefinition({ family: "app", containerDefinitions });
    emulator.createService({
      serviceName: "s",
      desiredCount: 1,
      deploymentController: { type },
      ...(type === "CODE_DEPLOY"
        ? {
          taskDefinition: "app",
          loadBalancers: [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 80 }],
        }
        : {}),
    });
    const answer = ask(emulator, "UpdateService", { service: "s", taskDefinition: "app:1" });
    assert.equal(answer.type, "InvalidParameterException");
    assert.ok(
      answer.message?.includes(`services with a${type === "EXTERNAL" ? "n" : ""} ${type} deployment controller.`),
    );
  }
});

Deno.test("a deregistered revision is described, listed while in use, and refused by UpdateService", () => {
  const emulator = createScenario("healthy");
  for (const revision of [3, 4]) {
    ask(emulator, "DeregisterTaskDefinition", { taskDefinition: `myservice:${revision}` });
  }
  const { taskDefinition } = ask(emulator, "DescribeTaskDefinition", { taskDefinition: TARGET }).output;
  assert.equal(taskDefinition.status, "INACTIVE");
  const listed = (status: string) =>
    ask(emulator, "ListTaskDefinitions", { familyPrefix: "myservice", status }).output.taskDefinitionArns
      .map((arn: string) => arn.slice(-1));
  assert.deepEqual(listed("ACTIVE"), ["1", "2"]);
  assert.deepEqual(listed("INACTIVE"), ["4"]);
  const latest = ask(emulator, "DescribeTaskDefinition", { taskDefinition: "myservice" }).output.taskDefinition;
  assert.equal(latest.revision, 2);
  const refused = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" });
  assert.deepEqual([refused.type, refused.message], ["ClientException", "TaskDefinition is inactive"]);
  const scaled = ask(emulator, "UpdateService", { service: "myservice", desiredCount: 3 });
  assert.equal(scaled.type, undefined);
});

Deno.test("a deregistration is enforced only after its delay", () => {
  const emulator = createScenario("inactive_enforcement_delay");
  emulator.advance(599_999);
  const update = () => ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" }).type;
  assert.equal(update(), undefined);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(1);
  assert.equal(update(), "ClientException");
});

Deno.test("numbers of revisions are never used again", () => {
  const emulator = new Emulator();
  const register = () =>
    emulator.registerTaskDefinition({ family: "f", containerDefinitions: [{ name: "a", image: "b", memory: 128 }] });
  register();
  emulator.deregisterTaskDefinition("f:1");
  const { taskDefinitions, failures } =
    ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: ["f:1", "f:2"] }).output;
  assert.equal(taskDefinitions[0].status, "DELETE_IN_PROGRESS");
  assert.equal(failures.length, 1);
  assert.equal((register().taskDefinition as JsonObject).revision, 2);
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

Deno.test("StopServiceDeployment goes back to the source service revision", () => {
  const emulator = createScenario("healthy");
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-other"] } };
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3", networkConfiguration });
  emulator.advance(5_000);
  const current = () => {
    const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
    return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
  };
  const { serviceDeploymentArn } = current();
  assert.equal(current().status, "IN_PROGRESS");
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  assert.equal(current().status, "ROLLBACK_IN_PROGRESS");
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(300_000);
  assert.equal(current().status, "ROLLBACK_SUCCESSFUL");
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, "ConflictException");
  assert.equal(current().rollback.serviceRevisionArn, current().sourceServiceRevisions[0].arn);
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:4");
  const restored = emulator.describeService("myservice").networkConfiguration as JsonObject;
  assert.notDeepEqual(restored, networkConfiguration);
});

Deno.test("a stop can take its time: ROLLBACK_REQUESTED, with the service as it was, and taken again", () => {
  const emulator = createScenario("healthy");
  emulator.configure({ rollbackRequestedMs: 8_000 });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(5_000);
  const serviceDeploymentArn = String(emulator.describeService("myservice").currentServiceDeployment);
  const seen = () => [
    ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns: [serviceDeploymentArn] }).output
      .serviceDeployments[0].status,
    String(emulator.describeService("myservice").taskDefinition).split("/")[1],
  ];
  ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
  assert.deepEqual(seen(), ["ROLLBACK_REQUESTED", "myservice:3"]);
  emulator.advance(4_000);
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(3_999);
  assert.deepEqual(seen(), ["ROLLBACK_REQUESTED", "myservice:3"]);
  emulator.advance(1);
  assert.deepEqual(seen(), ["ROLLBACK_IN_PROGRESS", "myservice:4"]);
  emulator.advance(300_000);
  assert.deepEqual(seen(), ["ROLLBACK_SUCCESSFUL", "myservice:4"]);
});

Deno.test("a service deployment is PENDING until ECS begins it, and can be stopped meanwhile", () => {
  const emulator = createScenario("healthy");
  emulator.configure({ pendingMs: 5_000 });
  const current = () => {
    const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
    return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
  };
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(4_999);
  assert.deepEqual([current().status, current().startedAt], ["PENDING", undefined]);
  assert.equal(emulator.describeService("myservice").pendingCount, 0);
  emulator.advance(1);
  assert.deepEqual([current().status, current().startedAt], ["IN_PROGRESS", emulator.now() / 1000]);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
  const { serviceDeploymentArn } = current();
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.advance(300_000);
  assert.equal(current().status, "ROLLBACK_SUCCESSFUL");
});

Deno.test("service deployments are listed newest first, with their statuses", () => {
  const emulator = createScenario("crash_loop");
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(300_000);
  const list = (input: JsonObject = {}) =>
    ask(emulator, "ListServiceDeployments", { service: "myservice", ...input }).output.serviceDeployments;
  assert.deepEqual(list().map(({ status }: JsonObject) => status), ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]);
  assert.equal(list({ status: ["STOPPED"] }).length, 1);
  assert.equal(list({ createdAt: { after: Date.UTC(2023, 0, 1, 12, 1) / 1000 } }).length, 2);
});

Deno.test("service deployments are kept for 90 days", () => {
  const emulator = createScenario("healthy");
  const list = () => ask(emulator, "ListServiceDeployments", { service: "myservice" }).output.serviceDeployments;
  emulator.advance(89 * 86_400_000);
  assert.equal(list().length, 2);
  emulator.advance(2 * 86_400_000);
  assert.deepEqual(list(), []);
  assert.equal(emulator.describeService("myservice").currentServiceDeployment, undefined);
  // What the circuit breaker would go back to is remembered all the same.
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  const serviceDeploymentArn = list()[0].serviceDeploymentArn;
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  assert.match(String(emulator.describeService("myservice").taskDefinition), /myservice:4$/);
});

Deno.test("registering a scalable target merges flags and clamps the service", () => {
  const emulator = createScenario("healthy");
  const register = (input: JsonObject) =>
    ask(emulator, "RegisterScalableTarget", { ...SCALING, ...input }, "autoscaling");
  register({ SuspendedState: { DynamicScalingInSuspended: true } });
  register({ SuspendedState: { ScheduledScalingSuspended: true } });
  const state = () => emulator.state();
  assert.deepEqual(state().scalableTargets[RESOURCE_ID]?.suspendedState, {
    DynamicScalingInSuspended: true,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: true,
  });
  register({ MinCapacity: 4 });
  assert.equal(state().services["default/myservice"]?.desiredCount, 4);
  emulator.updateService({ service: "myservice", desiredCount: 12 });
  register({});
  assert.equal(state().services["default/myservice"]?.desiredCount, 10);
});

Deno.test("scaling errors are AWS's", async (t) => {
  const arn = "arn:aws:application-autoscaling:ap-northeast-1:123456789012:scalable-target/none";
  const other = { ...SCALING, ResourceId: "service/default/none" };
  const table: [string, JsonObject, string][] = [
    ["RegisterScalableTarget", other, "ValidationException"],
    ["RegisterScalableTarget", { ServiceNamespace: "ecs" }, "ValidationException"],
    ["RegisterScalableTarget", { ...SCALING, ScalableDimension: "x" }, "ValidationException"],
    ["RegisterScalableTarget", { ...SCALING, MinCapacity: 11 }, "ValidationException"],
    ["DeregisterScalableTarget", other, "ObjectNotFoundException"],
    ["DescribeScalableTargets", {}, "ValidationException"],
    ["ListTagsForResource", { ResourceARN: arn }, "ResourceNotFoundException"],
    ["UpdateService", {}, "UnknownOperationException"],
  ];
  for (const [operation, input, type] of table) {
    await t.step(`${operation}: ${type}`, () => {
      assert.equal(ask(createScenario("healthy"), operation, input, "autoscaling").type, type);
    });
  }
});

Deno.test("a scalable target that does not exist is not made without min and max", () => {
  const emulator = createScenario("healthy");
  assert.equal(ask(emulator, "DeregisterScalableTarget", SCALING, "autoscaling").type, undefined);
  const flags = { SuspendedState: { DynamicScalingInSuspended: true } };
  assert.equal(
    ask(emulator, "RegisterScalableTarget", { ...SCALING, ...flags }, "autoscaling").type,
    "ValidationException",
  );
  assert.deepEqual(emulator.state().scalableTargets, {});
});

Deno.test("tags of a scalable target keep to AWS's limits", () => {
  const emulator = createScenario("healthy");
  const described = ask(emulator, "DescribeScalableTargets", { ServiceNamespace: "ecs" }, "autoscaling").output;
  const ResourceARN = described.ScalableTargets[0].ScalableTargetARN;
  const tag = (Tags: JsonObject) => ask(emulator, "TagResource", { ResourceARN, Tags }, "autoscaling").type;
  assert.equal(tag({ "a:b": "letters 123 + - = . _ : / @" }), undefined);
  assert.equal(tag({ a: "x".repeat(256) }), undefined);
  assert.equal(tag({ a: "x".repeat(257) }), "ValidationException");
  assert.equal(tag({ a: '{"json":1}' }), "ValidationException");
  assert.equal(tag(Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, ""]))), "TooManyTagsException");
  assert.equal(ask(emulator, "UntagResource", { ResourceARN, TagKeys: ["a"] }, "autoscaling").type, undefined);
  const { Tags } = ask(emulator, "ListTagsForResource", { ResourceARN }, "autoscaling").output;
  assert.deepEqual(Tags, { "a:b": "letters 123 + - = . _ : / @" });
});

Deno.test("a scalable target can be older than ARNs", () => {
  const emulator = createScenario("healthy");
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID }, { withoutArn: true });
  const { ScalableTargets } =
    ask(emulator, "DescribeScalableTargets", { ServiceNamespace: "ecs" }, "autoscaling").output;
  assert.equal("ScalableTargetARN" in ScalableTargets[0], false);
});
