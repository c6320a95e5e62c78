import { Argument } from "@commander-js/extra-typings";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";

const EXAMPLES = `
Examples:
  source <(ecspresso completion bash)      (in ~/.bashrc)
  source <(ecspresso completion zsh)       (in ~/.zshrc, after compinit)
  ecspresso completion fish | source       (in ~/.config/fish/config.fish)

${renderExitCodes(COMMAND_ENDINGS.completion)}`;

const SHELLS = ["bash", "zsh", "fish"] as const;

/** `ecspresso completion`: for which shell. */
export function defineCompletion(command: ProgramCommand, context: Context): void {
  command
    .addArgument(new Argument("<shell>", "the shell that is to complete").choices(SHELLS))
    .addHelpText("after", EXAMPLES)
    .action(async (shell) => {
      const { buildProgram } = await import("../app/program.ts");
      const { readGrammar } = await import("../session/read_grammar.ts");
      const { writeCompletion } = await import("../completion/write_completion.ts");
      context.host.stdout.write(writeCompletion(shell, readGrammar(await buildProgram(context, true))));
    });
}
