import { WITH_DEPLOYMENT } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { planWaits } from "../session/plans/plan_waits.ts";
import { runPlans } from "../session/run_plans.ts";
import { defineCommand } from "./define_command.ts";
import {
  alarmOption,
  bakeOption,
  failAfterOption,
  logsOption,
  outputOption,
  refuseAlarmAlone,
  untilOption,
} from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso wait": "exit with 6 if it fails",
    "ecspresso wait --timeout 20m": "for 20 minutes at most",
    "ecspresso wait --cluster prod --service 'api-*'": "for many",
    "ecspresso wait --until deployed": "do not wait for all tasks",
    "ecspresso wait --until traffic-shifted": "do not wait for the bake time",
    "ecspresso wait --bake 5m": "did the last rollback help?",
  },
  endings: {
    ...WITH_DEPLOYMENT,
    ok: "the service is stable (or deployed); with --bake, also where nothing shows whether that helped",
    refused: "there is no such service, or another system deploys it",
    didNotHelp: "with --bake: the service is stable, and that did not help",
  },
  help: "",
  conflicts: { "--bake --until=traffic-shifted": "it is watched once the deployment is completed" },
  run: async (options, { open }) => {
    const sessions = await open();
    refuseAlarmAlone(options);
    return await runPlans(sessions, await planWaits(sessions, options), { logs: options.logs });
  },
});

const UNTIL =
  "stable: completed, and all its tasks run; deployed: completed; traffic-shifted: all production traffic has " +
  "moved, where the deployment shifts it";

const BAKE =
  "say whether the last deployment, such as a rollback, has helped: compare alarms and load balancers before it with at " +
  "least this long after it; works later, too";

function addOptions(command: ProgramCommand) {
  return command.optionsGroup("What is waited for:")
    .addOption(untilOption("--until <state>", UNTIL, "traffic-shifted"))
    .addOption(failAfterOption("0"))
    .addOption(bakeOption(BAKE))
    .addOption(alarmOption())
    .optionsGroup("How it is shown:")
    .addOption(logsOption())
    .addOption(outputOption());
}
