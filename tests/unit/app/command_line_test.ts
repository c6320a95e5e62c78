import assert from "node:assert/strict";
import { newContext } from "../../../src/session/context.ts";
import { buildProgram } from "../../../src/app/program.ts";
import { run } from "../../../src/app/run.ts";
import { type OptionGrammar, readGrammar } from "../../../src/completion/grammar.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
const { globalOptions, commands } = readGrammar(await buildProgram(newContext(host)));
/** Every command with a value-taking option of its own or of all commands. */
const WITH_VALUE = commands.filter(({ name }) => name !== "help").flatMap(({ name, options }) =>
  [...globalOptions, ...options].filter(({ value }) => value !== undefined).map((option) => ({ name, option }))
);

/** What the option takes: of the choices the first, and a number wherever any text will do. */
// A baking takes a minute at least.
const valueFor = ({ long, value }: OptionGrammar) =>
  value !== undefined && "choices" in value ? value.choices[0]! : long === "--bake" ? "5m" : "3";

/** A command line that is not to come as far as its files. */
async function refused(...args: string[]) {
  const { host, written } = madeUpHost({ args: [...args, "--nonsense"], clock: new VirtualClock(0), exit: () => {} });
  return { code: await run(host), stderr: written.stderr };
}

/** Command lines from which a value is taken away. */
const SWITCHES = ["--dry-run", "--debug", "--verbose", "-h", "--no-color"];

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

  Deno.test(`"${name} ${option.long}" takes ${option.isRepeatable ? "several values" : "one value"}`, async () => {
    const { long, isRepeatable } = option;
    const value = valueFor(option);
    for (
      const args of [[long, value, long, value], [`${long}=${value}`, long, value], [
        long,
        value,
        "more",
        `${long}=${value}`,
      ]]
    ) {
      const { code, stderr } = await refused(name, ...args);
      assert.equal(code, 2);
      assert.equal(stderr.includes(`error: ${long} is given twice\n`), !isRepeatable, stderr);
    }
  });

  Deno.test(`"${name} ${option.long}" takes no empty value: that of a shell's variable that is not set`, async () => {
    for (const args of [[option.long, ""], [`${option.long}=`], [option.long, "", "more"]]) {
      const { code, stderr } = await refused(name, ...args);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^error: ${option.long} is given an empty value$`, "m"));
    }
  });
}

Deno.test("nothing behind -- is an option", async () => {
  assert.match((await refused("wait", "--until", "stable", "--", "--until", "")).stderr, /too many arguments/);
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
