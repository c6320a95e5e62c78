import assert from "node:assert/strict";
import { type Config, evaluateConfig, findConfig, loadConfig } from "../../../src/config/load_config.ts";
import type { Invocation } from "../../../src/host.ts";
import { memoryEnvironment, memoryFiles, memoryTools } from "./memory_host.ts";
import { describeProblem } from "../../../src/report/messages/config_problem_text.ts";
import { inWords } from "../../in_words.ts";

const env = memoryEnvironment({
  NAME: "web",
  EMPTY: "",
  SECRET: "hunter2",
  LINES: "one\n two",
  STAR: "*hunter2",
  TIMEOUT: "10x",
  QUOTE: 'a"b',
});

function load(text: string, path = "ecspresso.yml"): Promise<Config> {
  return loadConfig({ path, text }, memoryTools(env));
}

async function assertRefused(text: string, message: string, path?: string): Promise<void> {
  await assert.rejects(inWords(load(text, path)), { name: "ConfigError", message });
}

Deno.test("loadConfig() fills in the defaults", async () => {
  const { requireService, ...config } = await load("service: myservice\n");
  assert.equal(requireService(), "myservice");
  assert.deepEqual(config, {
    path: "ecspresso.yml",
    region: undefined,
    cluster: "default",
    service: "myservice",
    timeoutMs: 600_000,
    serviceDefinition: undefined,
    taskDefinition: undefined,
    plugins: [],
    codeDeploy: undefined,
    ignoredTags: [],
    unknownKeys: [],
  });
});

Deno.test("loadConfig() reads every key", async () => {
  const text = `
required_version: ">= 2.0.0, < 3"
region: ap-northeast-1
cluster: arn:aws:ecs:ap-northeast-1:123456789012:cluster/prod
service: "myservice"
service_definition: ecs-service-def.json
task_definition: ../shared/ecs-task-def.json
timeout: 1h30m
plugins:
  - name: tfstate
    config: {url: s3://bucket/terraform.tfstate}
  - {name: TFState, func_prefix: other_, config: {path: ../terraform.tfstate}}
  - name: ssm
    func_prefix: my_
  - {name: secretsmanager}
  - {name: cloudformation, config: {}}
  - {name: external, config: {name: jq, command: [jq, -n]}}
  - {name: mine, func_prefix: x_}
codedeploy: {application_name: app, deployment_group_name: group}
appspec: {version: "0.0"}
filter_command: peco
ignore: {tags: [a, "b:c"]}
`;
  const { requireService: _, ...config } = await load(text, "deploy/prod/ecspresso.yaml");
  assert.deepEqual(config, {
    path: "deploy/prod/ecspresso.yaml",
    region: "ap-northeast-1",
    cluster: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/prod",
    service: "myservice",
    timeoutMs: 5_400_000,
    serviceDefinition: "deploy/prod/ecs-service-def.json",
    taskDefinition: "deploy/shared/ecs-task-def.json",
    plugins: [
      { kind: "tfstate", prefix: "", location: { kind: "object", bucket: "bucket", key: "terraform.tfstate" } },
      { kind: "tfstate", prefix: "other_", location: { kind: "file", path: "deploy/terraform.tfstate" } },
      { kind: "ssm", prefix: "my_" },
      { kind: "secretsmanager", prefix: "" },
      { kind: "cloudformation", prefix: "" },
      { kind: "unsupported", name: "external", prefix: "", functions: ["jq"] },
      { kind: "unsupported", name: "mine", prefix: "x_", functions: undefined },
    ],
    codeDeploy: { application: "app", deploymentGroup: "group" },
    ignoredTags: ["a", "b:c"],
    unknownKeys: [],
  });
});

Deno.test("loadConfig() gives a frozen value", async () => {
  const config = await load("service: s\nextra: 1");
  assert.ok(Object.isFrozen(config));
  assert.ok(Object.isFrozen(config.unknownKeys));
});

Deno.test("loadConfig() takes empty and null for not set", async () => {
  for (const nothing of ["", '""', "null", "~", "'{{ env `EMPTY` `` }}'"]) {
    const config = await load(
      `service: s\nregion: ${nothing}\ncluster: ${nothing}\ntask_definition: ${nothing}\nrequired_version: ${nothing}\n`,
    );
    assert.equal(config.region, undefined, nothing);
    assert.equal(config.cluster, "default", nothing);
    assert.equal(config.taskDefinition, undefined, nothing);
  }
  assert.equal((await load("service: s\ntimeout:\n")).timeoutMs, 600_000);
});

