import { WITH_AWS } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { defineCommand } from "./define_command.ts";
import { showValuesOption } from "./options.ts";
import { registerDefinition } from "../session/definitions/register_definition.ts";

export const define = defineCommand({
  options: addOptions,
  endings: {
    ...WITH_AWS,
    ok: "registered, or a dry run",
    incomplete: "registered, but the ARN could not be written to the file; or the result could not be written",
  },
  help: `
Examples:
  ecspresso register
  ecspresso register --dry-run
  ecspresso register --output taskdef.arn

A dry run hides values that were looked up; render taskdef prints them.`,
  writes: ({ output }) => output === undefined ? [] : [output],
  takesOneService: true,
  run: async (options, { openOne }) => await registerDefinition(await openOne(), options),
});

function addOptions(command: ProgramCommand) {
  return command
    .option("--dry-run", "print what would be registered, as JSON, and change nothing")
    .option("--output <file>", "write the ARN of the registered task definition to a file, - for stdout")
    .addOption(showValuesOption());
}
