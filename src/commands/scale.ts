import { UsageError } from "../errors.ts";
import { type Ending, NOT_WRITTEN, WITH_DEPLOYMENT } from "../report/exit_code.ts";
import { planScale } from "../rollout/plan/plan_scale.ts";
import { readScaleState } from "../rollout/read/read_service.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { reportRefusal } from "../session/report_refusal.ts";
import { runPlans } from "../session/run_plans.ts";
import type { Session } from "../session/session.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { addReportOptions, failAfterOption, parseCount, waitOption } from "./options.ts";
import { reportStarted, showPlan } from "../session/plans/show_plans.ts";

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
  isOfOne: true,
  run: async (options, { openOne }) => {
    if (options.tasks !== undefined || changesScaling(options)) return await scale(await openOne(), options);
    throw new UsageError("scale is given nothing to change", "add --tasks, or an option for auto scaling (see --help)");
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

type ScaleRequest = OptionsOf<typeof addOptions>;

function changesScaling(options: ScaleRequest): boolean {
  return options.suspendAutoScaling || options.resumeAutoScaling ||
    options.autoScalingMin !== undefined || options.autoScalingMax !== undefined;
}

/** Changes the number of tasks, and what auto scaling does about it. Returns the ending. */
async function scale(session: Session, request: ScaleRequest): Promise<Ending> {
  const { dryRun, logs, output, tasks, autoScalingMin, autoScalingMax } = request;
  const { ref, signal, wave } = session;
  reportStarted([session], "scale", request);
  const [ecs, scaling] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const state = await readScaleState({ ref, ecs, signal }, scaling, changesScaling(request));
  const planned = planScale(state, { ...request, tasks, autoScalingMin, autoScalingMax });
  if (planned.kind === "refused") return await reportRefusal(planned.refusal, session);
  const { plan } = planned;
  session.emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  if (dryRun && output === "text") showPlan(plan, session);
  return await runPlans([session], dryRun ? [] : [{ session, ecs, scaling, plan, wave }], { logs });
}
