import { sleep } from "../host/sleep.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { subjectName } from "../model/service.ts";
import { sortByWave } from "../report/fleet/plan_table.ts";
import { describeFamilyFile } from "../report/messages/config_problem_text.ts";
import { describePlanNotice } from "../report/messages/notice_text.ts";
import { describeChoice } from "../report/messages/reason_text.ts";
import { renderPlan, renderSteps } from "../report/plan_text.ts";
import type { BeforeRollback } from "../rollout/plan/options.ts";
import type { Plan, Planned } from "../rollout/plan/plan.ts";
import { planRollback } from "../rollout/plan/plan_rollback.ts";
import type { CurrentState } from "../rollout/read/current_state.ts";
import { foreseeDeregistering } from "../rollout/steps/deregister_unused.ts";
import { readCurrentState } from "../rollout/read/read_current_state.ts";
import type { Chosen, LeftChoice, RevisionChoice } from "../rollout/read/revision_choice.ts";
import type { PlannedFrom } from "../rollout/run_context.ts";
import { prepareAll, reportRefusal, runPlans, type SessionPlan } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { openPreflight, policyOf, reportPlanned, reportStarted, showAll, usualFailAfter } from "./plan_all.ts";
import type { RollbackRequest } from "./rollback_options.ts";

/** What a rollback of one service was planned from, and the plan. */
interface PreparedRollback extends Omit<SessionPlan, "plan"> {
  readonly state: CurrentState;
  readonly planned: Planned;
  readonly plannedFrom: PlannedFrom | undefined;
}

type PlannedRollback = PreparedRollback & SessionPlan;

/** Where it goes, and what it leaves. */
export interface RollbackTarget {
  readonly choice: RevisionChoice;
  readonly from?: LeftChoice | undefined;
  /** It is one of many, and stays where it is if it was rolled back already. */
  readonly staysBack?: boolean | undefined;
  /** What a plan file says of it. */
  readonly before?: BeforeRollback | undefined;
}

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
  return await runPlans(sessions, await planAll(sessions, targetOf, options, isPicked), policyOf(options));
}

/** Returns what is to be carried out. What else was read is most of the memory that a service takes, and ends here. */
async function planAll(
  sessions: readonly Session[],
  targetOf: (session: Session) => RollbackTarget,
  options: RollbackRequest,
  isPicked: boolean,
): Promise<SessionPlan[]> {
  const [{ host }] = sessions as [Session];
  const { planOut } = options;
  const keeping = planOut === undefined ? undefined : await import("./keep_plan.ts");
  await keeping?.checkPlanOut(planOut!, host.files);
  reportStarted(sessions, "rollback", options);
  const { stdin, stderr } = host;
  const isAsked = sessions.length === 1 && stdin.isTerminal && stderr.isTerminal;
  const failAfter = options.failAfter ?? usualFailAfter(sessions.length, options.wait);
  const how = { ...options, failAfter };
  const prepare = (session: Session) => prepareRollback(session, targetOf(session), how, isAsked);
  const planned = await prepareAll(sessions, prepare, (one) => report(one, targetOf(one.session), how));
  const isRefused = reportPlanned(sessions, planned, options, targetOf(sessions[0]!).choice);
  if (options.dryRun && options.output === "text") showPlans(planned, sessions);
  if (isRefused) return [];
  for (const one of options.dryRun ? [] : planned) {
    if (await isConfirmed(one, options, isPicked)) continue;
    one.session.emit({ kind: "notConfirmed" });
    return [];
  }
  await keeping?.keepPlan(planOut!, planned, options);
  return options.dryRun ? [] : planned.map(({ state: _, planned: __, ...one }) => one);
}

/**
 * Reads the current state of a service and plans its rollback.
 *
 * @param isAsked whether somebody is there who says whether an objection stands
 * @throws AwsError
 */
async function prepareRollback(
  session: Session,
  { choice, from, staysBack, before }: RollbackTarget,
  options: RollbackRequest,
  isAsked: boolean,
): Promise<PreparedRollback> {
  const { ref, signal, timeoutMs, host: { clock } } = session;
  const [ecs, scaling, configuredFamily] = await Promise.all([
    session.connectEcs(),
    options.suspendAutoScaling || options.resumeAutoScaling ? session.connectScaling() : undefined,
    readConfiguredFamily(session),
  ]);
  const readAtMs = clock.elapsed();
  const preflight = openPreflight(session, options.preflight, options.restore !== "service");
  const { pin, ifDeployedWithin: ifDeployedWithinMs } = options;
  const reading = { ...preflight, from, staysBack, ifDeployedWithinMs, likelyFamily: configuredFamily, pin };
  const state = await readAhead(session, () => readCurrentState(ref, choice, ecs, scaling, signal, reading));
  const planned = planRollback(state, { ...options, before, isAsked, configuredFamily, timeoutMs });
  const { service, target } = state;
  const plannedFrom = service && { service, target, readAtMs };
  const prepared = { session, ecs, scaling, state, planned, plannedFrom };
  if (planned.kind === "refused" || !options.dryRun) return prepared;
  const foreseen = await foreseeDeregistering(planned.plan, service, ecs, signal);
  const plan = { ...planned.plan, notices: [...planned.plan.notices, ...foreseen] };
  return { ...prepared, planned: { kind: "plan", plan } };
}

