import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** What `aws ecs describe-services` prints, as the service definition. */

const SETTINGS: JsonObject = {
  volumeConfigurations: [{
    name: "data",
    managedEBSVolume: { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 1 },
  }],
  serviceConnectConfiguration: { enabled: true, namespace: "internal", services: [{ portName: "http" }] },
  vpcLatticeConfigurations: [{ roleArn: "arn:r", targetGroupArn: "arn:t", portName: "http" }],
};
const TAGS = [{ key: "team", value: "web" }];

function world(): Emulator {
  const emulator = myservice({ service: { tags: TAGS } });
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const portMappings = [{ containerPort: 8080, name: "http" }];
  const volumes = [{ name: "data", configuredAtLaunch: true }];
  emulator.registerTaskDefinition({ ...others, volumes, containerDefinitions: [{ ...app, portMappings }] });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5", ...SETTINGS });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function describe(emulator: Emulator): JsonObject {
  const input = { services: ["myservice"], include: ["TAGS"] };
  return emulator.call("AmazonEC2ContainerServiceV20141113.DescribeServices", input);
}

/** As it is printed whole, and as `--query 'services[0]'` prints it. */
const PRINTED: Record<string, (answer: JsonObject) => JsonObject> = {
  "the whole answer": (answer) => answer,
  "the service alone": ({ services }) => (services as JsonObject[])[0]!,
};

for (const [what, print] of Object.entries(PRINTED)) {
  const filesOf = (emulator: Emulator, service = "myservice") => ({
    "ecspresso.yml": DEFINITION_FILES["ecspresso.yml"]!.replace("service: myservice", `service: ${service}`),
    "ecs-task-def.json": DEFINITION_FILES["ecs-task-def.json"]!,
    "ecs-service-def.json": JSON.stringify(print(describe(emulator))),
  });
  const deploy = ["deploy", "--skip-task-definition"];

  Deno.test(`${what} of describe-services is the service as it is`, async () => {
    const emulator = world();
    const files = filesOf(emulator);
    const before = emulator.state();
    const { code, stderr } = await runInProcess(emulator, deploy, { files });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /\[warn\]/);
    assert.deepEqual(emulator.state(), before);
    const diff = await runInProcess(emulator, ["diff"], { files });
    assert.doesNotMatch(diff.stdout, /ecs-service-def/);
  });

  Deno.test(`${what} of describe-services makes another service like it`, async () => {
    const emulator = world();
    const args = ["deploy", "--revision", "5"];
    const { code, stderr } = await runInProcess(emulator, args, { files: filesOf(emulator, "other") });
    assert.equal(code, 0, stderr);
    const created = emulator.calls.find(({ operation }) => operation === "CreateService")!.input!;
    for (const name of Object.keys(SETTINGS)) assert.ok(name in created, name);
    assert.deepEqual(created.tags, TAGS);
    assert.equal(created.serviceName, "other");
    for (const name of ["deployments", "events", "roleArn", "createdBy", "platformFamily"]) {
      assert.equal(name in created, false, name);
    }
  });
}

Deno.test("a mistake in the PRIMARY deployment of a described service is named where it stands", async () => {
  const emulator = world();
  const service = `{
  "deployments": [
    { "status": "ACTIVE", "volumeConfigurations": [] },
    { "status": "PRIMARY",
      "volumeConfigurations": "none" }
  ]
}`;
  const files = { ...DEFINITION_FILES, "ecs-service-def.json": service };
  const { code, stderr } = await runInProcess(emulator, ["deploy"], { files });
  assert.equal(code, 3);
  assert.match(stderr, /ecs-service-def\.json:5:\d+: volumeConfigurations must be a list/);
});

Deno.test("what describe-services prints without --include TAGS says nothing of the service's tags", async () => {
  const emulator = world();
  const { services: [{ tags, ...printed }] } = describe(emulator) as JsonObject & { services: [JsonObject] };
  assert.deepEqual(tags, TAGS);
  const withTags = (tags: JsonObject[]) => ({
    ...DEFINITION_FILES,
    "ecs-service-def.json": JSON.stringify({ ...printed, ...(tags.length > 0 && { tags }) }),
  });
  const diff = await runInProcess(emulator, ["diff", "--exit-code"], { files: withTags([]) });
  assert.doesNotMatch(diff.stdout, /tags/, diff.stdout);
  const other = await runInProcess(emulator, ["diff", "--exit-code"], {
    files: withTags([{ key: "team", value: "api" }]),
  });
  assert.match(other.stdout, /^- {6}"value": "web"\n\+ {6}"value": "api"$/m);
});
