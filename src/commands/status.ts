import { WITH_AWS } from "../report/exit_code.ts";
import { showStatus } from "../session/show_status.ts";
import { defineCommand } from "./define_command.ts";
import { logsOption, parseCount } from "./options.ts";

const DEFAULT_EVENTS = 10;

export const define = defineCommand({
  options: (command) =>
    command
      .option("--events <number>", `how many events to show (default: ${DEFAULT_EVENTS})`, parseCount("--events"))
      .addOption(logsOption()),
  examples: {
    "ecspresso status": "what runs, what fails and why",
    "ecspresso status --events 50": "with more of ECS's events",
    "ecspresso status --cluster prod --service '*'": "many services",
    "ecspresso history": "what ran before",
  },
  endings: { ...WITH_AWS, ok: "shown", refused: "there is no such service" },
  help: "",
  run: async ({ events = DEFAULT_EVENTS, logs }, { open }) => await showStatus(await open(), { events, logs }),
});
