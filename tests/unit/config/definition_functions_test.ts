import assert from "node:assert/strict";
import { definitionFunctions } from "../../../src/config/definition_functions.ts";
import type { Plugin } from "../../../src/config/plugins.ts";
import { renderTemplate } from "../../../src/config/template/render_template.ts";
import { AwsError } from "../../../src/errors.ts";
import type { ValueSources } from "../../../src/model/ports.ts";
import type { LookedUp } from "../../../src/secrets/looked_up.ts";
import { memoryEnvironment, memoryFiles, type MemoryValues, memoryValues } from "./memory_host.ts";
import { inWords } from "../../in_words.ts";

const env = memoryEnvironment({ SERVICE: "web", INDEX: "0", PATH_NAME: "/text" });
const VALUES: MemoryValues = {
  parameters: {
    "/text": { type: "String", value: "text" },
    "/secret": { type: "SecureString", value: "hunter2" },
    "/list": { type: "StringList", value: "a,b,,d" },
  },
  secrets: { "db/password": "arn:aws:secretsmanager:r:1:secret:db/password-AbCdEf" },
  stacks: { network: { Subnet: "subnet-a", Empty: "" }, data: { Bucket: "files" } },
  exports: { "network-VpcId": "vpc-a" },
  objects: { "s3://bucket/key": '{"version": 4, "outputs": {"n": {"value": 3, "type": "number"}}}' },
};
const STATE = JSON.stringify({
  version: 4,
  outputs: { pin: { value: "closed", type: "string", sensitive: true } },
  resources: [{
    mode: "managed",
    type: "aws_subnet",
    name: "private",
    instances: ["web", "api"].map((key) => ({
      index_key: key,
      attributes: { id: `subnet-${key}`, tags: { a: "<b>" } },
    })),
  }, {
    mode: "managed",
    type: "aws_eip",
    name: "nat",
    instances: [{ index_key: 0, attributes: { id: "eip-0" } }],
  }],
});
const PLUGINS: Plugin[] = [
  { kind: "tfstate", prefix: "", location: { kind: "file", path: "infra/t.tfstate" } },
  { kind: "tfstate", prefix: "s3_", location: { kind: "object", bucket: "bucket", key: "key" } },
  { kind: "tfstate", prefix: "gone_", location: { kind: "file", path: "gone.tfstate" } },
  { kind: "tfstate", prefix: "none_", location: { kind: "object", bucket: "bucket", key: "none" } },
  {
    kind: "tfstate",
    prefix: "gcs_",
    location: { kind: "unsupported", problem: { code: "badStateUrl", scheme: "gs" } },
  },
  { kind: "ssm", prefix: "my_" },
  { kind: "secretsmanager", prefix: "my_" },
  { kind: "cloudformation", prefix: "" },
  { kind: "cloudformation", prefix: "c_" },
];

/** Renders with the functions of definition files, and says what was asked for. */
function renderer(plugins: readonly Plugin[] = PLUGINS) {
  const { sources, asked } = memoryValues(VALUES);
  const read: string[] = [];
  const files = memoryFiles({ "infra/t.tfstate": `\uFEFF${STATE}` });
  let connections = 0;
  const table = definitionFunctions(plugins, {
    env,
    files: { readText: (path) => (read.push(path), files.readText(path)) },
    connectValues: () => (connections++, Promise.resolve(sources)),
    signal: new AbortController().signal,
  });
  const render = async (source: string) => (await renderTemplate(source, "def.json", table)).text;
  return { render, table, asked, read, connections: () => connections };
}

