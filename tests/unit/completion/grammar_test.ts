import assert from "node:assert/strict";
import { newContext } from "../../../src/session/context.ts";
import { buildProgram } from "../../../src/app/program.ts";
import { readGrammar } from "../../../src/completion/grammar.ts";
import { ROLLBACK_EVENTS } from "../../../src/rollout/judge/assess.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
const GRAMMAR = readGrammar(await buildProgram(newContext(host)));

function optionOf(command: string, long: string) {
  const options = GRAMMAR.commands.find(({ name }) => name === command)?.options ?? GRAMMAR.globalOptions;
  return options.find((option) => option.long === long);
}

Deno.test("the grammar has the program's commands and global options, help among both", () => {
  assert.equal(GRAMMAR.name, "ecspresso");
  assert.deepEqual(GRAMMAR.commands.slice(0, 2).map(({ name }) => name), ["deploy", "rollback"]);
  assert.deepEqual(GRAMMAR.commands.at(-1)?.name, "help");
  assert.deepEqual(optionOf("", "--help")?.short, "-h");
  assert.deepEqual(GRAMMAR.globalOptions.filter(({ isRepeatable }) => isRepeatable).map(({ long }) => long), [
    "--config",
    "--service",
    "--cluster",
    "--service-tag",
    "--envfile",
    "--ext-str",
    "--ext-code",
  ]);
});

Deno.test("an option takes nothing, a text, a file, a choice or a list of them", () => {
  assert.equal(optionOf("deploy", "--no-wait")?.value, undefined);
  assert.deepEqual(optionOf("deploy", "--tasks")?.value, { kind: "text", name: "number" });
  assert.deepEqual(optionOf("register", "--output")?.value, { kind: "file", name: "file" });
  assert.deepEqual(optionOf("", "--config")?.value, { kind: "file", name: "file" });
  const choices = ["stable", "deployed", "traffic-shifted"];
  assert.deepEqual(optionOf("wait", "--until")?.value, { kind: "choice", name: "state", choices });
  assert.equal(optionOf("wait", "--until")?.byDefault, "stable");
  assert.deepEqual(optionOf("deploy", "--rollback-events")?.value, {
    kind: "list",
    name: "event",
    choices: [...ROLLBACK_EVENTS],
  });
});

Deno.test("operands are known with their choices", () => {
  const operandsOf = (command: string) => GRAMMAR.commands.find(({ name }) => name === command)?.operands;
  assert.deepEqual(operandsOf("deploy"), []);
  assert.deepEqual(operandsOf("completion"), [
    { value: { kind: "choice", name: "shell", choices: ["bash", "zsh", "fish"] }, isRepeatable: false },
  ]);
  assert.equal(operandsOf("render")?.[0]?.isRepeatable, true);
  const choices = GRAMMAR.commands.map(({ name }) => name);
  assert.deepEqual(operandsOf("help"), [{ value: { kind: "choice", name: "command", choices }, isRepeatable: false }]);
});

Deno.test("names and choices are words that no shell has a meaning for", () => {
  const options = [...GRAMMAR.globalOptions, ...GRAMMAR.commands.flatMap(({ options }) => options)];
  const values = [
    ...options.map(({ value }) => value),
    ...GRAMMAR.commands.flatMap((c) => c.operands.map((o) => o.value)),
  ];
  const words = [
    ...GRAMMAR.commands.map(({ name }) => name),
    ...options.map(({ long }) => long),
    ...values.flatMap((value) => value !== undefined && "choices" in value ? value.choices : []),
  ];
  assert.ok(words.length > 50);
  for (const word of words) assert.match(word, /^[\w-]+$/);
});
