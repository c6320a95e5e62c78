import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { parseCount } from "../session/parse_number.ts";

const EXAMPLES = `
Examples:
  ecspresso status
  ecspresso status --events 50

${renderExitCodes(COMMAND_ENDINGS.status)}`;

const DEFAULT_EVENTS = 10;

/** `ecspresso status`: how many events. */
export function defineStatus(command: ProgramCommand, context: Context): void {
  command
    .option("--events <number>", `how many events to show (default: ${DEFAULT_EVENTS})`)
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const events = options.events === undefined ? DEFAULT_EVENTS : parseCount("--events", options.events);
      const { runAction } = await import("../session/run_action.ts");
      const { showStatus } = await import("./show_status.ts");
      await runAction(context, globals, (session) => showStatus(session, events));
    });
}
