import { Argument } from "@commander-js/extra-typings";
import type { Context } from "../context.ts";
import type { Program } from "../global_options.ts";

const EXAMPLES = `
Examples:
  source <(ecspresso completion bash)      (in ~/.bashrc)
  source <(ecspresso completion zsh)       (in ~/.zshrc, after compinit)
  ecspresso completion fish | source       (in ~/.config/fish/config.fish)`;

const SHELLS = ["bash", "zsh", "fish"] as const;

/** `ecspresso completion`: for which shell. */
export function addCompletionCommand(program: Program, context: Context): void {
  program.command("completion")
    .description("Print the script that completes commands, options and choices in a shell.")
    .addArgument(new Argument("<shell>", "the shell that is to complete").choices(SHELLS))
    .addHelpText("after", EXAMPLES)
    .action(async (shell) => {
      const { readGrammar } = await import("../read_grammar.ts");
      const { writeCompletion } = await import("../../completion/write_completion.ts");
      context.host.stdout.write(writeCompletion(shell, readGrammar(program)));
    });
}
