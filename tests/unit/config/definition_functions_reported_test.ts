import assert from "node:assert/strict";
import { definitionFunctions } from "../../../src/config/definition_functions.ts";
import type { LookedUp } from "../../../src/secrets/looked_up.ts";
import { env, PLUGINS, STATE, VALUES } from "./definition_values.ts";
import { memoryFiles, memoryValues } from "./memory_host.ts";

/** The functions, and what a call of them reports that it has looked up. */
function reporting() {
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
  return { functions, natives, lookupsOf };
}

Deno.test("the functions of definition files report what they have looked up, and where", async () => {
  const { functions, natives, lookupsOf } = reporting();
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
