import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { WITH_DEPLOYMENT } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { canPick, explainMissingRevision } from "../session/plans/ask_person.ts";
import { rollBack, rollBackToPicked } from "../session/plans/plan_rollbacks.ts";
import { HOW_CONFLICTS } from "../session/rollback_conflicts.ts";
import { mayMeanMany } from "../session/service_options.ts";
import { defineCommand } from "./define_command.ts";
import {
  addManyOptions,
  addReportOptions,
  alarmOption,
  AND_IN_TAG,
  bakeOption,
  BREAKERS,
  failAfterOption,
  parseHold,
  preflightOption,
  refuseAlarmAlone,
  resumeOption,
  suspendOption,
  waitOption,
} from "./options.ts";
import { addTargetOptions, readTarget, refuseNumbers, SAY_WHERE } from "./rollback_target.ts";

const ONE_TARGET = "each says where to go back to";

/** Options that are refused beside `--plan`: the plan file has the revisions, and what becomes of the services. */
const IN_PLAN_FILE = [
  ...["--revision", "--min-served", "--at", "--image-tag", "--deployment", "--from", "--if-deployed-within"],
  ...["--config", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--allow-unproven", "--pin", "--restore", "--preflight", "--reregister", "--no-wait"],
  ...["--fast", "--suspend-auto-scaling", "--resume-auto-scaling", "--deregister", "--plan-out"],
];

/** Options that cannot be used together, and why not. */
const CONFLICTS: Readonly<Record<string, string>> = {
  "--revision --at": ONE_TARGET,
  "--revision --image-tag": ONE_TARGET,
  "--revision --deployment": ONE_TARGET,
  "--at --image-tag": ONE_TARGET,
  "--at --deployment": ONE_TARGET,
  "--image-tag --deployment": ONE_TARGET,
  ...Object.fromEntries(IN_PLAN_FILE.map((option) => [`--plan ${option}`, "the plan file says it"])),
  ...HOW_CONFLICTS,
};

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso rollback --revision previous --dry-run": "the plan only",
    "ecspresso rollback --revision previous": "what ran before",
    "ecspresso rollback --revision 3": "revision 3",
    "ecspresso rollback": "pick from a list",
    "ecspresso rollback --config 'ecs/*.yml' --revision previous": "many at once",
    "ecspresso rollback --revision previous --bake 5m": "did it help?",
  },
  endings: {
    ...WITH_DEPLOYMENT,
    ok: "rolled back, nothing to do, or a dry run; with --bake, also where nothing shows whether it helped",
    refused: true,
    aws: true,
    deploymentFailed:
      "the deployment failed (ecspresso status says why; then another revision: --revision stable, or " +
      "a number), somebody else's took over (hold keeps CI off), or the service is deleted; of many services, that of " +
      "at least one",
    incomplete: true,
    didNotHelp: "with --bake: rolled back, and it did not help",
  },
  help: `
More examples:
  ecspresso rollback --config ecspresso.yml --revision 3 --dry-run
  ecspresso rollback --config ecspresso.yml --revision previous --from 5
  ecspresso rollback --config ecspresso.yml --revision stable --min-served 1h
  ecspresso rollback --config ecspresso.yml --at '2026-11-24 18:00'
  ecspresso rollback --config ecspresso.yml --image-tag v1.4.2
  ecspresso rollback --config ecspresso.yml --revision 3 --restore service
  ecspresso rollback --config ecspresso.yml --revision 3 --deregister
  ecspresso rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling

If ECS has rolled back by itself already, previous is what runs, and nothing is done. For one service, a second rollback to
previous within an hour is refused, and so is a target with no record of having run; on a terminal, ecspresso asks instead.

Without a target, ecspresso lists the deployments, asks for one, shows the plan, and asks again. That needs a person at a
terminal: piped, in CI (the variable CI is set) and with --output json it is an error. No other rollback asks.`,
  conflicts: CONFLICTS,
  writes: ({ planOut }) => planOut === undefined ? [] : [planOut],
  async run(typed, { context, globals, start, open }) {
    const options = { ...typed, givenTimeoutMs: globals.timeoutMs };
    if (typed.plan !== undefined) {
      const { runPlanFile } = await import("../session/plans/run_plan_file.ts");
      return await runPlanFile(typed.plan, options, globals.services.names, { start, open });
    }
    refuseAlarmAlone(options);
    const target = readTarget(options, context.host.clock.now());
    if (target !== undefined) {
      const sessions = await open();
      if (sessions.length > 1) refuseNumbers(target, options.from);
      const staysBack = sessions.length > 1 || mayMeanMany(globals.services);
      const goal = { choice: target, from: options.from, staysBack };
      return await rollBack(sessions, new Map(sessions.map((session) => [session, goal])), options);
    }
    const { host, reporter: { isRecorded } } = context;
    if (!canPick(host, isRecorded || globals.logFormat === "json")) throw await explainMissingRevision(host.args, open);
    const [session, ...others] = await open();
    if (others.length > 0) {
      throw new UsageError("many services are rolled back only to what an option names", SAY_WHERE);
    }
    return await rollBackToPicked(session!, options.from, options);
  },
});

