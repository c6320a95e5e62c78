import assert from "node:assert/strict";
import { definitionFunctions } from "../../../../src/config/definition_functions.ts";
import { evaluateFile } from "../../../../src/config/evaluate_file.ts";
import type { Plugin } from "../../../../src/config/plugins.ts";
import { systemHost } from "../../../../src/host/system_host.ts";
import { memoryEnvironment, memoryFiles, memoryValues } from "../memory_host.ts";
import { hasJsonnet } from "./real_jsonnet.ts";
import { inWords } from "../../../in_words.ts";

const STATE = JSON.stringify({
  version: 4,
  outputs: { count: { value: 5, type: "number" } },
  resources: [{
    mode: "managed",
    type: "aws_subnet",
    name: "app",
    instances: ["a", "b"].map((key) => ({ index_key: key, attributes: { id: `subnet-${key}` } })),
  }],
});
const PLUGINS: Plugin[] = [
  { kind: "tfstate", prefix: "", location: { kind: "file", path: "t.tfstate" } },
  { kind: "unsupported", name: "external", prefix: "", functions: ["external_x"] },
];

interface Evaluator {
  readonly directory: string;
  readonly evaluate: (text: string) => Promise<string>;
  /** What was looked up so far. */
  readonly asked: readonly string[];
}

/** Runs a test with the machine's own jsonnet, in a folder with a file to import; skips it where there is no jsonnet. */
function testWithJsonnet(name: string, test: (evaluator: Evaluator) => Promise<void>): void {
  Deno.test(name, async () => {
    if (!await hasJsonnet(name)) return;
    const directory = await Deno.makeTempDir();
    try {
      await test(await makeEvaluator(directory));
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

async function makeEvaluator(directory: string): Promise<Evaluator> {
  await Deno.writeTextFile(
    `${directory}/lib.libsonnet`,
    "{ app(image):: { name: 'app', image: image },\n  native:: std.native('env')('A', 'b'),\n  call(f):: f('/none') }\n",
  );
  const env = memoryEnvironment({ TAG: 'v"1\\あ😀 {{ x }} {{{', EMPTY: "", SECRET: "hunter22" });
  const { sources, asked } = memoryValues({
    parameters: { "/a": { type: "String", value: "A" }, "/l": { type: "StringList", value: "x,y" } },
    secrets: { db: "arn:db" },
  });
  const signal = new AbortController().signal;
  const connectValues = () => Promise.resolve(sources);
  const functions = definitionFunctions(PLUGINS, {
    env,
    files: memoryFiles({ "t.tfstate": STATE }),
    connectValues,
    signal,
  });
  const { invoke, clock } = systemHost();
  const externalVariables = { strings: ["tier=a b", "PATH=/nowhere", "empty="], codes: ["count=1 + 1", "bad=1 +"] };
  const tools = { host: { invoke, clock, env }, externalVariables, signal };
  const evaluate = async (text: string) =>
    (await evaluateFile({ path: `${directory}/def.jsonnet`, text }, "taskDefinition", functions, tools)).text;
  return { directory, evaluate, asked };
}

testWithJsonnet("evaluateFile() evaluates with the real jsonnet command", async ({ evaluate, asked }) => {
  const values: [string, unknown][] = [
    ["{ a: std.extVar('tier'), b: std.extVar('count') }", { a: "a b", b: 2 }],
    ["{ a: std.extVar('PATH'), b: std.extVar('empty') }", { a: "/nowhere", b: "" }],
    ["(import 'lib.libsonnet').app('i:{{ env `UNSET` `x` }}')", { name: "app", image: "i:x" }],
    [
      "local env = std.native('env'), must_env = std.native('must_env');\n" +
      "{ a: must_env('TAG'), b: env('EMPTY', 'd'), c: env('UNSET', null), d: must_env(name='EMPTY') }",
      { a: 'v"1\\あ😀 {{ x }} {{{', b: "d", c: null, d: "" },
    ],
    [
      "local s = std; { a: s.native('ssm')('/a') + std.length(s.native('ssm')('/a')), b: '%s' % 'x',\n" +
      "  c: std.native('ssm_list')('/l', 1), d: std.native('secretsmanager_arn')('db') }",
      { a: "A1", b: "x", c: "y", d: "arn:db" },
    ],
    [
      "local tfstate = std.native('tfstate');\n" +
      "[s.id for s in std.objectValues(tfstate('aws_subnet.app'))] + [tfstate('aws_subnet.app[\"b\"].id')] +\n" +
      "[tfstate('output.count') + 1]",
      ["subnet-a", "subnet-b", "subnet-b", 6],
    ],
    ["[std.native('env')('UNSET', '{{ must_env `SECRET` }} {{ `x` }}')]", ["hunter22 x"]],
    ["if std.native('ssm')('/a') == 'A' then 1 else std.native('ssm')('/none')", 1],
  ];
  for (const [text, value] of values) assert.deepEqual(JSON.parse(await evaluate(text)), value, text);
  assert.deepEqual(asked.filter((name) => name === "/a"), ["/a"], "each value is asked for once");
});

testWithJsonnet(
  "evaluateFile() finds the place of what the real jsonnet command refuses",
  async ({ directory, evaluate }) => {
    const errors: [string, string, RegExp][] = [
      ["{ a: 1,\n  b: }", "def.jsonnet:2:6", /^jsonnet: unexpected: "}"/i],
      ["std.native('ssm')('/a') + }", "def.jsonnet:1:27", /^jsonnet: unexpected: "}"/i],
      [
        "{ a: '' + std.native('must_env')('GONE') }",
        "def.jsonnet:1:11",
        /^std\.native\('must_env'\)\('GONE'\): .* not set$/,
      ],
      [
        "{\n  'é': 'é' + std.native('ssm')(\n    '/none') }",
        "def.jsonnet:2:14",
        /^std\.native\('ssm'\)\( '\/none'\): .* no such/,
      ],
      ["{ a: std.native('nope') }", "def.jsonnet:1:6", /^std\.native\('nope'\): there is no native function nope$/],
      ["{ a: std.native('external_x')('x') }", "def.jsonnet:1:6", /the plugin external is not supported$/],
      ["{ a: std.native('env')('A') }", "def.jsonnet:1:6", /default/],
      ["{ a: std.native('ssm')(['/a']) }", "def.jsonnet:1:6", /its argument must be a text$/],
      ["{ a: {}[std.native('must_env')('SECRET')] }", "def.jsonnet:1:6", /: \*\*\*$/],
      ["{ a: 'i:{{ must_env `GONE` }}' }", "def.jsonnet:1:12", /^must_env `GONE`: .* not set$/],
      ["{ a: std.extVar('bad') }", "def.jsonnet", /^jsonnet: .*end of file\.? \(in the external variable bad\)$/i],
      ["{ a: (import 'lib.libsonnet').native }", "lib.libsonnet:2:12", /std\.native works in the file itself/],
      ["{ a: (import 'lib.libsonnet').call(std.native('ssm')) }", "lib.libsonnet:3:13", /^ssm: .* no such parameter$/],
    ];
    for (const [text, place, problem] of errors) {
      await assert.rejects(inWords(evaluate(text)), (error: Error) => {
        const start = `${directory}/${place}: `;
        assert.equal(error.name, "ConfigError", text);
        assert.equal(error.message.slice(0, start.length), start, text);
        assert.match(error.message.slice(start.length), problem, text);
        assert.doesNotMatch(error.message, /hunter22|\n/, text);
        return true;
      });
    }
  },
);
