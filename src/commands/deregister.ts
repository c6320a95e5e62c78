import { UsageError } from "../errors.ts";
import type { Selection } from "../registry/plan_deregister.ts";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { requireDryRun } from "./require_dry_run.ts";
import { parseCount, parseRevision } from "../session/parse_number.ts";

const EXAMPLES = `
Examples:
  ecspresso deregister --revision 3
  ecspresso deregister --keeps 10 --dry-run
  ecspresso deregister --keeps 10 --delete --force

What a service, a deployment or a running task of this cluster uses is never deregistered. It is
looked for again just before each one. Other clusters are not looked at.

${renderExitCodes(COMMAND_ENDINGS.deregister)}`;

/** `ecspresso deregister`: which revisions, and whether to ask. */
export function defineDeregister(command: ProgramCommand, context: Context): void {
  command
    .option("--revision <number>", "the revision to deregister, or latest")
    .option("--keeps <number>", "deregister all that are not in use, but for the newest so many of them")
    .option("--delete", "delete them, too; with --keeps also those that were deregistered before")
    .option(
      "--force",
      "ask nothing, and go on where there is no such service (without a terminal on stdin nothing is asked anyway)",
    )
    .option("--dry-run", "print what would be deregistered and change nothing")
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      requireDryRun("deregister", globals, options.dryRun);
      const selection = readSelection(options.revision, options.keeps);
      const { runAction } = await import("../session/run_action.ts");
      const { deregisterRevisions } = await import("./deregister_revisions.ts");
      await runAction(context, globals, (session) =>
        deregisterRevisions(session, {
          selection,
          deletes: options.delete ?? false,
          force: options.force ?? false,
          dryRun: options.dryRun ?? false,
        }));
    });
}

function readSelection(revision: string | undefined, keeps: string | undefined): Selection {
  if ((revision === undefined) === (keeps === undefined)) {
    throw new UsageError(
      revision === undefined
        ? "deregister needs --revision or --keeps: what is to be deregistered"
        : "--revision cannot be used with --keeps",
      "for example: ecspresso deregister --revision 3, or: ecspresso deregister --keeps 10",
    );
  }
  if (keeps !== undefined) return { kind: "allBut", keeps: parseCount("--keeps", keeps) };
  if (revision === "latest") return { kind: "latest" };
  return { kind: "revision", revision: parseRevision(revision ?? "") };
}
