import { UsageError } from "../errors.ts";
import { NO_REVISION, WITH_AWS } from "../report/exit_code.ts";
import { verifyDefinitions } from "../session/definitions/verify_definitions.ts";
import { defineCommand } from "./define_command.ts";
import { parseRevision } from "./options.ts";

export const define = defineCommand({
  options: (command) =>
    command.option(
      "--revision <number>",
      "a registered revision of the family (default: the file of the config)",
      parseRevision,
    )
      .option(
        "--deep",
        "also whether the execution role may read it, keys can be used, and subnets have free addresses",
      ),
  endings: {
    ...WITH_AWS,
    ok: "nothing is known to be missing",
    refused: `something is missing or does not fit, so that tasks would not start; or ${NO_REVISION}`,
  },
  help: `
Examples:
  ecspresso verify --revision 3      (before rolling back to it)
  ecspresso verify                   (before deploying the file)
  ecspresso verify --deep            (also permissions, keys and addresses)`,
  run: async ({ revision, deep = false }, { open }) => {
    const sessions = await open();
    if (revision === undefined || sessions.length === 1) return await verifyDefinitions(sessions, revision, deep);
    throw new UsageError("--revision is a number of one family, and there are many services", "leave it out");
  },
});
