import assert from "node:assert/strict";
import type { ProgramGrammar } from "../../../src/completion/grammar.ts";
import { WRITERS } from "../../../src/commands/completion.ts";
import { completeIn, hasShell, SHELLS } from "../../shells.ts";

/** What a shell or its completion could take for something of its own. */
const NASTY = [
  'it\'s "quoted" and `ticked`',
  "a: colon, then: another",
  "[brackets] and ]reversed[",
  "$HOME $(echo no) %s {a,b} * ? ~",
  "a back\\slash, \\[ and \\: and \\'",
  "(round) <angular> | & ; # !",
];

const OPTION = { short: undefined, value: undefined, isRepeatable: false, byDefault: undefined };

const MADE_UP: ProgramGrammar = {
  name: "madeup",
  globalOptions: NASTY.map((description, index) => ({
    ...OPTION,
    term: `--switch-${index}`,
    long: `--switch-${index}`,
    description,
  })),
  commands: NASTY.map((description, index) => ({
    name: `command${index}`,
    description,
    options: [{
      ...OPTION,
      term: `-o, --own-${index} <a:b>`,
      short: "-o",
      long: `--own-${index}`,
      description,
      value: { kind: "choice", name: "a:b", choices: ["x-1", "y_2"] },
    }],
    operands: [{ value: { kind: "choice", name: "c[d]", choices: ["p", "q"] }, isRepeatable: false }],
  })),
};

for (const shell of SHELLS) {
  Deno.test({
    name: `${shell} shows any description as it is, and completes beside it`,
    ignore: !await hasShell(shell),
    async fn() {
      const lines = ["madeup ", "madeup --", ...NASTY.map((_, index) => `madeup command${index} --own`)];
      const values = NASTY.map((_, index) => `madeup command${index} --own-${index} `);
      const operands = NASTY.map((_, index) => `madeup command${index} `);
      const answers = await completeIn(shell, WRITERS[shell](MADE_UP), [...lines, ...values, ...operands]);

      const shown = answers.slice(0, lines.length);
      const named = (name: (index: number) => string) => NASTY.map((text, index) => [name(index), text] as const);
      const expected = [
        named((index) => `command${index}`),
        named((index) => `--switch-${index}`),
        ...named((index) => `--own-${index}`).map((one) => [one]),
      ];
      for (const [index, offered] of shown.entries()) {
        assert.deepEqual(offered.map(({ word }) => word).sort(), expected[index]!.map(([word]) => word).sort());
        if (shell === "bash") continue;
        for (const [word, description] of expected[index]!) {
          const { text } = offered.find((one) => one.word === word)!;
          assert.ok(text.endsWith(description), `${word}: ${text}`);
        }
      }
      for (const offered of answers.slice(lines.length, lines.length + values.length)) {
        assert.deepEqual(offered.map(({ word }) => word), ["x-1", "y_2"]);
      }
      for (const offered of answers.slice(lines.length + values.length)) {
        assert.deepEqual(offered.map(({ word }) => word), ["p", "q"]);
      }
    },
  });
}

Deno.test({
  name: "bash completes the value of an option also where = does not end a word",
  ignore: !await hasShell("bash"),
  async fn() {
    const complete = 'COMP_WORDS=(madeup command0 --own-0=x) COMP_CWORD=2; _madeup; printf "%s" "${COMPREPLY[*]}"';
    const { stdout } = await new Deno.Command("bash", {
      args: ["--norc", "-c", `${WRITERS.bash(MADE_UP)}\n${complete}`],
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "--own-0=x-1");
  },
});
