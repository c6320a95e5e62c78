import { Argument } from "@commander-js/extra-typings";
import { ALWAYS, type CommandEndings, NOT_WRITTEN, renderExitCodes } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { readGrammar } from "../completion/grammar.ts";
import { writeBash } from "../completion/write_bash.ts";
import { writeFish } from "../completion/write_fish.ts";
import { writeZsh } from "../completion/write_zsh.ts";

/** The writer of each shell's script. */
export const WRITERS = { bash: writeBash, zsh: writeZsh, fish: writeFish };

const ENDINGS: CommandEndings = { ...ALWAYS, ok: "printed", incomplete: NOT_WRITTEN };

const SHELLS = Object.keys(WRITERS) as (keyof typeof WRITERS)[];

/** Defines the command, which needs no session: neither config nor AWS. */
export function define(command: ProgramCommand, context: Context): void {
  command
    .addArgument(new Argument("<shell>", "the shell that is to complete").choices(SHELLS))
    .addHelpText(
      "after",
      `
Examples:
  source <(ecspresso completion bash)      (in ~/.bashrc)
  source <(ecspresso completion zsh)       (in ~/.zshrc, after compinit)
  ecspresso completion fish | source       (in ~/.config/fish/config.fish)

${renderExitCodes(ENDINGS)}`,
    )
    .action((shell, _options, command) => {
      context.host.stdout.write(WRITERS[shell](readGrammar(command.parent!)));
    });
}
