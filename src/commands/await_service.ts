import type { Milestone } from "../rollout/assess.ts";
import { planWait, readWaitSituation } from "../rollout/plan/plan_wait.ts";
import { carryOut, reportEnd, reportRefusal } from "../session/carry_out.ts";
import type { Session } from "../session/session.ts";

/** Follows the deployment that is under way to its end. Answers with the exit code. */
export async function awaitService(session: Session, until: Milestone): Promise<number> {
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
