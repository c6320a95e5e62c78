import * as sdk from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import assert from "node:assert/strict";
import { clientConfig } from "../../../src/aws/connection.ts";
import { connectEcs } from "../../../src/aws/ecs.ts";
import { keepUnknownMembers } from "../../../src/aws/ecs_api.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { REF, revision } from "../made_up.ts";
import { connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

/** Whether the SDK's ECS client sends and reads also what the SDK does not know. */

const NEVER = new AbortController().signal;

function connect(...answers: ScriptedAnswer[]) {
  const network = stubNetwork(...answers);
  return { ecs: connectEcs(connectionOptions(network)), sent: network.sent };
}

const ARN = revision(5).arn;
const WHOLE: JsonObject = {
  family: "myservice",
  future: { deep: [{ x: 1 }, null], mode: "A" },
  containerDefinitions: [
    { name: "app", future: "B", portMappings: [{ containerPort: 80, future: true }], dockerLabels: { future: "C" } },
    { name: "side", logConfiguration: { logDriver: "awslogs", future: {} } },
  ],
  constructor: "D",
  toString: 1,
};

Deno.test("registerTaskDefinition() sends what the SDK does not know, at every depth, and reads it from the answer", async () => {
  const { ecs, sent } = connect({ body: { taskDefinition: { ...WHOLE, taskDefinitionArn: ARN } } });
  const { definition } = await ecs.registerTaskDefinition(WHOLE, () => false, NEVER);
  assert.deepEqual(sent[0]?.input, WHOLE);
  assert.deepEqual(definition, { ...WHOLE, taskDefinitionArn: ARN });
});

Deno.test("what the SDK does not know stays with its own element of a list, whatever is null in it", async () => {
  const containerDefinitions = [null, { name: "a", future: 1 }, { name: "b", future: 2 }];
  const { ecs, sent } = connect({ body: { taskDefinition: { containerDefinitions, taskDefinitionArn: ARN } } });
  const { definition } = await ecs.registerTaskDefinition({ family: "f", containerDefinitions }, () => false, NEVER);
  assert.deepEqual(sent[0]?.input, { family: "f", containerDefinitions: containerDefinitions.slice(1) });
  assert.deepEqual(definition.containerDefinitions, containerDefinitions);
});

Deno.test("a name that every object has cannot change what is read", async () => {
  const taskDefinition = JSON.parse(`{"taskDefinitionArn": "${ARN}", "__proto__": {"polluted": 1}}`);
  const { ecs } = connect({ body: { taskDefinition } });
  const { definition } = await ecs.registerTaskDefinition({ family: "f" }, () => false, NEVER);
  assert.equal((definition as Record<string, unknown>).polluted, undefined);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

const SERVICE = {
  serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice",
  clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
  serviceName: "myservice",
  status: "ACTIVE",
  future: "A",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["a"], future: "B" } },
};

Deno.test("updateService() sends what the SDK does not know, and describeService() reads it", async () => {
  const { ecs, sent } = connect({ body: { service: SERVICE } }, { body: { services: [SERVICE] } });
  const attributes = { future: "A", networkConfiguration: SERVICE.networkConfiguration };
  await ecs.updateService(REF, { attributes }, NEVER);
  assert.deepEqual(sent[0]?.input, { cluster: "default", service: "myservice", ...attributes });
  assert.deepEqual((await ecs.describeService(REF, NEVER))?.raw, { ...SERVICE, tags: [] });
});

Deno.test("describeTaskDefinition() reads also what the SDK does not know", async () => {
  const taskDefinition = { ...WHOLE, taskDefinitionArn: ARN, status: "ACTIVE" };
  const { ecs } = connect({ body: { taskDefinition } });
  const read = await ecs.describeTaskDefinition("myservice:5", NEVER);
  assert.deepEqual(read?.raw, taskDefinition);
});

Deno.test("of a union, too, what the SDK does not know is sent and read as it stands", async () => {
  const serviceConnectConfiguration = { enabled: true, containerConfigurations: [{ futureLevel: "A" }] };
  const answered = { ...SERVICE, deployments: [{ id: "ecs-svc/1", status: "PRIMARY", serviceConnectConfiguration }] };
  const { ecs, sent } = connect({ body: { service: SERVICE } });
  await ecs.updateService(REF, { attributes: { serviceConnectConfiguration } }, NEVER);
  const { input } = sent[0] as { input: JsonObject };
  assert.deepEqual(input.serviceConnectConfiguration, serviceConnectConfiguration);
  const network = stubNetwork({ body: { services: [answered] } });
  const command = new sdk.DescribeServicesCommand({ services: ["myservice"] });
  const client = keepUnknownMembers(new sdk.ECSClient(clientConfig(connectionOptions(network))));
  const { services } = await client.send(command);
  assert.deepEqual(services?.[0]?.deployments?.[0]?.serviceConnectConfiguration, serviceConnectConfiguration);
});

/** A value of each member of a schema, as AWS sends it. */
function sampleOf(schema: NormalizedSchema, depth = 0): unknown {
  if (schema.isTimestampSchema()) return 1_700_000_000.123 + depth;
  if (schema.isListSchema()) return [sampleOf(schema.getValueSchema(), depth + 1)];
  if (schema.isMapSchema()) return { key: sampleOf(schema.getValueSchema(), depth + 1) };
  if (schema.isBooleanSchema()) return true;
  if (schema.isNumericSchema()) return depth + 0.5;
  if (!schema.isStructSchema()) return "text";
  const members = [...schema.structIterator()].map(([name, member]) => [name, sampleOf(member, depth + 1)]);
  return Object.fromEntries(schema.isUnionSchema() ? members.slice(0, 1) : [...members, ["future", null]]);
}

Deno.test("the answer to each operation is read as the SDK itself reads it", async () => {
  const commands = Object.entries(sdk).filter(([name]) => /^[A-Z]\w+Command$/.test(name) && name !== "$Command");
  for (const [name, Command] of commands) {
    const command = new (Command as typeof sdk.ListClustersCommand)({});
    const [, , , , , output] = command.schema as unknown as Parameters<typeof NormalizedSchema.of>[0][];
    const body = sampleOf(NormalizedSchema.of(output!)) as JsonObject;
    const read = async (prepare: (client: sdk.ECSClient) => sdk.ECSClient) => {
      const client = prepare(new sdk.ECSClient(clientConfig(connectionOptions(stubNetwork({ body })))));
      return await client.send(command) as object;
    };
    assert.deepEqual(await read(keepUnknownMembers), await read((client) => client), name);
  }
  assert.ok(commands.length > 50);
});
