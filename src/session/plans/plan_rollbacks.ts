import { endOf } from "../../report/ending.ts";
import type { Ending } from "../../report/exit_code.ts";
import { describeFamilyFile } from "../../report/messages/config_problem_text.ts";
import { describePlanNotice } from "../../report/messages/notice_text.ts";
import { describeChoice } from "../../report/messages/reason_text.ts";
import type { PlanFileRollback } from "../../rollout/plan/options.ts";
import type { Plan, Planned } from "../../rollout/plan/plan.ts";
import { planRollback } from "../../rollout/plan/plan_rollback.ts";
import type { CurrentState } from "../../rollout/read/current_state.ts";
import { readOtherUsers } from "../../rollout/read/read_other_users.ts";
import { readCurrentState } from "../../rollout/read/read_current_state.ts";
import type { Chosen } from "../../rollout/read/chosen_revision.ts";
import { choiceOf, type RevisionChoice } from "../../rollout/read/revision_choice.ts";
import type { PlannedFrom } from "../../rollout/run_context.ts";
import { reportRefusal } from "../report_refusal.ts";
import { runPlans, type SessionPlan } from "../run_plans.ts";
import type { Session } from "../session.ts";
import { isConfirmed, pickDeployment } from "./ask_person.ts";
import { loadRegistryAhead, openPreflight } from "./open_lookups.ts";
import { prepareAll } from "./prepare_all.ts";
import { reportPlanned, reportStarted } from "./report_plans.ts";
import { showPlans } from "./show_plans.ts";
import { defaultFailAfter, policyOf } from "../policy.ts";
import type { RollbackRequest, RollbackTarget } from "../rollback_request.ts";

/** Lets a person choose from the recorded deployments, and rolls back to the chosen one. Returns the ending. */
export async function rollBackToPicked(
  session: Session,
  from: RollbackTarget["from"],
  options: RollbackRequest,
): Promise<Ending> {
  const picked = await pickDeployment(session);
  if (picked !== undefined) {
    return await rollBack([session], new Map([[session, { choice: picked, from }]]), options, true);
  }
  session.emit({ kind: "notConfirmed" });
  return endOf(session.reporter.state);
}

/** The plan for rolling back one service, and what it was made from. */
interface PreparedRollback extends Omit<SessionPlan, "plan"> {
  readonly state: CurrentState;
  readonly planned: Planned;
  readonly plannedFrom: PlannedFrom | undefined;
}

type PlannedRollback = PreparedRollback & SessionPlan;

/**
 * Reads and plans; carries out, unless it is a dry run. Where one of many services is refused, nothing is done to any
 * of them, unless refused ones are to be skipped. Returns the ending.
 */
export async function rollBack(
  sessions: readonly Session[],
  targets: ReadonlyMap<Session, RollbackTarget>,
  options: RollbackRequest,
  isPicked = false,
): Promise<Ending> {
  return await runPlans(sessions, await planRollbacks(sessions, targets, options, isPicked), policyOf(options));
}

/** Returns the plans to carry out. Drops the rest of what was read: it takes most of the memory for a service. */
async function planRollbacks(
  sessions: readonly Session[],
  targets: ReadonlyMap<Session, RollbackTarget>,
  options: RollbackRequest,
  isPicked: boolean,
): Promise<SessionPlan[]> {
  const [{ host }] = sessions as [Session];
  const { planOut } = options;
  const keeping = planOut === undefined ? undefined : await import("../plan_file/write_plan_file.ts");
  await keeping?.checkPlanOut(planOut!, host.files);
  reportStarted(sessions, "rollback", options);
  const { stdin, stderr } = host;
  const mayAsk = sessions.length === 1 && stdin.isTerminal && stderr.isTerminal;
  const failAfter = options.failAfter ?? defaultFailAfter(sessions.length, options.wait);
  const how = { ...options, failAfter };
  const prepare = (session: Session) => prepareRollback(session, targets.get(session)!, how, mayAsk);
  const planned = await prepareAll(sessions, prepare, (one) => report(one, targets.get(one.session)!, how));
  const isRefused = reportPlanned(sessions, planned, options, targets.get(sessions[0]!)!.choice);
  if (options.dryRun && options.output === "text") showPlans(planned, sessions);
  if (isRefused) return [];
  for (const one of options.dryRun ? [] : planned) {
    if (await isConfirmed(one, one.state.chosen, options, isPicked)) continue;
    one.session.emit({ kind: "notConfirmed" });
    return [];
  }
  await keeping?.writePlanFile(planOut!, planned, options);
  return options.dryRun ? [] : planned.map(({ state: _, planned: __, ...one }) => one);
}

