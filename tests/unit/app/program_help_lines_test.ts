import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { readGrammar } from "../../../src/completion/grammar.ts";
import { buildProgram } from "../../../src/app/program.ts";
import { newContext } from "../../../src/session/context.ts";
import { systemHost } from "../../../src/host/system_host.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { runInProcess } from "../../in_process.ts";

/** What somebody reads in an outage: the first screen of the help has to do. */
const IN_AN_OUTAGE = ["", "rollback", "deploy", "wait", "status"];
const FIRST = 10;
const WIDTH = 80;

for (const name of IN_AN_OUTAGE) {
  Deno.test(`ecspresso ${name} --help says on its first ten lines what it does, and what to type`, async () => {
    const { stdout, code } = await runInProcess(new Emulator(), [...name === "" ? [] : [name], "--help"]);
    assert.equal(code, 0);
    const [usage = "", blank, sentence = "", ...rest] = stdout.split("\n").slice(0, FIRST);
    assert.match(usage, new RegExp(`^Usage: ecspresso ${name}`));
    assert.equal(blank, "");
    assert.match(sentence, /^[A-Z][^.]*\.$/, "one sentence");
    const examples = rest.slice(1, rest.indexOf("", 1));
    assert.ok(rest[0] === "" && examples.length >= 3, rest.join("\n"));
    for (const line of [usage, sentence, ...examples]) assert.ok(line.length <= WIDTH, line);
    for (const example of examples) await assertCanBeTyped(example);
  });
}

Deno.test("no line of a help is wider than 80 columns, but for examples, which are typed on one line", async () => {
  const { commands } = readGrammar(await buildProgram(newContext(systemHost())));
  for (const { name } of commands) {
    const { stdout } = await runInProcess(new Emulator(), [name, "--help"]);
    const prose = stdout.split("\n").filter((line) => !/^ {2}\S* ?ecspresso /.test(line));
    assert.deepEqual(prose.filter((line) => line.length > WIDTH), [], name);
  }
});

/** The command is there, and has the options. */
async function assertCanBeTyped(example: string): Promise<void> {
  const [, typed = "", meaning = ""] = /^ {2}ecspresso (.*?) {2,}(.*)$/.exec(example) ?? [];
  assert.ok(typed !== "" && meaning !== "", example);
  const [name, ...args] = typed.split(" ");
  const { commands, globalOptions } = readGrammar(await buildProgram(newContext(systemHost())));
  const command = commands.find((one) => one.name === name);
  assert.ok(command !== undefined, example);
  const options = [...command.options, ...globalOptions].map(({ long, value }) =>
    [long.replace(/^--/, ""), { type: value === undefined ? "boolean" : "string" }] as const
  );
  parseArgs({ args, options: Object.fromEntries(options), strict: true });
}
