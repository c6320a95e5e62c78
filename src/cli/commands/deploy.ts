import { Option } from "@commander-js/extra-typings";
import { ROLLBACK_EVENTS } from "../../rollout/rollback_events.ts";
import type { Context } from "../context.ts";
import { type Program, resolveGlobalOptions } from "../global_options.ts";
import { outputOption } from "../output_option.ts";
import { readDeployRequest } from "../read_deploy_request.ts";

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
    .option("--wait", "wait for the end of the deployment (default)")
    .option("--no-wait", "do not wait for the end of the deployment")
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
    .addOption(outputOption())
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const request = readDeployRequest(options);
      const { runAction } = await import("../session.ts");
      const { deployService } = await import("../actions/deploy_service.ts");
      await runAction(context, globals, (session) => deployService(session, request));
    });
}