Deno.test("the functions of definition files look values up", async () => {
  const { render } = renderer();
  const table: [string, string][] = [
    ["{{ ssm `/text` }}", "text"],
    ["{{ ssm `/secret` | json_escape }}", "hunter2"],
    ["{{ ssm `/list` 0 }}{{ ssm `/list` 1 }}{{ ssm `/list` 2 }}{{ ssm `/list` `3` }}", "abd"],
    ["{{ env `PATH_NAME` `x` | ssm }}", "text"],
    ["{{ my_ssm `/text` }}", "text"],
    ["{{ secretsmanager_arn `db/password` }}", "arn:aws:secretsmanager:r:1:secret:db/password-AbCdEf"],
    ["{{ my_secretsmanager_arn `db/password` }}", "arn:aws:secretsmanager:r:1:secret:db/password-AbCdEf"],
    ["{{ cfn_output `network` `Subnet` }}{{ cfn_output `network` `Empty` }}", "subnet-a"],
    ["{{ c_cfn_output `data` `Bucket` }} {{ cfn_export `network-VpcId` }}", "files vpc-a"],
    ["{{ tfstate `aws_subnet.private['web'].id` }}", "subnet-web"],
    ["{{ tfstatef `aws_subnet.private['%s'].id` (must_env `SERVICE`) }}", "subnet-web"],
    ["{{ tfstatef `aws_eip.nat[%d].id` 0 }}{{ must_env `INDEX` | tfstatef `aws_eip.nat[%d].id` }}", "eip-0eip-0"],
    ['{{ tfstate `aws_subnet.private["api"].tags` }}', '{"a":"\\u003cb\\u003e"}'],
    ["{{ s3_tfstate `output.n` }}{{ s3_tfstatef `output.%s` `n` }}", "33"],
  ];
  for (const [source, text] of table) assert.equal(await render(source), text, source);
});

Deno.test("each distinct value is asked for once, each state read once, and AWS connected to when it is needed", async () => {
  const { render, asked, read, connections } = renderer();
  await render("{{ must_env `SERVICE` }}{{ tfstate `aws_eip.nat[0].id` }}{{ tfstate `aws_eip.nat` }}");
  assert.deepEqual([asked, read, connections()], [[], ["infra/t.tfstate"], 0]);
  const calls =
    "{{ ssm `/text` }}{{ my_ssm `/text` }}{{ ssm `/list` 0 }}{{ ssm `/list` 1 }}{{ s3_tfstate `output.n` }}" +
    "{{ secretsmanager_arn `db/password` }}{{ s3_tfstate `output.n` }}";
  await render(calls);
  await render(calls);
  assert.deepEqual(asked, ["/text", "/list", "s3://bucket/key", "db/password"]);
  assert.deepEqual([read.length, connections()], [1, 1]);
});

Deno.test("the functions of definition files name what has no value: place, call, reason", async () => {
  const { render } = renderer();
  const table: [string, string][] = [
    ["a\n {{ ssm `/none` }}", "2:5: ssm `/none`: the Parameter Store has no such parameter"],
    ["{{ ssm }}", "1:4: ssm: takes the name of a parameter and, for a StringList, an index; there are 0"],
    [
      "{{ ssm `/text` 1 2 }}",
      "1:4: ssm `/text` 1 2: takes the name of a parameter and, for a StringList, an index; there are 3",
    ],
    ["{{ ssm `/text` 0 }}", "1:4: ssm `/text` 0: this parameter is not a StringList (leave out the index)"],
    [
      "{{ ssm `/list` }}",
      "1:4: ssm `/list`: this parameter is a StringList (add the index of one of its values, counting from 0)",
    ],
    [
      "{{ ssm `/list` -1 }}",
      "1:4: ssm `/list` -1: this parameter is a StringList (add the index of one of its values, counting from 0)",
    ],
    ["{{ ssm `/list` 4 }}", "1:4: ssm `/list` 4: the last index of this StringList is 3"],
    ["{{ secretsmanager_arn `none` }}", "1:4: secretsmanager_arn `none`: Secrets Manager has no such secret"],
    [
      "{{ secretsmanager_arn }}",
      "1:4: secretsmanager_arn: takes one argument, the name of a secret; there are 0",
    ],
    [
      "{{ tfstate `aws_vpc.main.id` }}",
      "1:4: tfstate `aws_vpc.main.id`: the state infra/t.tfstate has no such value: aws_vpc.main.id",
    ],
    [
      "{{ tfstatef `aws_eip.nat[%d].id` 1 }}",
      "1:4: tfstatef `aws_eip.nat[%d].id` 1: the state infra/t.tfstate has no such value: aws_eip.nat[1].id",
    ],
    [
      // What the environment holds is not to be seen in messages.
      "{{ tfstatef `aws_eip.nat['%s'].id` (must_env `SERVICE`) }}",
      "1:4: tfstatef `aws_eip.nat['%s'].id` (must_env `SERVICE`): the state infra/t.tfstate has no such value",
    ],
    ["{{ tfstatef }}", "1:4: tfstatef: the state infra/t.tfstate has no such value: "],
    ["{{ tfstate `a` `b` }}", "1:4: tfstate `a` `b`: takes one argument, an address in the state; there are 2"],
    ["{{ gone_tfstate `a.b` }}", "1:4: gone_tfstate `a.b`: there is no state at gone.tfstate"],
    ["{{ none_tfstate `a.b` }}", "1:4: none_tfstate `a.b`: there is no state at s3://bucket/none"],
    [
      "{{ gcs_tfstate `a.b` }}",
      "1:4: gcs_tfstate `a.b`: states at gs:// are not supported (supported: s3://BUCKET/KEY, file:///PATH and a plain path)",
    ],
    ["{{ cfn_output `gone` `Subnet` }}", "1:4: cfn_output `gone` `Subnet`: CloudFormation has no such stack"],
    ["{{ cfn_output `data` `Subnet` }}", "1:4: cfn_output `data` `Subnet`: the stack has no such output"],
    ["{{ cfn_output `data` `toString` }}", "1:4: cfn_output `data` `toString`: the stack has no such output"],
    [
      "{{ c_cfn_output `data` }}",
      "1:4: c_cfn_output `data`: takes two arguments, the name of a stack and the key of one of its outputs; there are 1",
    ],
    [
      "{{ cfn_export `VpcId` }}",
      "1:4: cfn_export `VpcId`: no stack of this region exports anything of this name",
    ],
    ["{{ cfn_export }}", "1:4: cfn_export: takes one argument, the name of an export; there are 0"],
  ];
  for (const [source, message] of table) {
    await assert.rejects(inWords(render(source)), { name: "ConfigError", message: `def.json:${message}` }, source);
  }
});

