import { Option } from "@commander-js/extra-typings";
import { ROLLBACK_EVENTS } from "../rollout/rollback_events.ts";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { requireDryRun } from "./require_dry_run.ts";
import { outputOption } from "./output_option.ts";
import { readDeployRequest } from "./read_deploy_request.ts";
import { showValuesOption } from "./show_values_option.ts";

const EXAMPLES = `
Examples:
  ecspresso deploy --config ecspresso.yml
  ecspresso deploy --config ecspresso.yml --dry-run
  ecspresso deploy --config ecspresso.yml --rollback-events DEPLOYMENT_FAILURE
  ecspresso deploy --skip-task-definition --force-new-deployment
  ecspresso deploy --tasks 4 --suspend-auto-scaling --resume-auto-scaling

${renderExitCodes(COMMAND_ENDINGS.deploy)}`;

/** `ecspresso deploy`: what is shipped, and what is done when it fails. */
export function defineDeploy(command: ProgramCommand, context: Context): void {
  command
    .option("--dry-run", "print the plan and the differences, and change nothing")
    .option("--wait", "wait for the end of the deployment (default); of this and --no-wait the last one counts")
    .option(
      "--no-wait",
      "end when ECS has taken the order; not with --rollback-events, --deregister-failed or both scaling options",
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
      new Option(
        "--wait-until <state>",
        "stable: completed, and all its tasks run, or as many as earlySuccessCriteria asks for; deployed: completed",
      )
        .choices(["stable", "deployed"]).default("stable" as const),
    )
    .addOption(
      new Option("--rollback-events <event,...>", "take the deploy back at these, comma-separated")
        .choices(ROLLBACK_EVENTS)
        // The choices are for the help and for shells; readDeployRequest reads the list.
        .argParser((text: string) => text),
    )
    .option(
      "--deregister-failed",
      "deregister what was registered for a deploy that failed or was refused, once nothing uses it",
    )
    .option("--suspend-auto-scaling", "suspend all scaling of the service before the update")
    .option("--resume-auto-scaling", "afterwards put scaling back as it was before it was suspended")
    .addOption(outputOption())
    .addOption(showValuesOption())
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      requireDryRun("deploy", globals, options.dryRun);
      const request = readDeployRequest(options);
      const { runAction } = await import("../session/run_action.ts");
      const { deployService } = await import("./deploy_service.ts");
      await runAction(context, globals, (session) => deployService(session, request));
    });
}
