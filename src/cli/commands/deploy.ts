import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { ROLLBACK_EVENTS, type RollbackEvent } from "../../rollout/rollback_events.ts";
import type { DeployRequest } from "../actions/deploy_service.ts";
import type { Context } from "../context.ts";
import { type Program, resolveGlobalOptions } from "../global_options.ts";
import { parseRevision, parseTasks } from "../parse_number.ts";

const EXAMPLES = `
Examples:
  ecspresso deploy --config ecspresso.yml
  ecspresso deploy --config ecspresso.yml --dry-run
  ecspresso deploy --config ecspresso.yml --rollback-events DEPLOYMENT_FAILURE
  ecspresso deploy --skip-task-definition --force-new-deployment
  ecspresso deploy --tasks 4 --suspend-auto-scaling --resume-auto-scaling

Exit codes:
  0 deployed, or nothing to do         5 AWS refused or could not be reached
  2 usage                              6 the deployment failed (also when it was taken back), was superseded,
  3 config                               or the service went away
  4 refused, nothing was changed       7 timed out, ECS is still at it`;

/** `ecspresso deploy`: what is shipped, and what is done when it fails. */
export function addDeployCommand(program: Program, context: Context): void {
  program.command("deploy")
    .description("Register the task definition, update the service, and wait until the deployment has ended.")
    .option("--dry-run", "print the plan and the differences, and change nothing")
    .option("--no-wait", "do not wait until the service is stable")
    .option("--force-new-deployment", "start a deployment also where nothing differs")
    .option("--skip-task-definition", "ship the task definition that the service runs")
    .option("--latest-task-definition", "ship the newest registered task definition")
    .option("--revision <number>", "ship this registered task definition")
    .option("--force-register", "register the task definition also where it says the same as the newest one")
    .option("--update-service", "bring the service to what the service definition says (default)")
    .option("--no-update-service", "leave the service's own attributes as they are")
    .option("--tasks <number>", "the number of tasks")
    .addOption(
      new Option("--wait-until <state>", "stable: completed, and all its tasks run; deployed: completed")
        .choices(["stable", "deployed"]).default("stable" as const),
    )
    .option(
      "--rollback-events <events>",
      `take the deploy back at these, comma-separated: ${ROLLBACK_EVENTS.join(", ")}`,
    )
    .option("--deregister-failed", "deregister what was registered for a deploy that failed, once nothing uses it")
    .option("--suspend-auto-scaling", "suspend auto scaling for the time of the deploy")
    .option("--resume-auto-scaling", "resume auto scaling after the deploy")
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const { wait, suspendAutoScaling = false, resumeAutoScaling = false } = options;
      checkWaiting(wait, options.rollbackEvents !== undefined, "--rollback-events");
      checkWaiting(wait, options.deregisterFailed ?? false, "--deregister-failed");
      checkWaiting(wait, suspendAutoScaling && resumeAutoScaling, "--suspend-auto-scaling with --resume-auto-scaling");
      const request = {
        ships: chooseShipped(options),
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
      const { runAction } = await import("../session.ts");
      const { deployService } = await import("../actions/deploy_service.ts");
      await runAction(context, globals, (session) => deployService(session, request));
    });
}

function checkWaiting(waits: boolean, isGiven: boolean, option: string): void {
  if (waits || !isGiven) return;
  throw new UsageError(
    `${option} cannot be used with --no-wait: nobody would see how the deployment ends`,
    "leave out one of the two",
  );
}

interface ShippedOptions {
  readonly skipTaskDefinition?: true | undefined;
  readonly latestTaskDefinition?: true | undefined;
  readonly revision?: string | undefined;
}

function chooseShipped({ skipTaskDefinition, latestTaskDefinition, revision }: ShippedOptions): DeployRequest["ships"] {
  const given = [
    skipTaskDefinition && "--skip-task-definition",
    latestTaskDefinition && "--latest-task-definition",
    revision !== undefined && "--revision",
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