Deno.test("a plugin that is not supported is named only when a function of it is used", async () => {
  const plugins: Plugin[] = [
    { kind: "unsupported", name: "external", prefix: "x_", functions: ["jq"] },
    { kind: "unsupported", name: "External", prefix: "", functions: undefined },
  ];
  const { render } = renderer(plugins);
  assert.equal(await render("{{ env `SERVICE` }}"), "web");
  await assert.rejects(inWords(render("{{ x_jq `.a` }}")), {
    message: "def.json:1:4: x_jq: the plugin external is not supported",
  });
  await assert.rejects(inWords(render("{{ anything }}")), {
    message: "def.json:1:4: anything: there is no such function. It may be of the plugin External, " +
      "which is not supported",
  });
});

Deno.test("functions of plugins say which plugin they need, and other names which functions there are", async () => {
  const { render } = renderer([]);
  const advice = "this function needs a plugin in the config: {name: tfstate, config: {path: FILE}}";
  for (const name of ["tfstate", "tfstatef"]) {
    await assert.rejects(inWords(render(`{{ ${name} \`a\` }}`)), { message: `def.json:1:4: ${name}: ${advice}` });
  }
  for (const name of ["cfn_output", "cfn_export"]) {
    await assert.rejects(inWords(render(`{{ ${name} \`a\` }}`)), {
      message: `def.json:1:4: ${name}: this function needs a plugin in the config: {name: cloudformation}`,
    });
  }
  await assert.rejects(inWords(render("{{ gone `a` `b` }}")), {
    message: "def.json:1:4: there is no template function gone " +
      "(known: env, json_escape, must_env, secretsmanager_arn, ssm)",
  });
});

Deno.test("what AWS refuses passes through, and so does a state that cannot be read", async () => {
  const denied = new AwsError({ operation: "GetParameter", kind: "denied", code: "AccessDenied", detail: "" });
  const fail = () => Promise.reject(denied);
  const sources: ValueSources = {
    readParameter: fail,
    findSecretArn: fail,
    readStackOutputs: fail,
    readStackExports: fail,
    readObject: fail,
  };
  const functions = definitionFunctions(PLUGINS, {
    env,
    files: { readText: () => Promise.reject(new Error("Is a directory")) },
    connectValues: () => Promise.resolve(sources),
    signal: new AbortController().signal,
  });
  for (
    const call of ["ssm `/a`", "secretsmanager_arn `a`", "s3_tfstate `a.b`", "cfn_output `a` `b`", "cfn_export `a`"]
  ) {
    await assert.rejects(renderTemplate(`{{ ${call} }}`, "d", functions), denied, call);
  }
  await assert.rejects(
    inWords(renderTemplate("{{ tfstate `a.b` }}", "d", functions)),
    { name: "ConfigError", message: "infra/t.tfstate: cannot be read: Is a directory" },
  );
});

