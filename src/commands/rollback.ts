import { UsageError } from "../errors.ts";
import type { ProgramCommand } from "../app/add_commands.ts";
import type { Context } from "../session/context.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { resolveGlobalOptions } from "../session/global_options.ts";
import { requireDryRun } from "./require_dry_run.ts";
import { outputOption } from "./output_option.ts";
import { parseRevisionChoice } from "./parse_revision_choice.ts";

const EXAMPLES = `
Examples:
  ecspresso rollback --config ecspresso.yml --revision 3
  ecspresso rollback --config ecspresso.yml --revision 3 --dry-run
  ecspresso rollback --config ecspresso.yml --revision previous
  ecspresso rollback --config ecspresso.yml --revision previous --from 5
  ecspresso rollback --config ecspresso.yml --revision 3 --deregister
  ecspresso rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling

${renderExitCodes(COMMAND_ENDINGS.rollback)}`;

/** `ecspresso rollback`: what the user may say, and which plan is meant by it. */
export function defineRollback(command: ProgramCommand, context: Context): void {
  command
    .option(
      "--revision <revision>",
      "the revision to roll back to: its number, family:number, ARN, or previous (required)",
    )
    .option(
      "--from <revision>",
      "go back from this revision only (number, family:number or ARN): nothing to do when the service is back already, " +
        "refused when it runs another one",
    )
    .option(
      "--allow-unproven",
      "go to what nothing shows to have run: with previous the next lower registered revision; or a revision of another " +
        "family",
    )
    .option("--reregister", "when the revision is deregistered, register a copy of it and roll back to that")
    .option(
      "--deregister",
      "after the rollback, deregister the task definition that was current before it, unless it is in use",
    )
    .option("--dry-run", "print the plan and change nothing")
    .option("--wait", "wait for the end of the deployment (default); of this and --no-wait the last one counts")
    .option("--no-wait", "end when ECS has taken the order; not with --deregister, nor with both scaling options")
    .option("--suspend-auto-scaling", "suspend all scaling of the service before the update")
    .option("--resume-auto-scaling", "afterwards put scaling back as it was before it was suspended")
    .addOption(outputOption())
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      requireDryRun("rollback", globals, options.dryRun);
      const choice = options.revision === undefined ? undefined : parseRevisionChoice(options.revision);
      const from = options.from === undefined ? undefined : parseRevisionChoice(options.from, "--from");
      if (from?.kind === "previous") throw new UsageError("--from takes what is to be left, not previous");
      const wait = options.wait ?? true;
      if (!wait) checkNothingFollows(options);
      if (choice === undefined) {
        const { openSession } = await import("../session/session.ts");
        const { explainMissingRevision } = await import("./explain_missing_revision.ts");
        throw await explainMissingRevision(context.host.args, () => openSession(context, globals));
      }
      const { runAction } = await import("../session/run_action.ts");
      const { rollBack } = await import("./roll_back.ts");
      await runAction(context, globals, (session) =>
        rollBack(session, choice, {
          from,
          allowUnproven: options.allowUnproven ?? false,
          wait,
          deregister: options.deregister ?? false,
          reregister: options.reregister ?? false,
          suspendAutoScaling: options.suspendAutoScaling ?? false,
          resumeAutoScaling: options.resumeAutoScaling ?? false,
          dryRun: options.dryRun ?? false,
          output: options.output,
        }));
    });
}

/** What comes after the end of the deployment needs it to be waited for. */
function checkNothingFollows(
  { deregister, suspendAutoScaling, resumeAutoScaling }: Partial<
    Record<"deregister" | "suspendAutoScaling" | "resumeAutoScaling", true>
  >,
): void {
  if (deregister) {
    throw new UsageError(
      "--deregister cannot be used with --no-wait: what is still in use cannot be deregistered",
      "leave out one of the two",
    );
  }
  if (suspendAutoScaling && resumeAutoScaling) {
    throw new UsageError(
      "--suspend-auto-scaling with --resume-auto-scaling cannot be used with --no-wait: resumed at once, nothing " +
        "would be protected",
      "leave out --no-wait, or use one of the two",
    );
  }
}
