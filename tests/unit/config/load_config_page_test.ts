import assert from "node:assert/strict";
import { definitionFunctions } from "../../../src/config/definition_functions.ts";
import { loadConfig } from "../../../src/config/load_config.ts";
import { renderTemplate } from "../../../src/config/template/render_template.ts";
import { readDocument, sectionOf } from "../../documents.ts";
import { memoryEnvironment, memoryFiles, memoryTools, memoryValues } from "./memory_host.ts";

/** The examples in docs/configuration.md are what the program does. */

const PAGE = await readDocument("docs/configuration.md");

Deno.test("the config of docs/configuration.md loads, without a warning", async () => {
  const [, text] = /```yaml\n([^]*?)```/.exec(sectionOf(PAGE, "## ecspresso.yml"))!;
  const config = await loadConfig({ path: "ecspresso.yml", text: text! }, memoryTools(memoryEnvironment({})));
  assert.deepEqual(config.unknownKeys, []);
  assert.equal(config.plugins.length, 1);
});

Deno.test("the template functions of docs/configuration.md have the values that it says", async () => {
  const { functions, explainUnknown } = definitionFunctions(
    [
      { kind: "tfstate", prefix: "", location: { kind: "file", path: "terraform.tfstate" } },
      { kind: "cloudformation", prefix: "" },
    ],
    {
      env: memoryEnvironment({ TAG: "v1", MOTD: 'a"b' }),
      files: memoryFiles({ "terraform.tfstate": STATE }),
      connectValues: () => Promise.resolve(VALUES),
      signal: new AbortController().signal,
    },
  );
  const examples = [...sectionOf(PAGE, "## Template functions").matchAll(/``([^`]*\{\{.*?\}\}[^`]*)``/g)].map((
    [, example],
  ) => example!.trim().replaceAll("\\|", "|"));
  const rendered = await Promise.all(
    examples.map((text) => renderTemplate(text, "ecs-task-def.json", { functions, explainUnknown })),
  );
  assert.deepEqual(
    rendered.map(({ text }) => text),
    ["v1", "v1", '"a\\"b"', "v2", "subnet-a", "arn:app/db", "subnet-c", "vpc-c", "subnet-x", "subnet-1"],
  );
});

const { sources: VALUES } = memoryValues({
  parameters: {
    "/app/tag": { type: "String", value: "v2" },
    "/app/subnets": { type: "StringList", value: "subnet-a,subnet-b" },
  },
  secrets: { "app/db": "arn:app/db" },
  stacks: { network: { Subnet: "subnet-c" } },
  exports: { "network-Vpc": "vpc-c" },
});

const STATE = JSON.stringify({
  version: 4,
  resources: [{
    mode: "managed",
    type: "aws_subnet",
    name: "a",
    instances: [
      { index_key: "x", attributes: { id: "subnet-x" } },
      { index_key: 1, attributes: { id: "subnet-1" } },
    ],
  }],
});