Deno.test("Jsonnet files have the functions of Kayac's ecspresso as natives", async () => {
  const { table } = renderer();
  const natives = Object.entries(table.natives).map(([name, { parameters }]) => `${name}(${parameters.join(", ")})`);
  assert.deepEqual(natives.filter((native) => !/^(?:s3|gone|none|gcs|my|c)_/.test(native)).sort(), [
    "cfn_export(name)",
    "cfn_output(stack_name, output_key)",
    "env(name, default)",
    "must_env(name)",
    "secretsmanager_arn(id)",
    "ssm(name)",
    "ssm_list(name, index)",
    "tfstate(address)",
  ]);
  const call = (name: string, ...args: Parameters<typeof table.natives[string]["answer"]>[0]) =>
    table.natives[name]!.answer(args);
  assert.deepEqual(await call("tfstate", "aws_eip.nat"), [{ id: "eip-0" }]);
  assert.equal(await call("s3_tfstate", "output.n"), 3);
  assert.equal(await call("cfn_output", "network", "Subnet"), "subnet-a");
  assert.equal(await call("c_cfn_export", "network-VpcId"), "vpc-a");
  assert.equal(await call("ssm_list", "/list", 1), "b");
  assert.equal(await call("my_ssm", "/text"), "text");
  assert.equal(await call("env", "SERVICE", null), "web");
  assert.equal(await call("env", "UNSET", null), null);
  // Unlike in templates, a default is never taken for a name.
  assert.equal(await call("env", "UNSET", "SERVICE"), "SERVICE");
  assert.equal(await call("must_env", "SERVICE"), "web");
});

Deno.test("the functions of definition files report what they have looked up, and where", async () => {
  const lookups: LookedUp[] = [];
  const { functions, natives } = definitionFunctions(PLUGINS, {
    env,
    files: memoryFiles({ "infra/t.tfstate": STATE }),
    connectValues: () => Promise.resolve(memoryValues(VALUES).sources),
    signal: new AbortController().signal,
    onLookup: (lookedUp) => lookups.push(lookedUp),
  });
  const lookupsOf = async (call: () => unknown) => {
    lookups.length = 0;
    await call();
    return lookups.map(({ marked, ...others }) => ({ ...others, marked: [...marked ?? []] }));
  };
  const variable = { source: "variable", name: "SERVICE", value: "web", marked: [] };
  const cases: [() => unknown, object[]][] = [
    [() => functions.env!(["UNSET", "SERVICE", "none"]), [variable]],
    [() => functions.env!(["UNSET", "none"]), []],
    [() => functions.must_env!(["SERVICE"]), [variable]],
    [() => natives.env!.answer(["SERVICE", "none"]), [variable]],
    [() => natives.must_env!.answer(["SERVICE"]), [variable]],
    [() => functions.ssm!(["/secret"]), [{
      source: "parameter",
      name: "/secret",
      value: "hunter2",
      marked: ["hunter2"],
    }]],
    [() => functions.my_ssm!(["/text"]), [{ source: "parameter", name: "/text", value: "text", marked: [] }]],
    [() => natives.ssm_list!.answer(["/list", 0]), [
      { source: "parameter", name: "/list", value: ["a", "b", "", "d"], marked: [] },
    ]],
    [() => functions.secretsmanager_arn!(["db/password"]), [
      { source: "secret", name: "db/password", value: VALUES.secrets!["db/password"], marked: [] },
    ]],
    [() => functions.cfn_output!(["network", "Subnet"]), [
      { source: "stack", name: "Subnet", value: "subnet-a", marked: [] },
    ]],
    [() => functions.cfn_export!(["network-VpcId"]), [
      { source: "stack", name: "network-VpcId", value: "vpc-a", marked: [] },
    ]],
    [() => functions.tfstate!(["output.pin"]), [
      { source: "state", name: "output.pin", value: "closed", marked: ["closed"] },
    ]],
    [() => functions.tfstatef!(["aws_eip.nat[%d].id", "0"]), [
      { source: "state", name: "aws_eip.nat[0].id", value: "eip-0", marked: ["closed"] },
    ]],
  ];
  for (const [call, expected] of cases) assert.deepEqual(await lookupsOf(call), expected, String(call));
});
