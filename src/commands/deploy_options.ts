import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import type { DeployOptions } from "../rollout/plan/plan.ts";
import { ROLLBACK_EVENTS, type RollbackEvent } from "../rollout/assess.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import {
  checkShowsValues,
  type OutputFormat,
  outputOption,
  parseRevision,
  parseTasks,
  resumeOption,
  showValuesOption,
  suspendOption,
  untilOption,
  waitOption,
} from "./options.ts";

/** Adds the options of `deploy`. */
export function addDeployOptions(command: ProgramCommand) {
  return command
    .option("--dry-run", "print the plan and the differences, and change nothing")
    .addOption(waitOption())
    .option(
      "--no-wait",
      "end once ECS has accepted the order; not with --rollback-events, --deregister-failed or both scaling options",
    )
    .option("--force-new-deployment", "start a deployment also where nothing differs")
    .option("--skip-task-definition", "ship the task definition that the service runs")
    .option("--latest-task-definition", "ship the newest registered task definition")
    .option("--revision <number>", "ship this registered revision of the family")
    .option("--force-register", "register the task definition also where it says the same as the newest one")
    .option("--update-service", "bring the service to what the service definition says (default)")
    .option("--no-update-service", "leave the service's own attributes as they are")
    .option(
      "--tasks <number>",
      "the number of tasks, or -1 to leave it as it is (default: the service definition's, else as it is)",
    )
    .addOption(
      untilOption(
        "--wait-until <state>",
        "stable: completed, and all its tasks run, or as many as earlySuccessCriteria asks for; deployed: completed",
      ),
    )
    .addOption(rollbackEventsOption())
    .option(
      "--deregister-failed",
      "deregister what was registered for a deploy that failed or was refused, once nothing uses it",
    )
    .addOption(suspendOption())
    .addOption(resumeOption())
    .addOption(outputOption())
    .addOption(showValuesOption());
}

function rollbackEventsOption() {
  return new Option("--rollback-events <event,...>", "roll the deploy back at these, comma-separated")
    .choices(ROLLBACK_EVENTS)
    // The choices are for the help and for shells; readDeployRequest reads the list.
    .argParser((text: string) => text);
}

type DeployOptionValues = ReturnType<ReturnType<typeof addDeployOptions>["opts"]>;

export interface DeployRequest extends DeployOptions {
  readonly dryRun: boolean;
  readonly output: OutputFormat;
  readonly showsValues: boolean;
  /** Which task definition: the one of the file, the one that runs, the newest one, or one by its number. */
  readonly ships: "file" | "current" | "latest" | { readonly revision: number };
  readonly forceRegister: boolean;
  readonly updatesService: boolean;
  readonly rollbackEvents: ReadonlySet<RollbackEvent>;
  /** Deregister what was registered for a deploy that failed, once nothing uses it. */
  readonly deregistersFailed: boolean;
}

/** What the options of deploy mean. Throws a UsageError for what cannot be done as typed. */
export function readDeployRequest(options: DeployOptionValues): DeployRequest {
  const { wait = true, suspendAutoScaling = false, resumeAutoScaling = false } = options;
  checkWaiting(wait, options.rollbackEvents !== undefined, "--rollback-events");
  checkWaiting(wait, options.deregisterFailed ?? false, "--deregister-failed");
  checkWaiting(wait, suspendAutoScaling && resumeAutoScaling, "--suspend-auto-scaling with --resume-auto-scaling");
  checkShowsValues(options.showValues ?? false, options.dryRun ?? false, options.output);
  return {
    ships: chooseShipped(options),
    output: options.output,
    showsValues: options.showValues ?? false,
    rollbackEvents: parseEvents(options.rollbackEvents),
    tasks: options.tasks === undefined ? undefined : parseTasks(options.tasks),
    wait,
    until: options.waitUntil,
    force: options.forceNewDeployment ?? false,
    forceRegister: options.forceRegister ?? false,
    updatesService: options.updateService ?? true,
    deregistersFailed: options.deregisterFailed ?? false,
    dryRun: options.dryRun ?? false,
    suspendAutoScaling,
    resumeAutoScaling,
  };
}

function checkWaiting(waits: boolean, isGiven: boolean, option: string): void {
  if (waits || !isGiven) return;
  throw new UsageError(
    `${option} cannot be used with --no-wait: nobody would see how the deployment ends`,
    "leave out one of the two",
  );
}

// Kayac's ecspresso reads --skip-task-definition as "register nothing", with which a revision may be named: its
// documentation has `--skip-task-definition --revision 10`. Alone it means what the service runs.
function chooseShipped(
  { skipTaskDefinition, latestTaskDefinition, revision, forceRegister }: DeployOptionValues,
): DeployRequest["ships"] {
  const isNamed = latestTaskDefinition || revision !== undefined;
  const given = [
    skipTaskDefinition && (forceRegister || !isNamed) && "--skip-task-definition",
    latestTaskDefinition && "--latest-task-definition",
    revision !== undefined && "--revision",
    forceRegister && "--force-register",
  ].filter((option) => typeof option === "string");
  if (given.length > 1) throw new UsageError(`${given.join(" and ")} cannot be used together`, "leave out all but one");
  if (revision !== undefined) return { revision: parseRevision(revision) };
  if (latestTaskDefinition) return "latest";
  return skipTaskDefinition ? "current" : "file";
}

function parseEvents(text: string | undefined): ReadonlySet<RollbackEvent> {
  const names = text === undefined ? [] : text.split(",").map((name) => name.trim());
  return new Set(names.map((name) => {
    const event = ROLLBACK_EVENTS.find((known) => known === name);
    if (event !== undefined) return event;
    throw new UsageError(
      `--rollback-events has no ${JSON.stringify(name.slice(0, 60))}`,
      `write one or more of ${ROLLBACK_EVENTS.join(", ")}, comma-separated`,
    );
  }));
}
