import { strictEqual, throws } from "node:assert/strict";
import type { OptionGrammar, ProgramGrammar } from "../src/completion/grammar.ts";
import { writeOptionTables } from "./option_tables.ts";

function option(term: string, description: string, more: Partial<OptionGrammar> = {}): OptionGrammar {
  const long = /--[a-z-]+/.exec(term)![0];
  return {
    term,
    short: undefined,
    long,
    description,
    value: undefined,
    isRepeatable: false,
    byDefault: undefined,
    ...more,
  };
}

const PROGRAM: ProgramGrammar = {
  name: "madeup",
  globalOptions: [option("-h, --help", "print help; not with --no-help (env: MADE_UP)")],
  commands: [
    {
      name: "wait",
      description: "",
      options: [
        option("--until <state>", "stable: it runs; done: unstable, too", {
          value: { kind: "choice", name: "state", choices: ["stable", "done"] },
          byDefault: "stable",
        }),
        option("--events <event,...>", "at one | other of these", {
          value: { kind: "list", name: "event", choices: ["ONE", "TWO_MORE"] },
        }),
      ],
      operands: [],
    },
    { name: "render", description: "", options: [], operands: [] },
  ],
};

const TEXT = `# Title

<!-- options: global -->

| anything |
<!-- end of options -->
between
<!-- options: wait -->
<!-- end of options -->

after
`;

const WRITTEN = `# Title

<!-- options: global -->

| option         | meaning                                           |
| -------------- | ------------------------------------------------- |
| \`-h\`, \`--help\` | print help; not with \`--no-help\` (env: \`MADE_UP\`) |

<!-- end of options -->
between
<!-- options: wait -->

| option                 | meaning                                                      |
| ---------------------- | ------------------------------------------------------------ |
| \`--until <state>\`      | \`stable\`: it runs; \`done\`: unstable, too (default: \`stable\`) |
| \`--events <event,...>\` | at one \\| other of these: \`ONE\`, \`TWO_MORE\`                  |

<!-- end of options -->

after
`;

Deno.test("tables are written between their markers, and nothing else is touched", () => {
  const written = writeOptionTables(TEXT, PROGRAM);
  strictEqual(written, WRITTEN);
  strictEqual(writeOptionTables(written, PROGRAM), written);
});

Deno.test("a table of nothing and a missing table are told", () => {
  throws(
    () => writeOptionTables(`${TEXT}<!-- options: render -->\n<!-- end of options -->`, PROGRAM),
    /no options of render/,
  );
  throws(
    () => writeOptionTables(`${TEXT}<!-- options: other -->\n<!-- end of options -->`, PROGRAM),
    /no options of other/,
  );
  throws(() => writeOptionTables("# Title\n", PROGRAM), /<!-- options: global -->, <!-- options: wait -->/);
});
