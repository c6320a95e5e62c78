import { UsageError } from "../errors.ts";
import { NOT_WRITTEN, WITH_DEPLOYMENT } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { changesNothing, scaleService } from "../session/plans/scale_service.ts";
import { defineCommand } from "./define_command.ts";
import { addReportOptions, failAfterOption, parseCount, waitOption } from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso scale --tasks 6": "six tasks, within the limits of auto scaling",
    "ecspresso scale --tasks 30 --auto-scaling-max 40": "with another limit",
    "ecspresso scale --suspend-auto-scaling": "auto scaling leaves the number alone",
    "ecspresso scale --resume-auto-scaling": "auto scaling works again, as before",
  },
  endings: {
    ...WITH_DEPLOYMENT,
    ok: "scaled, nothing to do, or a dry run",
    refused: "auto scaling would undo it, it has no number of tasks, or there is no such service",
    deploymentFailed:
      "the deployment did not succeed: it failed, somebody else's took over, or the service is deleted (ecspresso status " +
      "says what runs now)",
    timedOut: "timed out: ECS keeps trying",
    incomplete: `done, but something is left to do (the log has the command); or ${NOT_WRITTEN}`,
  },
  help: "",
  conflicts: {
    "--suspend-auto-scaling --resume-auto-scaling --no-wait": "nobody would see when to resume",
    "--fail-after --no-wait": "nobody would see how it ends",
  },
  takesOneService: true,
  run: async (options, { openOne }) => {
    if (changesNothing(options)) {
      throw new UsageError(
        "scale is given nothing to change",
        "add --tasks, or an option for auto scaling (see --help)",
      );
    }
    return await scaleService(await openOne(), options);
  },
});

function addOptions(command: ProgramCommand) {
  const how = command.optionsGroup("What is changed:")
    .option("--tasks <number>", "the number of tasks", parseNumber("--tasks"))
    .option(
      "--auto-scaling-min <number>",
      "the least that auto scaling goes down to",
      parseNumber("--auto-scaling-min"),
    )
    .option("--auto-scaling-max <number>", "the most that auto scaling goes up to", parseNumber("--auto-scaling-max"))
    .option("--suspend-auto-scaling", "suspend all scaling of the service; it stays so until it is resumed")
    .option("--resume-auto-scaling", "put scaling back as it was before it was suspended; with both: once --tasks run")
    .optionsGroup("How:")
    .option("--dry-run", "print the plan, and change nothing")
    .addOption(waitOption())
    .option("--no-wait", "end once ECS has accepted the order")
    .addOption(failAfterOption("0"));
  return addReportOptions(how);
}

const parseNumber = (option: string) => parseCount(option, "a whole number", 0);
