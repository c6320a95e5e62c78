import { UsageError } from "../errors.ts";
import { ANSWERED } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { holdServices } from "../session/hold_services.ts";
import { defineCommand } from "./define_command.ts";
import { AND_IN_TAG, parseHold, reasonOption } from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso hold --for 2h --reason 'INC-42: 1.9 leaks memory'": "for two hours, ecspresso deploy refuses it",
    "ecspresso hold --release": "it may be deployed again",
  },
  endings: {
    ...ANSWERED,
    ok: "held, released, or a dry run",
    refused: "there is no such service; of many services, one is enough: the others are still held or released",
  },
  help: `
A tag on the service (ecspresso:hold) says who, why and until when; it ends by itself. deploy refuses a held service (exit
code 4) unless --override-hold is given; rollback and scale do not. status and history show it. Other tools, such as
kayac/ecspresso, the AWS CLI and the console, are kept off by an IAM statement only: docs/companions.md has one.`,
  conflicts: { "--for --release": "one begins a hold, the other ends it" },
  run: async (options, { open }) => {
    if (options.for === undefined && !options.release) {
      throw new UsageError("hold takes --for, or --release", "for example: ecspresso hold --for 2h");
    }
    return await holdServices(await open(), { ...options, forMs: options.for });
  },
});

function addOptions(command: ProgramCommand) {
  return command
    .option("--for <duration>", "how long what runs is to stay: 2h, 30m, 90 (seconds)", parseHold("--for"))
    .option("--release", "end the hold now")
    .option("--dry-run", "say what would be done, and change nothing")
    .addOption(reasonOption(AND_IN_TAG));
}
