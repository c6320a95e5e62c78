import { describePlanNotice } from "../../report/messages/notice_text.ts";
import { planWait } from "../../rollout/plan/plan_wait.ts";
import { readWaitState } from "../../rollout/read/read_service.ts";
import { reportRefusal } from "../report_refusal.ts";
import type { SessionPlan } from "../run_plans.ts";
import type { Session } from "../session.ts";
import { prepareAll } from "./prepare_all.ts";
import { reportPlanned, reportStarted } from "./report_plans.ts";

type WaitRequest = Parameters<typeof planWait>[1];

/** Plans what to wait for. Returns the plans to carry out: none of a service that is refused, or whose end is said. */
export async function planWaits(sessions: readonly Session[], request: WaitRequest): Promise<SessionPlan[]> {
  reportStarted(sessions, "wait", WITHOUT_REFUSED);
  const read = (session: Session) => readWait(session, request);
  const planned = await prepareAll(sessions, read, (found) => report(found, request));
  if (sessions.length > 1) reportPlanned(sessions, planned, WITHOUT_REFUSED);
  return planned;
}

/** A service that is refused does not keep the command from waiting for the others. */
const WITHOUT_REFUSED = { skipRefused: true, dryRun: false };

async function readWait(session: Session, request: WaitRequest) {
  const ecs = await session.connectEcs();
  const planned = planWait(await readWaitState({ ref: session.ref, ecs, signal: session.signal }), request);
  return { session, ecs, planned };
}

/** Reports what was found of one service. Returns its plan; `undefined` where there is nothing to wait for. */
async function report(
  { session, ecs, planned }: Awaited<ReturnType<typeof readWait>>,
  { until }: WaitRequest,
): Promise<SessionPlan | undefined> {
  const { log, emit } = session;
  if (planned.kind === "refused") {
    await reportRefusal(planned.refusal, session);
    return undefined;
  }
  if (planned.kind === "ended") {
    log.warn(describePlanNotice(planned.notice));
    emit({ kind: "alreadyEnded", outcome: planned.end, until });
    return undefined;
  }
  const { plan } = planned;
  emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  return { session, ecs, plan };
}
