import assert from "node:assert/strict";
import { newContext } from "../../../src/session/context.ts";
import { peekArguments } from "../../../src/app/peek_arguments.ts";
import { buildProgram } from "../../../src/app/program.ts";
import { readGrammar } from "../../../src/session/read_grammar.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

function peek(args: string, variables: Readonly<Record<string, string>> = {}) {
  const env = { get: (name: string) => variables[name], set: () => {}, all: () => variables };
  return peekArguments({ args: args.split(" "), env });
}

Deno.test("peekArguments() finds the command behind options that take a value", () => {
  assert.equal(peek("rollback --revision 3").command, "rollback");
  assert.equal(peek("--config deploy --debug --timeout 5m rollback").command, "rollback");
  assert.equal(peek("--assume-role-arn deploy wait").command, "wait");
  assert.equal(peek("--config=deploy wait").command, "wait");
  assert.equal(peek("--help").command, undefined);
});

Deno.test("peekArguments() finds the command also behind an option that does not belong in front of it", async () => {
  const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
  const { globalOptions, commands } = readGrammar(await buildProgram(newContext(host), true));
  const options = [...globalOptions, ...commands.flatMap(({ options }) => options)];
  for (const { long, value } of options) {
    assert.equal(peek(`${long}${value === undefined ? "" : " deploy"} rollback`).command, "rollback", long);
  }
});

Deno.test("peekArguments() takes the last value, as the parser does", () => {
  assert.equal(peek("wait --output json").output, "json");
  assert.equal(peek("wait --output=json --output text").output, "text");
  assert.equal(peek("wait --output").output, undefined);
  assert.equal(peek("wait --outputs json").output, undefined);
});

Deno.test("peekArguments() lets the command line win over the environment", () => {
  assert.equal(peek("wait", { ECSPRESSO_LOG_FORMAT: "json" }).logFormat, "json");
  assert.equal(peek("wait --log-format text", { ECSPRESSO_LOG_FORMAT: "json" }).logFormat, "text");
});

Deno.test("peekArguments() knows GitHub Actions by its variable, or by the option", () => {
  assert.equal(peek("wait").isForGithub, false);
  assert.equal(peek("wait", { GITHUB_ACTIONS: "false" }).isForGithub, false);
  assert.equal(peek("wait", { GITHUB_ACTIONS: "true" }).isForGithub, true);
  assert.equal(peek("wait --github").isForGithub, true);
});

Deno.test("peekArguments() knows whether colours are asked for", () => {
  assert.equal(peek("wait").color, undefined);
  assert.equal(peek("--no-color wait --color").color, true);
  assert.equal(peek("wait --no-color", { ECSPRESSO_COLOR: "1" }).color, false);
  assert.equal(peek("wait", { ECSPRESSO_COLOR: "off" }).color, false);
  assert.equal(peek("wait", { ECSPRESSO_COLOR: "perhaps" }).color, undefined);
});
