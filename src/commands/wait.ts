import { exitCodeOfRun } from "../report/ending.ts";
import { COMMAND_ENDINGS, renderExitCodes } from "../report/exit_code.ts";
import { describePlanNotice } from "../report/messages/notice_text.ts";
import type { WaitUntil } from "../rollout/assess.ts";
import { planWait } from "../rollout/plan/plan_wait.ts";
import { readWaitState } from "../rollout/read/read_service.ts";
import { reportRefusal, runInSession, runPlans } from "../session/run_in_session.ts";
import type { Context } from "../session/context.ts";
import { type ProgramCommand, resolveGlobalOptions } from "../session/global_options.ts";
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
export async function awaitService(session: Session, until: WaitUntil): Promise<number> {
  const { ref, log, signal, timeoutMs, emit, reporter } = session;
  emit({ kind: "started", command: "wait", isDryRun: false, timeoutMs });
  const ecs = await session.connectEcs();
  const planned = planWait(await readWaitState(ref, ecs, signal), until);
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
  if (planned.kind === "ended") {
    log.warn(describePlanNotice(planned.notice));
    emit({ kind: "alreadyEnded", outcome: planned.end, until });
    return exitCodeOfRun(reporter.state);
  }
  const { plan } = planned;
  emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  return await runPlans([{ plan }], { ecs, scaling: undefined }, session);
}
