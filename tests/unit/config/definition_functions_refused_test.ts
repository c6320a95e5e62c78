import assert from "node:assert/strict";
import { definitionFunctions } from "../../../src/config/definition_functions.ts";
import type { Plugin } from "../../../src/config/plugins.ts";
import { renderTemplate } from "../../../src/config/template/render_template.ts";
import { AwsError } from "../../../src/errors.ts";
import type { ValueSources } from "../../../src/model/ports.ts";
import { inWords } from "../../in_words.ts";
import { env, PLUGINS, renderer } from "./definition_values.ts";

const WITHOUT_VALUE: [string, string][] = [
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

Deno.test("the functions of definition files name what has no value: place, call, reason", async () => {
  const { render } = renderer();
  for (const [source, message] of WITHOUT_VALUE) {
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
