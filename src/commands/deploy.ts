import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { WITH_DEPLOYMENT } from "../report/exit_code.ts";
import { ROLLBACK_EVENTS, type RollbackEvent } from "../rollout/judge/assess.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { type DeployRequest, planDeploys } from "../session/plans/plan_deploys.ts";
import { defaultFailAfter, policyOf } from "../session/policy.ts";
import { runPlans } from "../session/run_plans.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import {
  addManyOptions,
  addReportOptions,
  BREAKERS,
  failAfterOption,
  parseCount,
  parseRevision,
  preflightOption,
  resumeOption,
  showValuesOption,
  suspendOption,
  untilOption,
  waitOption,
} from "./options.ts";

const UNSEEN = "nobody would see how the deployment ends";
const TWO_SOURCES = "each says what is deployed";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso deploy --dry-run": "show the plan only",
    "ecspresso deploy": "deploy the files",
    "ecspresso deploy --rollback-events DEPLOYMENT_FAILURE": "roll back if it fails",
  },
  endings: {
    ...WITH_DEPLOYMENT,
    ok: "deployed, nothing to do, or a dry run",
    refused: true,
    deploymentFailed:
      "the deployment failed, also where it was then rolled back (the last lines say), somebody else's took over, or the " +
      "service is deleted (ecspresso status says what runs now); of many services, that of at least one",
    incomplete: true,
  },
  help: `
More examples:
  ecspresso deploy --config ecspresso.yml --revision 3
  ecspresso deploy --skip-task-definition --force-new-deployment
  ecspresso deploy --tasks 4 --suspend-auto-scaling --resume-auto-scaling

Where one of many services fails, those that are deployed stay so, and the last line has the command that rolls them
back, too; with --on-failure undo the run does so by itself.`,
  conflicts: {
    "--rollback-events --no-wait": UNSEEN,
    "--fail-after --no-wait": UNSEEN,
    "--deregister-failed --no-wait": UNSEEN,
    "--suspend-auto-scaling --resume-auto-scaling --no-wait": UNSEEN,
    "--show-values --output=json": "no event has values",
    "--latest-task-definition --revision": TWO_SOURCES,
    "--latest-task-definition --force-register": TWO_SOURCES,
    "--skip-task-definition --force-register": TWO_SOURCES,
    "--revision --force-register": TWO_SOURCES,
  },
  run: async (options, { open }) => {
    const sessions = await open();
    const request = readRequest(options, sessions.length);
    return await runPlans(sessions, await planDeploys(sessions, request), policyOf(request));
  },
});

const AS_BREAKER = `with DEPLOYMENT_FAILURE or several services: ${BREAKERS}; else 0`;

/** Adds the options of `deploy`, in groups: what, what if it fails, how. */
function addOptions(command: ProgramCommand) {
  return addHowOptions(addIfFailsOptions(addWhatOptions(command)));
}

/** Turns options into the plan's request. Throws a UsageError for options that do not fit each other or the number of services. */
function readRequest(options: OptionsOf<typeof addOptions>, services: number): DeployRequest {
  const { waitUntil: until, forceNewDeployment: force, deregisterFailed: deregistersFailed } = options;
  const { tasks, rollbackEvents = new Set() } = options;
  const goesBack = rollbackEvents.size > 0;
  if (options.onFailure === "undo" && !goesBack) {
    throw new UsageError("--on-failure undo needs --rollback-events, which says when a deploy goes back", "add it");
  }
  if (services > 1) refuseNumbers(options);
  // A release that failed on one service must not be brought to the next.
  const onFailure = options.onFailure ?? (goesBack ? "undo" as const : "stop" as const);
  const failAfter = options.failAfter ??
    (rollbackEvents.has("DEPLOYMENT_FAILURE") ? "breaker" : defaultFailAfter(services, options.wait));
  return { ...options, until, force, tasks, rollbackEvents, failAfter, onFailure, deregistersFailed };
}

/** Refuses numbers that only make sense for one service, if there are many. */
function refuseNumbers({ revision, tasks }: OptionsOf<typeof addOptions>): void {
  const isNumber = typeof tasks === "number";
  if (revision === undefined && !isNumber) return;
  throw new UsageError(
    `${isNumber ? "--tasks" : "--revision"} takes a number for one service, and there are many`,
    "leave it out, or name one service",
  );
}

function addWhatOptions(command: ProgramCommand) {
  return command.optionsGroup("What is deployed:")
    .option("--skip-task-definition", "ship the task definition that the service runs")
    .option("--latest-task-definition", "ship the newest registered task definition")
    .option("--revision <number>", "ship this registered revision of the family", parseRevision)
    .addOption(preflightOption("of a registered revision, "))
    .option("--force-register", "register the task definition even if the newest one says the same")
    .option("--update-service", "bring the service to what the service definition says (default)")
    .option("--no-update-service", "leave the service's own attributes as they are")
    .option(
      "--tasks <number>",
      "the number of tasks, or -1 to leave it as it is (default: the service definition's, else as it is)",
      parseTasks,
    )
    .option("--force-new-deployment", "start a deployment even if nothing differs")
    .option("--override-hold", "deploy although somebody holds what runs (see hold)");
}

function addIfFailsOptions(command: ReturnType<typeof addWhatOptions>) {
  return command.optionsGroup("If it fails:")
    .addOption(rollbackEventsOption())
    .addOption(failAfterOption(AS_BREAKER))
    .option(
      "--deregister-failed",
      "deregister what was registered for a deploy that failed or was refused, once nothing uses it",
    );
}

function addHowOptions(command: ReturnType<typeof addIfFailsOptions>) {
  const how = command.optionsGroup("How:")
    .option("--dry-run", "print the plan and the differences, and change nothing")
    .addOption(waitOption())
    .option(
      "--no-wait",
      "end once ECS has accepted the order; not with --rollback-events, --deregister-failed or both scaling options",
    )
    .addOption(
      untilOption(
        "--wait-until <state>",
        "stable: completed, and all its tasks run, or as many as earlySuccessCriteria asks for; deployed: completed",
      ),
    )
    .addOption(suspendOption())
    .addOption(resumeOption());
  return addManyOptions(addReportOptions(how).addOption(showValuesOption()), "stop; undo with --rollback-events");
}

function rollbackEventsOption() {
  return new Option("--rollback-events <event,...>", "roll the deploy back at these, comma-separated")
    .choices(ROLLBACK_EVENTS)
    // The choices are for help and completion: the value is a comma-separated list of them.
    .argParser(parseEvents);
}

/** -1, the default of kayac/ecspresso, leaves the number as it is. */
function parseTasks(text: string): number | "unchanged" {
  return text === "-1" ? "unchanged" : parseCount("--tasks", "a whole number (-1 leaves it as it is)", 0)(text);
}

function parseEvents(text: string): ReadonlySet<RollbackEvent> {
  return new Set(
    text.split(",").map((typed) => {
      const name = typed.trim();
      const event = ROLLBACK_EVENTS.find((known) => known === name);
      if (event !== undefined) return event;
      throw new UsageError(
        `--rollback-events has no ${JSON.stringify(name.slice(0, 60))}`,
        `write one or more of ${ROLLBACK_EVENTS.join(", ")}, comma-separated`,
      );
    }),
  );
}
