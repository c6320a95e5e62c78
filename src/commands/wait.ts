import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import type { Milestone } from "../rollout/assess.ts";
import { planWait, readWaitSituation } from "../rollout/plan/plan_wait.ts";
import { carryOut, reportEnd, reportRefusal } from "../session/carry_out.ts";
import type { Context } from "../session/context.ts";
import { type ProgramCommand, resolveGlobalOptions } from "../session/global_options.ts";
import { runInSession } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { outputOption, untilOption } from "./options.ts";

const EXAMPLES = `
Examples:
  ecspresso wait
  ecspresso wait --until deployed --timeout 20m

${renderExitCodes(COMMAND_ENDINGS.wait)}`;

/** `ecspresso wait`: how far the deployment under way has to have come. */
export function defineWait(command: ProgramCommand, context: Context): void {
  command
    .addOption(
      untilOption("--until <state>", "stable: completed, and all its tasks run; deployed: completed"),
    )
    .addOption(outputOption())
    .addHelpText("after", EXAMPLES)
    .action(async ({ until }, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      await runInSession(context, globals, (session) => awaitService(session, until));
    });
}

/** Follows the deployment that is under way to its end. Returns the exit code. */
async function awaitService(session: Session, until: Milestone): Promise<number> {
  const { ref, log, signal, timeoutMs, audience } = session;
  audience.tell({ kind: "started", command: "wait", subject: ref, isDryRun: false, timeoutMs });
  log.info("Starting wait");
  const ecs = await session.connectEcs();
  const planned = planWait(await readWaitSituation(ref, ecs, signal), until);
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
  if (planned.kind === "ended") {
    log.warn(planned.notice);
    return reportEnd(planned.end, { intent: "wait", subject: ref, until }, session);
  }
  audience.tell({ kind: "planned", plan: planned.plan, takesBack: false });
  for (const notice of planned.plan.notices) log.warn(notice);
  const ports = { ecs, scaling: undefined };
  return (await carryOut(planned.plan, ports, session, session.limits)).exitCode;
}
