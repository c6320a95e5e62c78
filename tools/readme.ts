/**
 * Writes the tables of options into the documentation: `deno task readme [FILE...]`, both READMEs when none is named.
 * With `--check` nothing is written, and a file whose tables are not current is an error.
 */

import { parseArgs } from "node:util";
import { newContext } from "../src/session/context.ts";
import { buildProgram } from "../src/app/program.ts";
import { readGrammar } from "../src/session/read_grammar.ts";
import { systemHost } from "../src/host.ts";
import { writeOptionTables } from "./option_tables.ts";

const READMES = ["README.md", "README.ja.md"];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { check: { type: "boolean" } }, allowPositionals: true });
  const program = readGrammar(await buildProgram(newContext(systemHost()), true));
  for (const file of positionals.length > 0 ? positionals : READMES) {
    const text = await Deno.readTextFile(file);
    const current = writeOptionTables(text, program);
    if (current === text) continue;
    if (values.check) throw new Error(`the options in ${file} are not those of the commands: run deno task readme`);
    await Deno.writeTextFile(file, current);
    console.log(file);
  }
}

try {
  await main();
} catch (error) {
  console.error(`readme: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
