import assert from "node:assert/strict";
import { describeProblem } from "../../../src/report/messages/config_problem_text.ts";
import { assertRefused, load } from "./made_up_config.ts";

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

const EVERY_KEY = `
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

Deno.test("loadConfig() reads every key", async () => {
  const { requireService: _, ...config } = await load(EVERY_KEY, "deploy/prod/ecspresso.yaml");
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

Deno.test("loadConfig() warns of each unknown key once", async () => {
  const { unknownKeys } = await load("service: s\n\ntimout: 5m\n  \nplugins: []\n7: x\n");
  assert.deepEqual(unknownKeys.map(({ key, position }) => describeProblem({ code: "unknownKey", key }, position)), [
    "ecspresso.yml:3:1: timout: unknown key, ignored",
    "ecspresso.yml:6:1: 7: unknown key, ignored",
  ]);
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
