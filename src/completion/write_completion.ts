import type { ProgramGrammar } from "./grammar.ts";
import { writeBash } from "./write_bash.ts";
import { writeFish } from "./write_fish.ts";
import { writeZsh } from "./write_zsh.ts";

/** The shells that there is a completion for. */
type Shell = "bash" | "zsh" | "fish";

const WRITERS: Readonly<Record<Shell, (program: ProgramGrammar) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

/** The script that completes the program's command line in a shell. */
export function writeCompletion(shell: Shell, program: ProgramGrammar): string {
  return WRITERS[shell](program);
}
