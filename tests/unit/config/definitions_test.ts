import assert from "node:assert/strict";
import { Definitions } from "../../../src/config/definitions.ts";
import { loadConfig } from "../../../src/config/load_config.ts";
import type { Plugin } from "../../../src/config/plugins.ts";
import { describeFamilyFile } from "../../../src/report/messages/config_problem_text.ts";
import { memoryDefinitions, memoryEnvironment, memoryFiles, memoryTools, memoryValues } from "./memory_host.ts";
import { inWords } from "../../in_words.ts";

const TASK = '{"family": "app", "containerDefinitions": [{"image": "{{ ssm `/image` }}"}]}';
const SERVICE =
  '{"services": [{"desiredCount": 1, "status": "ACTIVE", "role": "{{ my_tfstate `aws_x.y.role` }}{{ ssm `/image` }}"}]}';
const STATE = JSON.stringify({
  version: 4,
  resources: [{ mode: "managed", type: "aws_x", name: "y", instances: [{ attributes: { role: "r-" } }] }],
});

async function open(config: string, files: Readonly<Record<string, string>> = {}) {
  const { sources, asked } = memoryValues({ parameters: { "/image": { type: "String", value: "i:1" } } });
  const source = { path: "conf/ecspresso.yml", text: config };
  const tools = memoryTools(memoryEnvironment({ SERVICE: "web" }));
  let connections = 0;
  const connectValues = () => (connections++, Promise.resolve(sources));
  const loaded = await loadConfig(source, tools);
  const definitions = new Definitions(source, loaded, { ...tools, files: memoryFiles(files), connectValues });
  return { definitions, asked, connections: () => connections };
}

const CONFIG = "service: {{ must_env `SERVICE` }}\ntask_definition: task.json\nservice_definition: service.json\n" +
  "plugins: [{name: tfstate, func_prefix: my_, config: {path: ../t.tfstate}}]\n";
const FILES = { "conf/task.json": TASK, "conf/service.json": SERVICE, "t.tfstate": STATE };

/** What is said of a family that is not known. */
function unknownOf(found: Awaited<ReturnType<Definitions["readFamily"]>>): string {
  return "family" in found ? found.family : describeFamilyFile(found.unknown);
}

Deno.test("Definitions loads the files that the config names, with the functions that it adds", async () => {
  const { definitions, asked, connections } = await open(CONFIG, FILES);
  assert.equal(connections(), 0);
  const task = await definitions.load("taskDefinition");
  assert.deepEqual(task.value, { family: "app", containerDefinitions: [{ image: "i:1" }] });
  assert.equal(task.path, "conf/task.json");
  assert.deepEqual((await definitions.load("serviceDefinition")).value, { desiredCount: 1, role: "r-i:1" });
  assert.deepEqual([asked, connections()], [["/image"], 1]);
});

Deno.test("Definitions renders the config, and reads the family without looking anything up", async () => {
  const { definitions, connections } = await open(CONFIG, FILES);
  assert.equal(await definitions.renderConfig(), CONFIG.replace("{{ must_env `SERVICE` }}", "web"));
  assert.deepEqual(await definitions.readFamily(), { family: "app" });
  assert.equal(connections(), 0);
});

Deno.test("Definitions says which key the config lacks", async () => {
  const { definitions } = await open("service: s\n");
  await assert.rejects(inWords(definitions.load("taskDefinition")), {
    name: "ConfigError",
    message: "conf/ecspresso.yml: names no task definition file (add task_definition: FILE)",
  });
  await assert.rejects(inWords(definitions.load("serviceDefinition")), {
    name: "ConfigError",
    message: "conf/ecspresso.yml: names no service definition file (add service_definition: FILE)",
  });
  assert.equal(
    unknownOf(await definitions.readFamily()),
    "conf/ecspresso.yml: names no task definition file (add task_definition: FILE)",
  );
});

const env = memoryEnvironment({ NAME: "web" });
const plugins: Plugin[] = [
  { kind: "tfstate", prefix: "", location: { kind: "file", path: "gone.tfstate" } },
  { kind: "unsupported", name: "external", prefix: "", functions: ["external_x"] },
];

