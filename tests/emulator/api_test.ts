import assert from "node:assert/strict";
import { checkAnswer, checkRefusal } from "./api/check_answer.ts";
import { deviationsOf } from "./api/deviations.ts";
import { SERVICES, type Table, tableOf } from "./api/tables.ts";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import { AwsFailure } from "./failure.ts";
import type { JsonObject } from "./model.ts";
import { RESOURCE_ID } from "./myservice.ts";
import { newWorld } from "./new_world.ts";
import { notHeededBy } from "./not_emulated.ts";
import { operationsOf } from "./operations.ts";
import { createScenario } from "./scenarios.ts";

const app = { name: "app", image: "example/app:1", memory: 128 };
const register = (members: JsonObject) => ({ family: "f", containerDefinitions: [app], ...members });
const container = (members: JsonObject) => register({ containerDefinitions: [{ ...app, ...members }] });
const target = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID, ScalableDimension: "ecs:service:DesiredCount" };

const UNLIKE_THE_MODEL: [string, JsonObject, string, string][] = [
  [
    "RegisterTaskDefinition",
    register({ pidMode: "" }),
    "ClientException",
    " is not a valid value for pidMode. The value must be one of [host,task]",
  ],
  [
    "RegisterTaskDefinition",
    container({ portMappings: [{ containerPort: 80, appProtocol: "" }] }),
    "ClientException",
    " is not a valid value for appProtocol. The value must be one of [http,http2,grpc]",
  ],
  [
    "RegisterTaskDefinition",
    container({ logConfiguration: { options: {} } }),
    "ClientException",
    "LogConfiguration.logDriver should not be null or empty.",
  ],
  [
    "UpdateService",
    { service: "myservice", propagateTags: "" },
    "InvalidParameterException",
    "propagateTags should be one of [NONE,SERVICE,TASK_DEFINITION]",
  ],
  [
    "DescribeServices",
    { services: ["myservice"], include: ["tags"] },
    "InvalidParameterException",
    "include should be one of [TAGS]",
  ],
  [
    "UpdateService",
    { service: "myservice", capacityProviderStrategy: [{ base: 1 }] },
    "InvalidParameterException",
    "capacityProviderStrategy.capacityProvider cannot be null or empty.",
  ],
  [
    "UpdateService",
    { service: "myservice", capacityProviderStrategy: [{ capacityProvider: "a", weight: 1001 }] },
    "InvalidParameterException",
    "1 validation error detected: Value '1001' at 'capacityProviderStrategy.1.member.weight' failed to satisfy " +
    "constraint: Member must have value less than or equal to 1000",
  ],
  [
    "RegisterTaskDefinition",
    register({ tags: [{ key: "k", value: "{}" }] }),
    "InvalidParameterException",
    "1 validation error detected: Value '{}' at 'tags.1.member.value' failed to satisfy constraint: Member must " +
    "satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)",
  ],
];

Deno.test("ECS refuses a request that is not as its model says", async (t) => {
  for (const [operation, input, type, message] of UNLIKE_THE_MODEL) {
    await t.step(`${operation}: ${message}`, () => {
      const emulator = createScenario("healthy");
      const before = emulator.state();
      const answer = ask(emulator, operation, input);
      assert.deepEqual([answer.type, answer.message], [type, message]);
      assert.deepEqual(emulator.state(), before);
    });
  }
});

Deno.test("what is of another type cannot be deserialised, at any depth, and is not named", async (t) => {
  const table: [JsonObject, string][] = [
    [container({ cpu: "256" }), "STRING_VALUE cannot be converted to Integer"],
    [container({ essential: "true" }), "STRING_VALUE cannot be converted to Boolean"],
    [register({ cpu: 256 }), "NUMBER_VALUE can not be converted to a String"],
    [container({ command: [true] }), "TRUE_VALUE can not be converted to a String"],
    [container({ command: "sh" }), "Expected list or null"],
    [container({ logConfiguration: "awslogs" }), "Expected null"],
    [container({ image: { tag: "1" } }), "Start of structure or map found where not expected."],
    [container({ dockerLabels: [] }), "Start of list found where not expected"],
  ];
  for (const [input, message] of table) {
    await t.step(message, () => {
      const answer = ask(new Emulator(), "RegisterTaskDefinition", input);
      assert.deepEqual([answer.type, answer.message], ["SerializationException", message]);
    });
  }
});

