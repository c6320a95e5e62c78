import assert from "node:assert/strict";
import { definitionFunctions } from "../../../src/config/definition_functions.ts";
import type { Plugin } from "../../../src/config/plugins.ts";
import { readTaskDefinitionFamily } from "../../../src/config/task_definition_family.ts";
import { memoryEnvironment, memoryFiles, memoryLoaderTools, memoryTools, memoryValues } from "./memory_host.ts";

const env = memoryEnvironment({ NAME: "web" });
const plugins: Plugin[] = [
  { kind: "tfstate", prefix: "", location: { kind: "file", path: "gone.tfstate" } },
  { kind: "unsupported", name: "external", prefix: "", functions: ["external_x"] },
];

function read(text: string, path = "def.json") {
  return readTaskDefinitionFamily(path, memoryLoaderTools(memoryFiles({ [path]: text }), { env, plugins }));
}

Deno.test("readTaskDefinitionFamily() reads the family", async () => {
  const table: [string, string][] = [
    ['{"family": "myservice", "containerDefinitions": []}', "myservice"],
    ['\uFEFF{"family": "myservice"}', "myservice"],
    ['{\n\t// comment\n\t"family": "{{ must_env `NAME` }}-app", /* and */ "cpu": "256",\n}', "web-app"],
    ['{"taskDefinition": {"family": "described", "revision": 3}, "tags": []}', "described"],
  ];
  for (const [text, family] of table) assert.deepEqual(await read(text), { family }, text);
});

Deno.test("readTaskDefinitionFamily() says in one line why it does not know", async () => {
  const table: [string, string][] = [
    ["", "def.json:1:1: is not valid JSON: value expected"],
    ["{}", "def.json: it names no family"],
    ["[]", "def.json: it names no family"],
    ['{"family": 3}', "def.json: it names no family"],
    ['{"family": ""}', "def.json: it names no family"],
    ['{"family": "{{ ssm `/family` }}"}', "def.json: its family is looked up elsewhere"],
    ['{"family": "{{ tfstate `a.b.c` }}-x"}', "def.json: its family is looked up elsewhere"],
    ['{\n  "family" "x"}', "def.json:2:12: is not valid JSON: colon expected"],
    ['{"family": "{{ must_env `GONE` }}"}', "def.json:1:16: must_env `GONE`: this environment variable is not set"],
    ['{"family": "{{ external_x `a` }}"}', "def.json:1:16: external_x: the plugin external is not supported"],
  ];
  for (const [text, unknown] of table) assert.deepEqual(await read(text), { unknown }, text);
  assert.match(JSON.stringify(await read("{}", "def.jsonnet")), /needs the jsonnet command/);
  assert.deepEqual(await readTaskDefinitionFamily("gone.json", memoryLoaderTools(memoryFiles({}))), {
    unknown: "gone.json: there is no such file",
  });
  const unreadable = { readText: () => Promise.reject(new Error("Permission denied")) };
  assert.deepEqual(await readTaskDefinitionFamily("def.json", memoryLoaderTools(unreadable)), {
    unknown: "def.json: cannot be read: Permission denied",
  });
});

Deno.test("readTaskDefinitionFamily() looks nothing up", async () => {
  const files = memoryFiles({
    "def.json": `{"family": "app", "cpu": {{ ssm \`/cpu\` }}, "memory": "{{ tfstatef \`a.b[%d].c\` 0 }}",
      "executionRoleArn": "{{ secretsmanager_arn \`role\` }}"}`,
  });
  const { sources, asked } = memoryValues();
  assert.deepEqual(await readTaskDefinitionFamily("def.json", memoryLoaderTools(files, { plugins, values: sources })), {
    family: "app",
  });
  assert.deepEqual(asked, []);
});

Deno.test("readTaskDefinitionFamily() evaluates Jsonnet, without looking anything up", async () => {
  const stdins: string[] = [];
  const tools = memoryLoaderTools(memoryFiles({ "def.jsonnet": "{family: std.native('ssm')('/a')}" }), {
    invoke: ({ stdin }) => {
      stdins.push(stdin);
      return Promise.resolve(
        stdins.length === 1
          ? { code: 0, stdout: "{}", stderr: 'TRACE: <stdin>:1 ecspresso asks ["ssm", "/a"]\n' }
          : { code: 0, stdout: '{"family": "app"}', stderr: "" },
      );
    },
  });
  assert.deepEqual(await readTaskDefinitionFamily("def.jsonnet", tools), { family: "app" });
  assert.equal(stdins.length, 2);
  assert.match(stdins[1]!, /"\[\\"ssm\\", \\"\/a\\"\]": \["9007199254740991"\]/);
});

Deno.test("readTaskDefinitionFamily() does not hide an unforeseen error", async () => {
  const broken = {
    get: () => {
      throw new TypeError("a bug");
    },
  };
  const files = memoryFiles({ d: '"{{ env `A` }}"' });
  const connectValues = () => Promise.resolve(memoryValues().sources);
  const tools = { ...memoryTools(broken), files };
  const functions = definitionFunctions([], { ...tools, env: broken, connectValues });
  await assert.rejects(readTaskDefinitionFamily("d", { ...tools, functions }), TypeError);
});
