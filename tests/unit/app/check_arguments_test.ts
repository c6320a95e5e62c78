import assert from "node:assert/strict";
import { newContext } from "../../../src/session/context.ts";
import { checkArguments } from "../../../src/app/check_arguments.ts";
import { buildProgram } from "../../../src/app/program.ts";
import { readGrammar } from "../../../src/session/read_grammar.ts";
import type { OptionGrammar } from "../../../src/completion/grammar.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
const { globalOptions, commands } = readGrammar(await buildProgram(newContext(host), true));
/** Every command with a value-taking option of its own or of all commands. */
const WITH_VALUE = commands.filter(({ name }) => name !== "help").flatMap(({ name, options }) =>
  [...globalOptions, ...options].filter(({ value }) => value !== undefined).map((option) => ({ name, option }))
);

/** Command lines from which a value is taken away. */
const SWITCHES = ["--dry-run", "--debug", "-h", "--no-color"];

for (const { name, option } of WITH_VALUE) {
  Deno.test(`"${name} ${option.long}" takes no option for its value`, async () => {
    for (const value of SWITCHES) {
      const emulator = myservice();
      const options = { files: DEFINITION_FILES };
      const { code, stdout, stderr, files } = await runInProcess(emulator, [name, option.long, value], options);
      assert.deepEqual([code, stdout, emulator.calls.length], [2, "", 0], stderr);
      assert.deepEqual([...files.keys()], Object.keys(DEFINITION_FILES));
      assert.match(stderr, new RegExp(`${option.long} |${option.long} <`));
    }
  });

  Deno.test(`"${name} ${option.long}" takes ${option.isRepeatable ? "several values" : "one value"}`, () => {
    const { long, isRepeatable } = option;
    for (const args of [[long, "a", long, "a"], [`${long}=a`, long, "b"], [long, "a", "more", `${long}=b`]]) {
      const check = () => checkArguments(args, [option]);
      if (isRepeatable) check();
      else assert.throws(check, { name: "UsageError", message: `${long} is given twice` });
    }
  });
}

Deno.test("checkArguments() takes no empty value: that of a shell's variable that is not set", () => {
  for (const { option } of WITH_VALUE) {
    for (const args of [[option.long, ""], [`${option.long}=`], [option.long, "", "more"]]) {
      const message = `${option.long} is given an empty value`;
      assert.throws(() => checkArguments(args, [option]), { name: "UsageError", message });
    }
  }
});

const OUTPUT: OptionGrammar = {
  term: "--output <file>",
  short: undefined,
  long: "--output",
  description: "",
  value: { kind: "file", name: "file" },
  isRepeatable: false,
  byDefault: undefined,
};

Deno.test("checkArguments() lets pass what can be nothing but a value", () => {
  for (const args of [["--output=--dry-run"], ["--output", "-"], ["--output", "-1"], ["--output"]]) {
    checkArguments(args, [OUTPUT]);
  }
  checkArguments(["--output", "a", "--", "--output", "--dry-run"], [OUTPUT]);
});

Deno.test("a value that begins with a dash is taken where it is joined to its option", async () => {
  const emulator = myservice();
  const options = { files: DEFINITION_FILES };
  const { code, files } = await runInProcess(emulator, ["register", "--output=--dry-run"], options);
  assert.equal(code, 0);
  assert.match(files.get("--dry-run") ?? "", /task-definition\/myservice:5/);
});

Deno.test("--tasks takes -1, the default of kayac/ecspresso, in both forms", async () => {
  for (const args of [["--tasks", "-1"], ["--tasks=-1"]]) {
    const options = { files: DEFINITION_FILES };
    const { code, stdout, stderr } = await runInProcess(myservice(), ["deploy", "--dry-run", ...args], options);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}none: nothing to do$/m);
  }
});

Deno.test("a count below zero reaches the command, in both forms", async () => {
  for (const args of [["--tasks", "-5"], ["--tasks=-5"]]) {
    const { code, stderr } = await runInProcess(myservice(), ["deploy", ...args], { files: DEFINITION_FILES });
    assert.equal(code, 2);
    assert.match(stderr, /^error: --tasks takes .*, not "-5"$/m);
  }
});