function read(text: string, path = "def.json") {
  return memoryDefinitions(path, memoryFiles({ [path]: text }), { env, plugins }).readFamily();
}

Deno.test("readFamily() reads the family", async () => {
  const table: [string, string][] = [
    ['{"family": "myservice", "containerDefinitions": []}', "myservice"],
    ['\uFEFF{"family": "myservice"}', "myservice"],
    ['{\n\t// comment\n\t"family": "{{ must_env `NAME` }}-app", /* and */ "cpu": "256",\n}', "web-app"],
    ['{"taskDefinition": {"family": "described", "revision": 3}, "tags": []}', "described"],
  ];
  for (const [text, family] of table) assert.deepEqual(await read(text), { family }, text);
});

Deno.test("readFamily() says in one line why it does not know", async () => {
  const table: [string, string][] = [
    ["", "def.json:1:1: is not valid JSON: value expected"],
    ["{}", "def.json: names no family"],
    ["[]", "def.json: names no family"],
    ['{"family": 3}', "def.json: names no family"],
    ['{"family": ""}', "def.json: names no family"],
    ['{"family": "{{ ssm `/family` }}"}', "def.json: its family is looked up elsewhere"],
    ['{"family": "{{ tfstate `a.b.c` }}-x"}', "def.json: its family is looked up elsewhere"],
    ['{\n  "family" "x"}', "def.json:2:12: is not valid JSON: colon expected"],
    ['{"family": "{{ must_env `GONE` }}"}', "def.json:1:16: must_env `GONE`: this environment variable is not set"],
    ['{"family": "{{ external_x `a` }}"}', "def.json:1:16: external_x: the plugin external is not supported"],
  ];
  for (const [text, unknown] of table) assert.equal(unknownOf(await read(text)), unknown, text);
  assert.match(unknownOf(await read("{}", "def.jsonnet")), /needs the jsonnet command/);
  assert.equal(
    unknownOf(await memoryDefinitions("gone.json", memoryFiles({})).readFamily()),
    "gone.json: there is no such task definition file (task_definition in the config names it)",
  );
  const unreadable = { readText: () => Promise.reject(new Error("Permission denied")) };
  assert.equal(
    unknownOf(await memoryDefinitions("def.json", unreadable).readFamily()),
    "def.json: cannot be read: Permission denied",
  );
});

Deno.test("readFamily() looks nothing up", async () => {
  const files = memoryFiles({
    "def.json": `{"family": "app", "cpu": {{ ssm \`/cpu\` }}, "memory": "{{ tfstatef \`a.b[%d].c\` 0 }}",
      "executionRoleArn": "{{ secretsmanager_arn \`role\` }}"}`,
  });
  const { sources, asked } = memoryValues();
  const definitions = memoryDefinitions("def.json", files, { plugins, values: sources });
  assert.deepEqual(await definitions.readFamily(), { family: "app" });
  assert.deepEqual(asked, []);
});

Deno.test("readFamily() evaluates Jsonnet, without looking anything up", async () => {
  const stdins: string[] = [];
  const definitions = memoryDefinitions(
    "def.jsonnet",
    memoryFiles({ "def.jsonnet": "{family: std.native('ssm')('/a')}" }),
    {
      invoke: ({ stdin }) => {
        stdins.push(stdin);
        return Promise.resolve(
          stdins.length === 1
            ? { code: 0, stdout: "{}", stderr: 'TRACE: <stdin>:1 ecspresso asks ["ssm", "/a"]\n' }
            : { code: 0, stdout: '{"family": "app"}', stderr: "" },
        );
      },
    },
  );
  assert.deepEqual(await definitions.readFamily(), { family: "app" });
  assert.equal(stdins.length, 2);
  assert.match(stdins[1]!, /"\[\\"ssm\\", \\"\/a\\"\]": \["9007199254740991"\]/);
});

Deno.test("readFamily() does not hide an unforeseen error", async () => {
  const broken = {
    get: () => {
      throw new TypeError("a bug");
    },
  };
  const files = memoryFiles({ d: '"{{ env `A` }}"' });
  await assert.rejects(memoryDefinitions("d", files, { env: broken }).readFamily(), TypeError);
});