/**
 * Reads the current state of a service and plans its rollback.
 *
 * @param mayAsk whether somebody can be asked, who decides whether an objection holds
 * @throws AwsError
 */
async function prepareRollback(
  session: Session,
  { choice, from, staysBack, before }: RollbackTarget,
  options: RollbackRequest,
  mayAsk: boolean,
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
  const read = readCurrentState(ref, choice, ecs, scaling, signal, reading);
  const [state] = await Promise.all([read, loadRegistryAhead(session)]);
  const planned = planRollback(state, { ...options, before, mayAsk, configuredFamily, timeoutMs });
  const { service, target } = state;
  const plannedFrom = service && { service, target, readAtMs };
  const prepared = { session, ecs, scaling, state, planned, plannedFrom };
  if (planned.kind === "refused" || !options.dryRun) return prepared;
  const step = planned.plan.steps.find((one) => one.kind === "deregister");
  if (step === undefined) return prepared;
  const users = await readOtherUsers(step.taskDefinition, ref.cluster, service, ecs, signal);
  const plan = { ...planned.plan, notices: [...planned.plan.notices, ...users] };
  return { ...prepared, planned: { kind: "plan", plan } };
}

/** The family in the task definition file. Only a warning needs it, so a mistake in that file stops nothing. */
async function readConfiguredFamily({ config, definitions, log }: Session): Promise<string | undefined> {
  if (config.taskDefinition === undefined) return undefined;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  log.debug(`the family in ${config.taskDefinition} is not compared: ${describeFamilyFile(found.unknown)}`);
  return undefined;
}

/**
 * Says why a service is refused, or what is planned for it; returns what to carry out.
 *
 * @param options for planning it, now or once more
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

/** What a plan that is made again is compared with, if somebody has deployed meanwhile: the same as in a plan file. */
function beforeOf({ from, basedOn, to, images = [] }: Plan): PlanFileRollback | undefined {
  if (from === undefined || to === undefined) return undefined;
  const toImages = images.flatMap(({ container, image, starts, isConsistent }) =>
    starts === undefined || !isConsistent ? [] : [{ container, image, digest: starts }]
  );
  return { madeAtMs: 0, from, deployment: basedOn, fromImages: [], to, toImages };
}

/** The revision of the plan: `previous` would mean another one by now. */
function choiceAgain({ to }: Plan, { choice, chosen }: CurrentState): RevisionChoice {
  return to === undefined ? choice : choiceOf(to, chosen?.kind === "chosen" ? chosen.deployment : undefined);
}

/** Says why `previous` means the revision that is refused. */
function explainChoice(chosen: Chosen | undefined, { log, reporter: { state: { services } } }: Session): void {
  if (chosen?.kind !== "chosen" || chosen.reason === undefined) return;
  const { revision, reason, doubts = [] } = chosen;
  // For many services, each would say the same: that it ran before.
  if (services.length > 1 && reason.code === "deployedBefore" && doubts.length === 0) return;
  log.info(`Revision ${revision}: ${describeChoice(reason)}`);
  for (const doubt of doubts) log.warn(describePlanNotice(doubt));
}