Deno.test("loadConfig() leaves absolute paths alone", async () => {
  const config = await load("service: s\ntask_definition: /defs/task.json\nservice_definition: ./svc.json");
  assert.equal(config.taskDefinition, "/defs/task.json");
  assert.equal(config.serviceDefinition, "svc.json");
});

Deno.test("loadConfig() reads the timeout's forms", async () => {
  const table: [string, number][] = [
    ["10m", 600_000],
    ["10m0s", 600_000],
    ["600", 600_000],
    ['"600"', 600_000],
    ["1.5", 1_500],
    ["0", 0],
    ["0s", 0],
    ["{{ env `UNSET` `90s` }}", 90_000],
  ];
  for (const [written, ms] of table) {
    assert.equal((await load(`service: s\ntimeout: ${written}\n`)).timeoutMs, ms, written);
  }
});

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

Deno.test("loadConfig() warns of each unknown key once", async () => {
  const { unknownKeys } = await load("service: s\n\ntimout: 5m\n  \nplugins: []\n7: x\n");
  assert.deepEqual(unknownKeys.map(({ key, position }) => describeProblem({ code: "unknownKey", key }, position)), [
    "ecspresso.yml:3:1: timout: unknown key, ignored",
    "ecspresso.yml:6:1: 7: unknown key, ignored",
  ]);
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

Deno.test("loadConfig() takes a config without a service, and says where one would be written", async () => {
  const table: [string, string, string?][] = [
    ["region: r\n", "ecspresso.yml:1:1: service: is missing (write service: NAME)"],
    ["region: r\nservice:\n", "ecspresso.yml:2:9: service: is empty (write service: NAME)"],
    ['service: ""\n', "ecspresso.yml:1:10: service: is empty (write service: NAME)"],
    ["service: !{{ env `SECRET` }}\n", "ecspresso.yml:1:29: service: is empty (write service: NAME)"],
    ["{}", "ecspresso.json:1:1: service: is missing (write service: NAME)", "ecspresso.json"],
  ];
  for (const [text, message, path] of table) {
    const { service, requireService } = await load(text, path);
    assert.equal(service, undefined);
    assert.throws(inWords(requireService), { name: "ConfigError", message });
  }
});

Deno.test("loadConfig() names file, line, column and key of a wrong value", async () => {
  const table: [string, string][] = [
    ["service: [a]\n", "1:10: service: must be a string, not a list"],
    ["service: {a: b}\n", "1:10: service: must be a string, not a map"],
    ["service: 123\n", "1:10: service: must be a string, not a number (put it in quotes)"],
    ["service: true\n", "1:10: service: must be a string, not a boolean (put it in quotes)"],
    ["service: s\nregion: 1\n", "2:9: region: must be a string, not a number (put it in quotes)"],
    ["service: s\nregion: us_east_1\n", "2:9: region: is not an AWS region, such as ap-northeast-1"],
    ["service: s\nregion: x@host.example/\n", "2:9: region: is not an AWS region, such as ap-northeast-1"],
    ["service: s\nregion: 'ap-northeast-1 '\n", "2:9: region: is not an AWS region, such as ap-northeast-1"],
    ["service: s\ntask_definition: [t.json]\n", "2:18: task_definition: must be a string, not a list"],
    ["service: s\n\ntimeout: 10x\n", '3:10: timeout: cannot read "10x" as a duration (write 10m, 600s or 600)'],
    ["service: s\ntimeout: -5m\n", '2:10: timeout: "-5m" is negative (write 10m, 600s or 600; 0 for none)'],
    ['service: s\ntimeout: ""\n', '2:10: timeout: cannot read "" as a duration (write 10m, 600s or 600)'],
    ["service: s\ntimeout: 0x10\n", '2:10: timeout: cannot read "0x10" as a duration (write 10m, 600s or 600)'],
    [
      "service: s\ntimeout: 600000000000\n",
      '2:10: timeout: "600000000000" is longer than a year (a bare number is seconds)',
    ],
    ["service: s\ntimeout: [1]\n", "2:10: timeout: must be a duration (write 10m, 600s or 600)"],
    ["service: s\ntimeout: true\n", "2:10: timeout: must be a duration (write 10m, 600s or 600)"],
    [
      "service: s\nrequired_version: '>= 3'\n",
      '2:19: required_version: asks for ">= 3", and this program reads the config format of ecspresso 2.8.0',
    ],
    [
      "service: s\nrequired_version: ^2\n",
      '2:19: required_version: cannot read "^2" as a version constraint (write ">= 2.0.0, < 3" or "~> 2.3")',
    ],
    [
      "service: s\nrequired_version: 2.8\n",
      "2:19: required_version: must be a string, not a number (put it in quotes)",
    ],
    ["service: a\nregion: r\nservice: b\n", "3:1: service: is there twice"],
    ["service: a\nplugins: [{name: x, name: y}]\n", "2:21: name: is there twice"],
    ["service: a\nplugins: tfstate\n", "2:10: plugins: must be a list, not a string"],
    ["service: a\nplugins: [tfstate]\n", "2:11: plugins: must hold maps, not a string"],
    ["service: a\nplugins:\n  - config: {path: p}\n", "3:5: plugins[0].name: is missing (write name: tfstate)"],
    ["service: a\nplugins: [{name: }]\n", "2:18: plugins[0].name: is empty (write name: tfstate)"],
    ["service: a\nplugins: [{name: 5}]\n", "2:18: plugins[0].name: must be a string, not a number (put it in quotes)"],
    [
      "service: a\nplugins: [{name: ssm}, {name: ssm, func_prefix: a-}]\n",
      "2:49: plugins[1].func_prefix: must be letters, digits and _, no digit first",
    ],
    [
      "service: a\nplugins: [{name: tfstate}]\n",
      "2:18: plugins[0].name: its state is missing (write config: {path: terraform.tfstate} or {url: s3://BUCKET/KEY})",
    ],
    ["service: a\nplugins: [{name: tfstate, config: p}]\n", "2:35: plugins[0].config: must be a map, not a string"],
    [
      "service: a\nplugins: [{name: tfstate, config: {path: [p]}}]\n",
      "2:42: plugins[0].config.path: must be a string, not a list",
    ],
    [
      "service: a\nplugins: [{name: tfstate, config: {path: p}}, {name: tfstate, config: {path: q}}]\n",
      "2:54: plugins[1].name: another plugin has the function tfstate already (give each its own func_prefix)",
    ],
    ["service: a\nignore: tag\n", "2:9: ignore: must be a map, not a string"],
    ["service: a\nignore: {tags: tag}\n", "2:16: ignore.tags: must be a list, not a string"],
    ["service: a\nignore: {tags: [a, 1]}\n", "2:20: ignore.tags: must hold strings, not a number"],
    ["service: a\ncodedeploy: app\n", "2:13: codedeploy: must be a map, not a string"],
    [
      "service: a\ncodedeploy: {application_name: [app]}\n",
      "2:32: codedeploy.application_name: must be a string, not a list",
    ],
    ["? [a]\n: b\nservice: s\n", "1:3: a key must be a plain word"],
    ["service: *gone\n", "1:10: this * names no anchor (put text in quotes)"],
    ["service: *later\nx: &later s\n", "1:10: this * names no anchor (put text in quotes)"],
    ["service: s\n<<: text\n", "2:5: <<: needs a mapping, or a list of mappings"],
    ["service: s\n<<:\n", "2:4: <<: needs a mapping, or a list of mappings"],
    ["service: s\n<<: [{a: b}, text]\n", "2:14: <<: needs a mapping, or a list of mappings"],
    ["", "1:1: holds no settings (it needs at least service: NAME)"],
    ["# nothing\n", "1:1: holds no settings (it needs at least service: NAME)"],
    ["---\n", "1:1: holds no settings (it needs at least service: NAME)"],
    ["myservice\n", "1:1: must hold keys and values, such as service: NAME"],
    ["- service: s\n", "1:1: must hold keys and values, such as service: NAME"],
    ["service: s\n---\nservice: t\n", "2:1: holds a second YAML document (---); only one is allowed"],
    ['service: "s\n', '2:1: is not valid YAML: Missing closing "quote'],
    ["service: @s\n", "1:10: is not valid YAML: no value starts with this character (put the value in quotes)"],
    ['service: "\\q"\n', "1:11: is not valid YAML: unknown backslash sequence in double quotes"],
    ["service: s\n\tregion: r\n", "2:1: is not valid YAML: Tabs are not allowed as indentation"],
    ["service: {{ must_env `GONE` }}", "1:13: must_env `GONE`: this environment variable is not set"],
    ["service: s\nregion: {{ gone }}", "2:12: there is no template function gone (known: env, json_escape, must_env)"],
    [
      "service: s\nregion: {{ ssm `/region` }}",
      "2:12: ssm: this function is for definition files; the config file has env and must_env",
    ],
  ];
  for (const [text, message] of table) await assertRefused(text, `ecspresso.yml:${message}`);
});

Deno.test("loadConfig() names the same of a JSON file", async () => {
  const table: [string, string][] = [
    ["", "1:1: is not valid JSON: value expected"],
    ["[]", '1:1: must be an object, such as {"service": "NAME"}'],
    ['"s"', '1:1: must be an object, such as {"service": "NAME"}'],
    ['{\n\t"service": 5\n}', "2:13: service: must be a string, not a number (put it in quotes)"],
    ['{\n\t"service": ["a"]\n}', "2:13: service: must be a string, not a list"],
    ['{\n\t"service": "s",\n\t"timeout": false\n}', "3:13: timeout: must be a duration (write 10m, 600s or 600)"],
    ['{"service": "s",\n"service": "t"}', "2:1: service: is there twice"],
    ['{"service": "s", "plugins": [\n{"name": "x", "name": "y"}]}', "2:15: name: is there twice"],
    [
      '{"service": "s",\n"plugins": [{"name": 5}]}',
      "2:22: plugins[0].name: must be a string, not a number (put it in quotes)",
    ],
    ['{"service": "s",\n"ignore": {"tags": [null]}}', "2:21: ignore.tags: must hold strings, not a null"],
    ['{"service" "s"}', "1:12: is not valid JSON: colon expected"],
    ['{"service": "s"} {}', "1:18: is not valid JSON: end of file expected"],
  ];
  for (const [text, message] of table) await assertRefused(text, `ecspresso.json:${message}`, "ecspresso.json");
});

Deno.test("loadConfig() keeps its positions behind values of several lines", async () => {
  await assertRefused(
    "service: '{{ env `LINES` }}'\nregion: r\ntimeout: 10x\n",
    'ecspresso.yml:3:10: timeout: cannot read "10x" as a duration (write 10m, 600s or 600)',
  );
  await assertRefused(
    "service: s\ntimeout: {{ env `TIMEOUT` }}\n",
    'ecspresso.yml:2:10: timeout: cannot read "10x" as a duration (write 10m, 600s or 600)',
  );
});

Deno.test("loadConfig() puts no rendered value into a message", async () => {
  const texts = [
    "service: [{{ env `SECRET` }}]\n",
    "service: {{ env `STAR` }}\n",
    'service: s\nregion: "{{ env `SECRET` }}\n',
    "service: '{{ env `SECRET` }}' {{ env `SECRET` }}\n",
    "service: s\n{{ env `SECRET` }}\n",
    "{{ env `SECRET` }}\n",
    "service: |{{ env `SECRET` }}\n  s\n",
    'service: "\\{{ env `SECRET` }}"\n',
    "service: {{ env `SECRET` | must_env }}\n",
    "service: {{ must_env (env `SECRET`) }}\n",
    "%{{ env `SECRET` }} {{ env `SECRET` }}\n---\n[]\n",
  ];
  for (const path of ["ecspresso.yml", "ecspresso.json"]) {
    for (const text of texts) {
      await assert.rejects(inWords(load(text, path)), (error: Error) => {
        assert.equal(error.name, "ConfigError", text);
        assert.doesNotMatch(error.message, /hunter2|\n/, text);
        return true;
      }, text);
    }
  }
});

Deno.test("loadConfig() refuses what is too large", async () => {
  await assertRefused(
    "#".repeat(1_000_001),
    "ecspresso.yml: is too large for a config file: 1,000,001 characters, of at most 1,000,000",
  );
  const large = memoryEnvironment({ LARGE: "x".repeat(600_000) });
  await assert.rejects(
    inWords(loadConfig({ path: "c.yml", text: "service: {{ env `LARGE` }}{{ env `LARGE` }}" }, memoryTools(large))),
    {
      name: "ConfigError",
      message: "c.yml: is too large once its templates are filled in: 1,200,009 characters, of at most 1,000,000",
    },
  );
});

Deno.test("loadConfig() follows aliases into plugins", async () => {
  const text = `
x-state: &state {path: terraform.tfstate}
x-plugin: &plugin {name: tfstate, config: *state}
x-plugins: &plugins
  - *plugin
  - {<<: *plugin, func_prefix: b_}
service: s
plugins: *plugins
ignore: {tags: [*tag, &tag a]}
`;
  await assertRefused(text, "ecspresso.yml:9:17: this * names no anchor (put text in quotes)");
  const { plugins, ignoredTags } = await load(text.replace("[*tag, &tag a]", "[&tag a, *tag]"));
  const location = { kind: "file", path: "terraform.tfstate" };
  assert.deepEqual(plugins, [{ kind: "tfstate", prefix: "", location }, { kind: "tfstate", prefix: "b_", location }]);
  assert.deepEqual(ignoredTags, ["a", "a"]);
});

Deno.test("loadConfig() reads plugins from JSON", async () => {
  const { plugins, ignoredTags } = await load(
    '{"service": "s", "plugins": [{"name": "tfstate", "config": {"url": "./a.tfstate"}}], "ignore": {"tags": ["a"]}}',
    "conf/ecspresso.json",
  );
  // A URL without a scheme is a path from the working directory, as in Kayac's ecspresso.
  assert.deepEqual(plugins, [{ kind: "tfstate", prefix: "", location: { kind: "file", path: "./a.tfstate" } }]);
  assert.deepEqual(ignoredTags, ["a"]);
  const none = await load('{"service": "s", "plugins": null, "ignore": {}, "codedeploy": null}', "ecspresso.json");
  assert.deepEqual([none.plugins, none.ignoredTags], [[], []]);
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

Deno.test("loadConfig() is quick with files made to be slow", async () => {
  const bomb = Array.from({ length: 30 }, (_, n) => `x${n + 1}: &x${n + 1} [${`*x${n},`.repeat(20)}]`);
  const merges = Array.from({ length: 30 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: [${`*m${n},`.repeat(20)}]}`);
  const chain = Array.from({ length: 20_000 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: *m${n}}`);
  const texts = [
    ["x0: &x0 [a]", ...bomb, "service: s"].join("\n"),
    ["m0: &m0 {service: s}", ...merges, "<<: *m30"].join("\n"),
    ["m0: &m0 {service: s}", ...chain, "<<: *m20000"].join("\n"),
    `service: s\na: &a [${"*a,".repeat(50_000)}]`,
    `service: s\n${Array.from({ length: 40_000 }, (_, n) => `k${n}: 1\n`).join("")}`,
  ];
  for (const text of texts) assert.equal((await load(text)).service, "s");
  const deep = "is nested too deeply";
  await assert.rejects(
    inWords(load(`service: ${"[".repeat(100_000)}`)),
    new RegExp(`ConfigError: ecspresso.yml:1:\\d+: ${deep}`),
  );
  await assert.rejects(
    inWords(load(`service: ${"{a: ".repeat(50_000)}`)),
    new RegExp(`ConfigError: ecspresso.yml:1:\\d+: ${deep}`),
  );
  await assert.rejects(
    inWords(load(`{"service": ${"[".repeat(200_000)}`, "a.json")),
    /ConfigError: a.json:1:1: .* nested too deeply/,
  );
});

Deno.test("findConfig() prefers .yml to .yaml to .json to .jsonnet", async () => {
  const all = { "ecspresso.yml": "a", "ecspresso.yaml": "b", "ecspresso.json": "c", "ecspresso.jsonnet": "d" };
  assert.deepEqual(await findConfig(undefined, memoryFiles(all)), { path: "ecspresso.yml", text: "a" });
  const two = { "ecspresso.yaml": "b", "ecspresso.json": "c" };
  assert.deepEqual(await findConfig(undefined, memoryFiles(two)), { path: "ecspresso.yaml", text: "b" });
  assert.deepEqual(await findConfig(undefined, memoryFiles({ "ecspresso.json": "" })), {
    path: "ecspresso.json",
    text: "",
  });
  assert.deepEqual(await findConfig(undefined, memoryFiles({ "ecspresso.jsonnet": "d" })), {
    path: "ecspresso.jsonnet",
    text: "d",
  });
});

Deno.test("findConfig() reads only the file that was named", async () => {
  const files = memoryFiles({ "ecspresso.yml": "a", "deploy/prod.yml": "p" });
  assert.deepEqual(await findConfig("deploy/prod.yml", files), { path: "deploy/prod.yml", text: "p" });
  await assert.rejects(inWords(findConfig("prod.yml", files)), {
    name: "ConfigError",
    message: "prod.yml: there is no such config file (name an existing one with --config FILE)",
  });
});

Deno.test("findConfig() names what it looked for", async () => {
  await assert.rejects(inWords(findConfig(undefined, memoryFiles({}))), {
    name: "ConfigError",
    message: "no config file: the working directory has no ecspresso.yml, ecspresso.yaml, ecspresso.json or " +
      "ecspresso.jsonnet (name one with --config FILE)",
  });
});

Deno.test("findConfig() says in one line why a file cannot be read", async () => {
  const files = { readText: () => Promise.reject(new Error("Is a directory (os error 21)\n    at read")) };
  await assert.rejects(inWords(findConfig("conf", files)), {
    name: "ConfigError",
    message: "conf: cannot be read: Is a directory (os error 21)",
  });
  await assert.rejects(inWords(findConfig(undefined, { readText: () => Promise.reject("denied") })), {
    message: "ecspresso.yml: cannot be read: denied",
  });
});
