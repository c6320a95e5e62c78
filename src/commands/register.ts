import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { requireDryRun } from "./require_dry_run.ts";
import { checkShowsValues, showValuesOption } from "./show_values_option.ts";

const EXAMPLES = `
Examples:
  ecspresso register
  ecspresso register --dry-run
  ecspresso register --output taskdef.arn

A dry run hides values that were looked up; render taskdef prints them.

${renderExitCodes(COMMAND_ENDINGS.register)}`;

/** `ecspresso register`: whether to do it, and where the ARN goes. */
export function defineRegister(command: ProgramCommand, context: Context): void {
  command
    .option("--dry-run", "print what would be registered, as JSON, and change nothing")
    .option("--output <file>", "write the ARN of the registered task definition to a file, - for stdout")
    .addOption(showValuesOption())
    .addHelpText("after", EXAMPLES)
    .action(async ({ dryRun = false, output, showValues = false }, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      checkShowsValues(showValues, dryRun);
      requireDryRun("register", globals, dryRun);
      const { runAction } = await import("../session/run_action.ts");
      const { registerDefinition } = await import("./register_definition.ts");
      const request = { dryRun, output, showsValues: showValues };
      const writes = output === undefined ? [] : [output];
      await runAction(context, globals, (session) => registerDefinition(session, request), writes);
    });
}
