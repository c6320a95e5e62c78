import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { parseRevision } from "../session/parse_number.ts";
import { showValuesOption } from "./show_values_option.ts";

const EXAMPLES = `
Examples:
  ecspresso diff
  ecspresso diff --revision 3
  ecspresso diff --exit-code
  ecspresso diff --show-values

Of environment variables and of values that were looked up, only whether they
differ is shown; render and revisions --revision print whole definitions.

${renderExitCodes(COMMAND_ENDINGS.diff)}`;

/** `ecspresso diff`: against what, and whether differences are an exit code. */
export function defineDiff(command: ProgramCommand, context: Context): void {
  command
    .option("--revision <number>", "compare the file with this registered task definition, and no service")
    .option("--exit-code", "exit with 9 when there are differences")
    .addOption(showValuesOption())
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const revision = options.revision === undefined ? undefined : parseRevision(options.revision);
      const { runAction } = await import("../session/run_action.ts");
      const { showDiff } = await import("./show_diff.ts");
      const { exitCode = false, showValues = false } = options;
      const request = { revision, hasExitCode: exitCode, showsValues: showValues };
      await runAction(context, globals, (session) => showDiff(session, request));
    });
}
