import { UsageError } from "../errors.ts";
import type { Selection } from "../registry/plan_deregister.ts";
import { WITH_AWS } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { defineCommand } from "./define_command.ts";
import { parseCount, parseRevision } from "./options.ts";
import { deregisterRevisions } from "../session/definitions/deregister_revisions.ts";

export const define = defineCommand({
  options: addOptions,
  endings: {
    ...WITH_AWS,
    ok: "done, nothing to do, or a dry run",
    refused: "in use, not registered, not confirmed, or no such service: nothing was changed",
    incomplete:
      "some are left: they came into use meanwhile, or AWS refused to delete them; or the result could not be " +
      "written",
  },
  help: `
Examples:
  ecspresso deregister --revision 3
  ecspresso deregister --keeps 10 --dry-run
  ecspresso deregister --keeps 10 --delete --force

What a service, a deployment or a running task of this cluster uses is never deregistered. It is
looked for again just before each one. Other clusters are not looked at.`,
  conflicts: { "--revision --keeps": "each says what is deregistered" },
  takesOneService: true,
  async run(options, { openOne }) {
    const selection = options.revision ?? options.keeps;
    if (selection !== undefined) return await deregisterRevisions(await openOne(), selection, options);
    throw new UsageError(
      "deregister needs --revision or --keeps",
      "for example: ecspresso deregister --revision 3, or: ecspresso deregister --keeps 10",
    );
  },
});

function addOptions(command: ProgramCommand) {
  return command.optionsGroup("Which:")
    .option("--revision <number>", "the revision to deregister, or latest", parseSelected)
    .option(
      "--keeps <number>",
      "deregister those that are not in use, but keep this many of them, the newest",
      (text: string): Selection => ({ kind: "allBut", keeps: parseCount("--keeps")(text) }),
    )
    .optionsGroup("How:")
    .option("--delete", "delete them, too; with --keeps also those that were deregistered before")
    .option(
      "--force",
      "ask nothing, and go on where there is no such service (without a terminal on stdin nothing is asked anyway)",
    )
    .option("--dry-run", "print what would be deregistered and change nothing");
}

function parseSelected(text: string): Selection {
  return text === "latest" ? { kind: "latest" } : { kind: "revision", revision: parseRevision(text) };
}
