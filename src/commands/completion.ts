import { Argument } from "@commander-js/extra-typings";
import { writeCompletion } from "../completion/write_completion.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { readGrammar } from "../session/read_grammar.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** It needs no session: neither config nor AWS. */
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

${renderExitCodes(COMMAND_ENDINGS.completion)}`,
    )
    .action((shell, _options, command) => {
      context.host.stdout.write(writeCompletion(shell, readGrammar(command.parent!)));
    });
}
