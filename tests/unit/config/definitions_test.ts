import assert from "node:assert/strict";
import { Definitions } from "../../../src/config/definitions.ts";
import { loadConfig } from "../../../src/config/load_config.ts";
import { memoryEnvironment, memoryFiles, memoryTools, memoryValues } from "./memory_host.ts";

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

Deno.test("Definitions loads the files that the config names, with the functions that it adds", async () => {
  const { definitions, asked, connections } = await open(CONFIG, FILES);
  assert.equal(connections(), 0);
  const task = await definitions.loadTaskDefinition();
  assert.deepEqual(task.value, { family: "app", containerDefinitions: [{ image: "i:1" }] });
  assert.equal(task.path, "conf/task.json");
  assert.deepEqual((await definitions.loadServiceDefinition()).value, { desiredCount: 1, role: "r-i:1" });
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
  await assert.rejects(definitions.loadTaskDefinition(), {
    name: "ConfigError",
    message: "conf/ecspresso.yml: names no task definition file (add task_definition: FILE)",
  });
  await assert.rejects(definitions.loadServiceDefinition(), {
    name: "ConfigError",
    message: "conf/ecspresso.yml: names no service definition file (add service_definition: FILE)",
  });
  assert.deepEqual(await definitions.readFamily(), {
    unknown: "conf/ecspresso.yml: names no task definition file",
  });
});