/** Adds the options of `rollback`, in groups: where to, what starts there, how. */
function addOptions(command: ProgramCommand) {
  return addHowOptions(addStartOptions(addTargetOptions(command)));
}

function addStartOptions(command: ReturnType<typeof addTargetOptions>) {
  return command.optionsGroup("What starts there:")
    .addOption(
      new Option(
        "--pin <policy>",
        "where tags have moved: auto registers a copy that names the digests that ran; always: of each image whose digest is " +
          "known; never: starts what the tags name today",
      ).choices(["auto", "never", "always"]).default("auto" as const),
    )
    .addOption(
      new Option(
        "--restore <what>",
        "the settings with which the revision ran (network, load balancers, volumes ...): warn says which differ; service " +
          "restores them; none says nothing",
      ).choices(["warn", "service", "none"]).default("warn" as const),
    )
    .addOption(preflightOption())
    .option("--reregister", "if the revision is deregistered, register a copy of it and roll back to that");
}

const THEN_BAKE =
  "then watch its alarms and load balancers so long, and say whether it helped; on top of --timeout, and of ECS's own " +
  "bake time";

function addHowOptions(command: ReturnType<typeof addStartOptions>) {
  const how = command.optionsGroup("How:")
    .option("--dry-run", "print the plan and change nothing")
    .option(
      "--plan-out <file>",
      "write the plan to a new file before carrying it out (with --dry-run: instead), for a review, or to go on with it " +
        "after whatever happens",
    )
    .option(
      "--plan <file>",
      "carry out the plan in a file; refuses a service that has changed since; may be repeated until all is done",
    )
    .addOption(waitOption())
    .option(
      "--no-wait",
      "end once ECS has accepted the order, and leave the rest to ECS; not with --deregister, --fast or both scaling " +
        "options",
    )
    .option(
      "--fast",
      "blue/green, linear, canary: without bake time, hooks (approvals) and traffic steps, which are restored afterwards; " +
        "if this run dies: status shows the command that restores them",
    )
    .addOption(failAfterOption(`0; for several services: ${BREAKERS}`))
    .addOption(suspendOption())
    .addOption(resumeOption())
    .option(
      "--deregister",
      "after the rollback, deregister the task definition that was current before it, unless it is in use",
    )
    .option(
      "--hold <duration>",
      "afterwards, deploy refuses the service for this long (see hold)",
      parseHold("--hold"),
    )
    .addOption(bakeOption(THEN_BAKE))
    .addOption(alarmOption());
  return addManyOptions(addReportOptions(how, AND_IN_TAG), "continue");
}
