import { Option } from "@commander-js/extra-typings";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { outputOption } from "./output_option.ts";

const EXAMPLES = `
Examples:
  ecspresso wait
  ecspresso wait --until deployed --timeout 20m

${renderExitCodes(COMMAND_ENDINGS.wait)}`;

/** `ecspresso wait`: how far the deployment under way has to have come. */
export function defineWait(command: ProgramCommand, context: Context): void {
  command
    .addOption(
      new Option("--until <state>", "stable: completed, and all its tasks run; deployed: completed")
        .choices(["stable", "deployed"]).default("stable" as const),
    )
    .addOption(outputOption())
    .addHelpText("after", EXAMPLES)
    .action(async ({ until }, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const { runAction } = await import("../session/run_action.ts");
      const { awaitService } = await import("./await_service.ts");
      await runAction(context, globals, (session) => awaitService(session, until));
    });
}
