import { NO_REVISION, WITH_AWS } from "../report/exit_code.ts";
import { compareDefinitions } from "../session/definitions/compare_definitions.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { defineCommand } from "./define_command.ts";
import { parseRevision, showValuesOption } from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  endings: {
    ...WITH_AWS,
    ok: "compared; with --exit-code: no differences",
    refused: NO_REVISION,
    differences: "with --exit-code: there are differences",
  },
  help: `
Examples:
  ecspresso diff
  ecspresso diff --revision 3
  ecspresso diff --exit-code
  ecspresso diff --show-values

Of environment variables and of values that were looked up, only whether they
differ is shown; render and revisions --revision print whole definitions.
A tag that names another image today than the one that runs is a difference.`,
  takesOneService: true,
  run: async (options, { openOne }) => await compareDefinitions(await openOne(), options),
});

function addOptions(command: ProgramCommand) {
  return command
    .option(
      "--revision <number>",
      "compare the file with this registered task definition, and no service",
      parseRevision,
    )
    .option("--exit-code", "exit with 9 when there are differences")
    .addOption(showValuesOption());
}
