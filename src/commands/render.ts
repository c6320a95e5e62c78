import { Argument } from "@commander-js/extra-typings";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";

const EXAMPLES = `
Examples:
  ecspresso render config
  ecspresso render taskdef
  ecspresso render servicedef taskdef

Values of the environment and of Parameter Store that the files ask for are printed, too.

${renderExitCodes(COMMAND_ENDINGS.render)}`;

const FILES = ["config", "servicedef", "taskdef", "service-definition", "task-definition"] as const;

/** `ecspresso render`: which files. */
export function defineRender(command: ProgramCommand, context: Context): void {
  command
    .addArgument(new Argument("<files...>", "what to print").choices(FILES))
    .addHelpText("after", EXAMPLES)
    .action(async (files, _options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const { runAction } = await import("../session/run_action.ts");
      const { renderFiles } = await import("./render_file.ts");
      await runAction(context, globals, (session) => renderFiles(session, files));
    });
}
