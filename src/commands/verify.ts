import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { parseRevision } from "../session/parse_number.ts";

const EXAMPLES = `
Examples:
  ecspresso verify --revision 3      (before rolling back to it)
  ecspresso verify                   (before deploying the file)

${renderExitCodes(COMMAND_ENDINGS.verify)}`;

/** `ecspresso verify`: which task definition. */
export function defineVerify(command: ProgramCommand, context: Context): void {
  command
    .option("--revision <number>", "a registered revision of the family (default: the file of the config)")
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const revision = options.revision === undefined ? undefined : parseRevision(options.revision);
      const { runAction } = await import("../session/run_action.ts");
      const { verifyDefinition } = await import("./verify_definition.ts");
      await runAction(context, globals, (session) => verifyDefinition(session, revision));
    });
}
