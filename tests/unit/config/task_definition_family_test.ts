import assert from "node:assert/strict";
import { readTaskDefinitionFamily } from "../../../src/config/task_definition_family.ts";
import { memoryEnvironment, memoryFiles } from "./memory_host.ts";

const env = memoryEnvironment({ NAME: "web" });

function read(text: string, path = "def.json") {
  return readTaskDefinitionFamily(path, memoryFiles({ [path]: text }), env);
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
    ['{\n  "family" "x"}', "def.json:2:12: is not valid JSON: colon expected"],
    ['{"family": "{{ must_env `GONE` }}"}', "def.json:1:16: must_env `GONE`: this environment variable is not set"],
    [
      '{"family": "{{ ssm `/a` }}"}',
      "def.json:1:16: there is no template function ssm (known: env, json_escape, must_env)",
    ],
  ];
  for (const [text, unknown] of table) {
    const result = await read(text);
    assert.deepEqual(result, { unknown }, text);
  }
  assert.deepEqual(await read("{}", "def.jsonnet"), { unknown: "def.jsonnet: Jsonnet is not evaluated" });
  assert.deepEqual(await readTaskDefinitionFamily("gone.json", memoryFiles({}), env), {
    unknown: "gone.json: there is no such file",
  });
  const unreadable = { readText: () => Promise.reject(new Error("Permission denied")) };
  assert.deepEqual(await readTaskDefinitionFamily("def.json", unreadable, env), {
    unknown: "def.json: cannot be read: Permission denied",
  });
});

Deno.test("readTaskDefinitionFamily() does not hide an unforeseen error", async () => {
  const broken = {
    get: () => {
      throw new TypeError("a bug");
    },
  };
  await assert.rejects(readTaskDefinitionFamily("d", memoryFiles({ d: '"{{ env `A` }}"' }), broken), TypeError);
});
