import { exitCodeOfRun } from "../report/ending.ts";
import { sortByWave } from "../report/fleet/plan_table.ts";
import { describePlanNotice } from "../report/messages/notice_text.ts";
import { describeChoice } from "../report/messages/reason_text.ts";
import { renderPlan } from "../report/plan_text.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { CurrentState } from "../rollout/read/current_state.ts";
import type { PlanAgain } from "../rollout/planned_service.ts";
import type { BeforeRollback } from "../rollout/plan/before_rollback.ts";
import type { Chosen, RevisionChoice } from "../rollout/read/revision_choice.ts";
import { prepareAll } from "../session/prepare_all.ts";
import { reportRefusal, runPlans } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { checkPlanOut } from "./plan_file_options.ts";
import { reportPlanned, reportStarted, showAll } from "./plan_all.ts";
import { policyOf, usualFailAfter } from "./policy_options.ts";
import { type PreparedRollback, prepareRollback, type RollbackTarget } from "./prepare_rollback.ts";
import type { RollbackRequest } from "./rollback_request.ts";
import { askAboutPicked, findQuestion } from "./rollback_questions.ts";

/**
 * Reads, plans, and unless it is a dry run, carries out. Where one of many services is refused, nothing is done to any of
 * them, unless those are to be skipped. Returns the exit code.
 */
export async function rollBack(
  sessions: readonly Session[],
  targetOf: (session: Session) => RollbackTarget,
  options: RollbackRequest,
  isPicked = false,
): Promise<number> {
  const [{ reporter, host }] = sessions as [Session];
  const { planOut } = options;
  if (planOut !== undefined) await checkPlanOut(planOut, host.files);
  const failAfter = options.failAfter ?? usualFailAfter(sessions.length, options.wait);
  const how = { ...options, failAfter, onFailure: options.onFailure ?? "continue" as const };
  reportStarted(sessions, "rollback", how);
  const { stdin, stderr } = host;
  const isAsked = sessions.length === 1 && stdin.isTerminal && stderr.isTerminal;
  const prepared = await prepareAll(
    sessions,
    (session) => prepareRollback(session, targetOf(session), how, isAsked),
  );
  const planned: PlannedRollback[] = [];
  for (const one of prepared) planned.push(...await report(one, targetOf(one.session), options));
  const { choice } = targetOf(sessions[0]!);
  const isRefused = reportPlanned(sessions, planned.map(({ session }) => session), how, choice);
  if (options.dryRun && options.output === "text") showPlans(planned, sessions);
  if (isRefused) return exitCodeOfRun(reporter.state);
  const keep = async () => {
    if (planOut !== undefined) await (await import("./keep_plan.ts")).keepPlan(planOut, planned, options);
  };
  if (options.dryRun) {
    await keep();
    return exitCodeOfRun(reporter.state);
  }
  for (const one of planned) {
    if (await isConfirmed(one, options, isPicked)) continue;
    one.session.emit({ kind: "notConfirmed" });
    return exitCodeOfRun(reporter.state);
  }
  await keep();
  return await runPlans(planned, policyOf(how));
}

interface PlannedRollback extends PreparedRollback {
  readonly plan: Plan;
  readonly planAgain: PlanAgain;
  readonly wave: number;
  readonly timeoutMs: number;
}

/** Says why one is refused, or what is planned for it; returns what is to be carried out. */
async function report(
  prepared: PreparedRollback,
  target: RollbackTarget,
  options: RollbackRequest,
): Promise<PlannedRollback[]> {
  const { session, state, planned } = prepared;
  if (planned.kind === "refused") {
    if (state.left === undefined) explainChoice(state.chosen, session);
    await reportRefusal(planned.refusal, session, state.service);
    return [];
  }
  const { plan } = planned;
  session.emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  const again = { before: beforeOf(plan), ...target, choice: choiceAgain(plan, state) };
  const planAgain = () => prepareRollback(session, again, options, false);
  return [{ ...prepared, plan, planAgain, wave: session.wave, timeoutMs: session.timeoutMs }];
}

/** What the plan of a run is compared with where somebody has deployed since: as a plan file says it. */
function beforeOf({ from, basedOn, to, images = [] }: Plan): BeforeRollback | undefined {
  if (from === undefined || to === undefined) return undefined;
  const toImages = images.flatMap(({ container, image, starts, isConsistent }) =>
    starts === undefined || !isConsistent ? [] : [{ container, image, digest: starts }]
  );
  return { madeAtMs: 0, from, deployment: basedOn, fromImages: [], to, toImages };
}

/** Where the plan goes: `previous` would be counted anew. */
function choiceAgain({ to }: Plan, { choice, chosen }: CurrentState): RevisionChoice {
  if (chosen?.kind === "chosen" && chosen.deployment !== undefined) {
    return { kind: "deployment", id: chosen.deployment };
  }
  return to === undefined ? choice : { kind: "named", name: to.arn, family: to.family, revision: to.revision };
}

/** Of many services a table; the plan of each in the order in which they are begun. */
function showPlans(planned: readonly PlannedRollback[], sessions: readonly Session[]): void {
  const [{ printText, timeoutMs }] = sessions as [Session];
  const isOfMany = sessions.length > 1;
  if (!showAll(sessions)) return;
  for (const { plan } of sortByWave(planned.map((one) => ({ ...one, ref: one.plan.subject })))) {
    printText([...(isOfMany ? [""] : []), ...renderPlan(plan, timeoutMs)]);
  }
}

async function isConfirmed(
  { plan, state, session }: PlannedRollback,
  options: RollbackRequest,
  isPicked: boolean,
): Promise<boolean> {
  const question = isPicked ? askAboutPicked(plan, session) : findQuestion(plan, state.chosen, options);
  return question === undefined || await session.confirm(question);
}

/** Says why `previous` means the revision that is then refused. */
function explainChoice(chosen: Chosen | undefined, { log, reporter: { state: { services } } }: Session): void {
  if (chosen?.kind !== "chosen" || chosen.reason === undefined) return;
  // Of many services, each would say the same: that it ran before.
  if (services.length > 1 && chosen.reason.code === "deployedBefore" && chosen.doubts.length === 0) return;
  log.info(`Revision ${chosen.revision}: ${describeChoice(chosen.reason)}`);
  for (const doubt of chosen.doubts) log.warn(describePlanNotice(doubt));
}
