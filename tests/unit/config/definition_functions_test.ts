import assert from "node:assert/strict";
import { renderer } from "./definition_values.ts";

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