Deno.test("the other services have words of their own", () => {
  const emulator = createScenario("healthy");
  const unlike = ask(
    emulator,
    "RegisterScalableTarget",
    { ...target, ServiceNamespace: "", MinCapacity: 0 },
    "autoscaling",
  );
  assert.equal(unlike.type, "ValidationException");
  assert.match(
    unlike.message ?? "",
    /^1 validation error detected: Value '' at 'serviceNamespace' failed to satisfy constraint: Member must satisfy enum value set: \[ecs, /,
  );
  const missing = ask(emulator, "DescribeScalableTargets", {}, "autoscaling");
  assert.deepEqual([missing.type, missing.message], [
    "ValidationException",
    "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
  ]);
  const ofEcr = ask(emulator, "DescribeImages", { repositoryName: "A" }, "ecr");
  assert.equal(ofEcr.type, "InvalidParameterException");
  assert.match(
    ofEcr.message ?? "",
    /^Invalid parameter at 'repositoryName' failed to satisfy constraint: 'Member must /,
  );
  assert.equal(ask(emulator, "GetParameter", { Name: "" }, "ssm").type, "ValidationException");
});

Deno.test("members that ECS does not know are ignored, and null is as good as not sent", () => {
  const emulator = new Emulator();
  const input = container({
    futureIsolation: "strict",
    cpu: null,
    linuxParameters: { initProcessEnabled: true, and: 1 },
  });
  const { taskDefinition } = ask(emulator, "RegisterTaskDefinition", { ...input, future: {} }).output;
  const [answered] = taskDefinition.containerDefinitions;
  assert.deepEqual(answered.linuxParameters, { initProcessEnabled: true });
  assert.deepEqual([answered.cpu, "futureIsolation" in answered], [0, false]);
  assert.equal("future" in taskDefinition, false);
});

Deno.test("a newer ECS than the table's checks, stores and answers its further members", () => {
  const furtherMembers = {
    ContainerDefinition: { futureIsolation: "FutureIsolation" },
    FutureIsolation: { level: "String" },
    RegisterTaskDefinitionRequest: { future: "Boolean" },
    TaskDefinition: { future: "Boolean" },
  };
  const emulator = new Emulator({ furtherMembers });
  const futureIsolation = { level: "strict" };
  const input = { ...container({ futureIsolation }), future: true };
  const { taskDefinition } = ask(emulator, "RegisterTaskDefinition", input).output;
  assert.deepEqual(taskDefinition.containerDefinitions[0].futureIsolation, futureIsolation);
  assert.equal(taskDefinition.future, true);
  const wrong = ask(emulator, "RegisterTaskDefinition", container({ futureIsolation: "strict" }));
  assert.equal(wrong.type, "SerializationException");
});

Deno.test("a value deviates from its shape in as many ways as there are", () => {
  const table: Table = {
    apiVersion: "",
    targetPrefix: "X",
    operations: {},
    shapes: {
      All: {
        type: "structure",
        required: ["name"],
        members: { name: "Name", size: "Size", labels: "Labels", at: "At", any: "Any", rate: "Rate" },
      },
      Name: { type: "string", min: 2, max: 3, pattern: "[a-z]*" },
      Size: { type: "integer", min: 1, max: 2 },
      Labels: { type: "map", key: "Name", value: "Size", max: 1 },
      At: { type: "timestamp" },
      Any: { type: "document" },
      Rate: { type: "double" },
    },
  };
  const kinds = (value: JsonObject) => deviationsOf(table, "All", value).map(({ kind, path }) => `${kind} ${path}`);
  assert.deepEqual(kinds({ name: "ab", size: 2, labels: { ab: 1 }, at: 1.5, any: [{}], rate: 0.5 }), []);
  assert.deepEqual(kinds({ size: 3, labels: { abc: 0, x: 1 }, at: "now", more: 1 }), [
    "missing name",
    "range size",
    "length labels",
    "range labels,abc",
    "length labels,x",
    "type at",
    "unknown more",
  ]);
  assert.deepEqual(kinds({ name: "ABCD", size: 1.5 }), ["length name", "pattern name", "type size"]);
});

Deno.test("what the emulator does nothing with is refused, and says that the emulator does so", () => {
  const emulator = createScenario("healthy");
  const before = emulator.state();
  const answer = ask(emulator, "RegisterScalableTarget", { ...target, MinCapacity: 2, RoleARN: "arn" }, "autoscaling");
  assert.deepEqual([answer.status, answer.type, answer.message], [
    400,
    "NotEmulated",
    "emulator: RoleARN of RegisterScalableTarget is not supported",
  ]);
  assert.deepEqual(emulator.state(), before);
});

Deno.test("what the emulator does nothing with is there in AWS's model", () => {
  for (const service of SERVICES) {
    const { operations, shapes } = tableOf(service);
    for (const [operation, { input = "" }] of Object.entries(operations)) {
      for (const member of notHeededBy(service, operation)) assert.ok(member in shapes[input]!.members!, member);
    }
    for (const operation of operationsOf(service)) assert.ok(operation in operations, operation);
  }
});

Deno.test("an answer that AWS could not give, and an error that an operation does not have, is a defect", () => {
  const { settings } = newWorld({});
  const failures = [{ arn: "a", reason: "MISSING" }];
  checkAnswer("ecs", "DescribeServices", { services: [{ status: "ACTIVE", createdAt: 1.5 }], failures }, settings);
  assert.throws(
    () => checkAnswer("ecs", "DescribeServices", { services: [{ launchType: "MOON", age: 1 }], failure: [] }, settings),
    /enum services\.0\.launchType = "MOON"; unknown services\.0\.age = 1; unknown failure = \[\]$/,
  );
  checkRefusal("ecs", "DescribeServices", new AwsFailure("ClusterNotFoundException", ""));
  assert.throws(
    () => checkRefusal("ecs", "DescribeServices", new AwsFailure("ServiceNotFoundException", "no")),
    /refuses DescribeServices by an error that AWS does not have for it: ServiceNotFoundException: no$/,
  );
});
