import assert from "node:assert/strict";
import { evaluateConfig, loadConfig } from "../../../src/config/load_config.ts";
import type { Invocation } from "../../../src/host.ts";
import { describeProblem } from "../../../src/report/messages/config_problem_text.ts";
import { assertRefused, env, load } from "./made_up_config.ts";
import { memoryTools } from "./memory_host.ts";

Deno.test("loadConfig() renders templates first", async () => {
  const config = await load(
    '# {{ env `NAME` }}\nservice: {{ must_env `NAME` }}-app\ncluster: \'{{ env "UNSET" "prod" }}\'\n' +
      'task_definition: "{{ env `QUOTE` | json_escape }}"\n',
  );
  assert.equal(config.service, "web-app");
  assert.equal(config.cluster, "prod");
  assert.equal(config.taskDefinition, 'a"b');
});

Deno.test("loadConfig() follows anchors, aliases and merge keys", async () => {
  const text = `
x-base: &base
  cluster: base-cluster
  region: base-region
  timeout: 5m
x-other: &other { region: other-region, task_definition: t.json }
x-name: &name myservice
<<: [*other, *base, {service_definition: s.json}]
service: *name
cluster: own
`;
  const { unknownKeys, requireService: _, ...config } = await load(text);
  assert.deepEqual(config, {
    path: "ecspresso.yml",
    region: "other-region",
    cluster: "own",
    service: "myservice",
    timeoutMs: 300_000,
    serviceDefinition: "s.json",
    taskDefinition: "t.json",
    plugins: [],
    codeDeploy: undefined,
    ignoredTags: [],
  });
  assert.equal(unknownKeys.length, 3);
  assert.equal((await load("x: &x {<<: {service: deep}}\n<<: *x\n")).service, "deep");
  assert.equal((await load("<<: &x {<<: *x, service: circle}\n")).service, "circle");
  assert.equal((await load("<<: [{<<: {service: first}}, {service: second}]\n")).service, "first");
  assert.equal((await load("x: &x {service: a}\ny: &x {service: b}\n<<: *x\n")).service, "b");
  assert.equal((await load('service: s\n"<<": text\n')).unknownKeys.length, 1);
});

Deno.test("loadConfig() reads JSON with tabs, comments and trailing commas", async () => {
  const text =
    '\uFEFF{\r\n\t// the service\r\n\t"service": "{{ must_env `NAME` }}",\r\n\t"timeout": 30, /* s */\r\n}\r\n';
  const config = await load(text, "conf/ecspresso.json");
  assert.equal(config.service, "web");
  assert.equal(config.timeoutMs, 30_000);
  const { unknownKeys } = await load('{"service": "s",\n "extra": {}}', "ecspresso.json");
  assert.deepEqual(unknownKeys.map(({ key, position }) => describeProblem({ code: "unknownKey", key }, position)), [
    "ecspresso.json:2:2: extra: unknown key, ignored",
  ]);
  assert.equal((await load('{"service": "s", "cluster": null}', "ECSPRESSO.JSON")).cluster, "default");
});

Deno.test("loadConfig() evaluates Jsonnet", async () => {
  const invoke = (invocation: Invocation) => {
    assert.equal(invocation.stdin, "{service: 's'}");
    assert.equal(invocation.directory, "conf");
    return Promise.resolve({ code: 0, stdout: '{"service": "{{ must_env `NAME` }}"}', stderr: "" });
  };
  const source = { path: "conf/ecspresso.jsonnet", text: "{service: 's'}" };
  assert.equal((await loadConfig(source, memoryTools(env, invoke))).service, "web");
  await assertRefused(
    "{}",
    "ecspresso.jsonnet: needs the jsonnet command, and there is none on the PATH " +
      "(apt-get install jsonnet, or brew install jsonnet or go-jsonnet)",
    "ecspresso.jsonnet",
  );
});

Deno.test("evaluateConfig() gives the text after templates, whatever it says", async () => {
  const source = { path: "ecspresso.yml", text: "service: {{ must_env `NAME` }} # c\n" };
  assert.equal((await evaluateConfig(source, memoryTools(env))).text, "service: web # c\n");
});
