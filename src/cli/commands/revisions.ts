import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import type { ProgramCommand } from "../add_commands.ts";
import type { Context } from "../context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../exit_code_table.ts";
import { resolveGlobalOptions } from "../global_options.ts";
import { parseRevision } from "../parse_number.ts";

const EXAMPLES = `
Examples:
  ecspresso revisions
  ecspresso revisions | sort -n | tail -2 | head -1
  ecspresso revisions --output json
  ecspresso revisions --revision current

Without --output: a table on a terminal, else the numbers, one a line, ascending.

${renderExitCodes(COMMAND_ENDINGS.revisions)}`;

/** `ecspresso revisions`: which form, or which one revision. */
export function defineRevisions(command: ProgramCommand, context: Context): void {
  command
    .addOption(
      new Option("--output <format>", "table; tsv: its columns with tabs and no heading; json: an array of the numbers")
        .choices(["table", "json", "tsv"]),
    )
    .option("--revision <revision>", "print one as JSON: a number, current (what the service runs) or latest")
    .addHelpText("after", EXAMPLES)
    .action(async ({ output, revision }, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      if (output !== undefined && output !== "json" && revision !== undefined) {
        throw new UsageError(`--output ${output} cannot be used with --revision`, "one revision is printed as JSON");
      }
      const shown = revision === undefined || revision === "current" || revision === "latest"
        ? revision
        : parseRevision(revision);
      const { runAction } = await import("../session.ts");
      const { listRevisions, showRevision } = await import("../actions/list_revisions.ts");
      await runAction(
        context,
        globals,
        (session) => shown === undefined ? listRevisions(session, output) : showRevision(session, shown),
      );
    });
}
