import { UsageError } from "../errors.ts";
import { NO_REVISION, WITH_AWS } from "../report/exit_code.ts";
import { defineCommand } from "./define_command.ts";
import { showHistory } from "../session/show_history.ts";
import { formatOption, parseRevision, sinceOption } from "./options.ts";
import { listRevisions, type ShownRevision, showRevision } from "../session/definitions/list_revisions.ts";

const ONE_AS_JSON = "one revision is printed as JSON";

export const define = defineCommand({
  options: (command) =>
    command.optionsGroup("How it is printed:")
      .addOption(formatOption("table; tsv: its columns with tabs and no heading; json: an array of the numbers"))
      .optionsGroup("What is listed:")
      .option("--deployments", "list what really ran instead, as history does")
      .addOption(sinceOption())
      .option("--all", "describe all of them in the table and in tsv, not only the newest 100")
      .option(
        "--revision <revision>",
        "print one as JSON: a number, current (what the service runs) or latest",
        parseShownRevision,
      ),
  endings: { ...WITH_AWS, ok: "listed, or printed", refused: NO_REVISION },
  help: `
Examples:
  ecspresso revisions
  ecspresso revisions --output json
  ecspresso revisions --output table --all --timeout 20m
  ecspresso revisions --revision current
  ecspresso revisions --deployments --since 7d

SERVED: how long each has served in all, by ECS's record. MARKS: current is what runs; previous and stable are where
rollback --revision previous and --revision stable go, with ? where that is asked about first (refused without a terminal).
Known good is what is marked stable: the newest before what runs that has served for 15 minutes.

Without --output: a table on a terminal, else the numbers, one a line, ascending; --output table has the marks in a pipe,
too. A table of all takes a call for each revision, 20 a second: of 10,000, nine minutes.`,
  conflicts: {
    "--output=table --revision": ONE_AS_JSON,
    "--output=tsv --revision": ONE_AS_JSON,
    "--all --revision": ONE_AS_JSON,
    "--deployments --revision": "a deployment is not a revision",
    "--deployments --all": "all deployments are listed anyway",
  },
  takesOneService: true,
  async run({ output, revision, all, deployments, since }, { openOne }) {
    if (since !== undefined && !deployments) {
      throw new UsageError("--since is for what really ran", "add --deployments, or leave it out");
    }
    const session = await openOne();
    if (deployments) return await showHistory([session], output, since);
    return revision === undefined ? await listRevisions(session, output, all) : await showRevision(session, revision);
  },
});

function parseShownRevision(text: string): ShownRevision {
  return text === "current" || text === "latest" ? text : parseRevision(text);
}
