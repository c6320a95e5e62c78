import { describePlanNotice } from "../report/messages/notice_text.ts";
import type { WaitUntil } from "../rollout/assess.ts";
import { planWait } from "../rollout/plan/plan_wait.ts";
import { readWaitState } from "../rollout/read/read_service.ts";
import { reportRefusal, runPlans } from "../session/run_in_session.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { failAfterOption, logsOption, outputOption, untilOption } from "./options.ts";

export const define = defineCommand({
  options: (command) =>
    command.optionsGroup("What is waited for:")
      .addOption(untilOption("--until <state>", "stable: completed, and all its tasks run; deployed: completed"))
      .addOption(failAfterOption("0"))
      .optionsGroup("How it is shown:")
      .addOption(logsOption())
      .addOption(outputOption()),
  examples: {
    "ecspresso wait": "watch the deployment; exit with 6 if it fails",
    "ecspresso wait --timeout 20m": "for 20 minutes at most",
    "ecspresso wait --until deployed": "do not wait for all tasks",
  },
  help: "",
  action: (options) => (session) => awaitService(session, options),
});

interface WaitRequest {
  readonly until: WaitUntil;
  readonly logs?: number | undefined;
  readonly failAfter?: number | undefined;
}

/** Follows the deployment that is under way to its end. Returns the exit code. */
async function awaitService(session: Session, { until, logs, failAfter }: WaitRequest): Promise<number> {
  const { ref, log, signal, timeoutMs, emit, reporter } = session;
  emit({ kind: "started", command: "wait", isDryRun: false, timeoutMs });
  const ecs = await session.connectEcs();
  const planned = planWait(await readWaitState(ref, ecs, signal), until, failAfter);
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
  if (planned.kind === "ended") {
    log.warn(describePlanNotice(planned.notice));
    emit({ kind: "alreadyEnded", outcome: planned.end, until });
    return exitCodeOfRun(reporter.state);
  }
  const { plan } = planned;
  emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  return await runPlans([{ session, ecs, plan }], { logs });
}
