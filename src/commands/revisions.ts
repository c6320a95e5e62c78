import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { parseRevision } from "../session/parse_number.ts";

const EXAMPLES = `
Examples:
  ecspresso revisions
  ecspresso revisions | sort -n | tail -2 | head -1
  ecspresso revisions --output json
  ecspresso revisions --output table --all --timeout 20m
  ecspresso revisions --revision current

Without --output: a table on a terminal, else the numbers, one a line, ascending.
A table of all takes a call for each revision, 20 a second: of 10,000, nine minutes.

${renderExitCodes(COMMAND_ENDINGS.revisions)}`;

/** `ecspresso revisions`: which form, or which one revision. */
export function defineRevisions(command: ProgramCommand, context: Context): void {
  command
    .addOption(
      new Option("--output <format>", "table; tsv: its columns with tabs and no heading; json: an array of the numbers")
        .choices(["table", "json", "tsv"]),
    )
    .option("--all", "describe all of them in the table and in tsv, not only the newest 100")
    .option("--revision <revision>", "print one as JSON: a number, current (what the service runs) or latest")
    .addHelpText("after", EXAMPLES)
    .action(async ({ output, revision, all = false }, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      if (output !== undefined && output !== "json" && revision !== undefined) {
        throw new UsageError(`--output ${output} cannot be used with --revision`, "one revision is printed as JSON");
      }
      if (all && revision !== undefined) throw new UsageError("--all cannot be used with --revision, which names one");
      const shown = revision === undefined || revision === "current" || revision === "latest"
        ? revision
        : parseRevision(revision);
      const { runAction } = await import("../session/run_action.ts");
      const { listRevisions, showRevision } = await import("./list_revisions.ts");
      await runAction(
        context,
        globals,
        (session) => shown === undefined ? listRevisions(session, output, all) : showRevision(session, shown),
      );
    });
}