/** Reads, and meanwhile loads what images are looked up with. What cannot be loaded is an error where it is needed. */
async function readAhead<State>({ loadRegistry }: Session, read: () => Promise<State>): Promise<State> {
  const reading = read();
  // The first calls are sent once nothing else is to be done.
  const [state] = await Promise.all([reading, sleep(0).then(loadRegistry).catch(() => undefined)]);
  return state;
}

/** The family in the task definition file. It is for a warning only, so a mistake in that file stops nothing. */
async function readConfiguredFamily({ config, definitions, log }: Session): Promise<string | undefined> {
  if (config.taskDefinition === undefined) return undefined;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  log.debug(`the family in ${config.taskDefinition} is not compared: ${describeFamilyFile(found.unknown)}`);
  return undefined;
}

/**
 * Says why one is refused, or what is planned for it; returns what is to be carried out.
 *
 * @param options what it was planned with, as it would be once more
 */
async function report(
  prepared: PreparedRollback,
  target: RollbackTarget,
  options: RollbackRequest,
): Promise<PlannedRollback | undefined> {
  const { session, state, planned } = prepared;
  if (planned.kind === "refused") {
    if (state.left === undefined) explainChoice(state.chosen, session);
    await reportRefusal(planned.refusal, session, state.service);
    return undefined;
  }
  const { plan } = planned;
  session.emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  const again = { before: beforeOf(plan), ...target, choice: choiceAgain(plan, state) };
  const planAgain = () => prepareRollback(session, again, options, false);
  return { ...prepared, plan, planAgain, wave: session.wave, timeoutMs: session.timeoutMs };
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
  return to === undefined ? choice : choiceOf(to, chosen?.kind === "chosen" ? chosen.deployment : undefined);
}

/** Names where to go, whatever has run since: the deployment, where the number would mean another one of the revision. */
export function choiceOf({ arn, family, revision }: Revision, deployment: string | undefined): RevisionChoice {
  if (deployment !== undefined) return { kind: "deployment", id: deployment };
  return { kind: "named", name: arn, family, revision };
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

/** What goes before the question about a deployment that was picked from a list: the log has shown the rest of the plan. */
function askAboutPicked(plan: Plan, { ref, log, timeoutMs }: Session): string | undefined {
  if (!changesSomething(plan) || plan.to === undefined) return undefined;
  for (const line of ["Steps:", ...renderSteps(plan, timeoutMs).map((step) => `  ${step}`)]) log.info(line);
  return `Roll ${subjectName(ref)} back to ${shortName(plan.to)}?`;
}

function changesSomething({ steps }: Plan): boolean {
  return steps.some(({ kind }) => kind !== "awaitDeployment" && kind !== "restoreScaling" && kind !== "bake");
}

/** The question on a terminal. Without a terminal, the same rollback is refused. */
function findQuestion(plan: Plan, chosen: Chosen | undefined, options: RollbackRequest): string | undefined {
  const { from, to } = plan;
  if (chosen?.kind !== "chosen" || !changesSomething(plan) || !from || !to || from.arn === to.arn) return undefined;
  if (chosen.leavesWayBack) {
    const back = `The service was rolled back to ${shortName(from)} less than an hour ago`;
    return `${back}. Go further back, to ${shortName(to)}?`;
  }
  if (chosen.isProven || options.allowUnproven) return undefined;
  return `Nothing shows that ${shortName(to)} has ever run. Roll back to it anyway?`;
}

/** Says why `previous` means the revision that is then refused. */
function explainChoice(chosen: Chosen | undefined, { log, reporter: { state: { services } } }: Session): void {
  if (chosen?.kind !== "chosen" || chosen.reason === undefined) return;
  // Of many services, each would say the same: that it ran before.
  if (services.length > 1 && chosen.reason.code === "deployedBefore" && chosen.doubts.length === 0) return;
  log.info(`Revision ${chosen.revision}: ${describeChoice(chosen.reason)}`);
  for (const doubt of chosen.doubts) log.warn(describePlanNotice(doubt));
}
