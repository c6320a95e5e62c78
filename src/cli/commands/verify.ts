import type { ProgramCommand } from "../add_commands.ts";
import type { Context } from "../context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../exit_code_table.ts";
import { resolveGlobalOptions } from "../global_options.ts";
import { parseRevision } from "../parse_number.ts";

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
      const { runAction } = await import("../run_action.ts");
      const { verifyDefinition } = await import("../actions/verify_definition.ts");
      await runAction(context, globals, (session) => verifyDefinition(session, revision));
    });
}
