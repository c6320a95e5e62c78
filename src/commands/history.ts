import { WITH_AWS } from "../report/exit_code.ts";
import { showHistory } from "../session/show_history.ts";
import { defineCommand } from "./define_command.ts";
import { formatOption, sinceOption } from "./options.ts";

export const define = defineCommand({
  options: (command) =>
    command
      .addOption(
        formatOption(
          "table; tsv: its columns with tabs, times in ISO 8601, seconds, no heading; json: an object a line",
        ),
      )
      .addOption(sinceOption()),
  endings: { ...WITH_AWS, ok: "listed", refused: "there is no such service" },
  help: `
Examples:
  ecspresso history
  ecspresso history --since 7d
  ecspresso history --since '2026-11-24 18:00' --output json
  ecspresso history --output tsv | cut -f 4,6

Without --output: a table on a terminal, else tsv.
It goes by the record that ECS keeps of the deployments of the last 90 days.`,
  run: async ({ output, since }, { open }) => await showHistory(await open(), output, since),
});
