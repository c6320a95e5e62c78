import type { Ecs } from "../../aws/ecs.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { renderStatus } from "../../report/status_text.ts";
import type { RollbackEvent } from "../../rollout/judge/assess.ts";
import type { AfterFailure } from "../../rollout/run/rollback_on_failure.ts";
import type { DeployOptions } from "../../rollout/plan/options.ts";
import type { PlannedDeploy } from "../../rollout/plan/plan.ts";
import { planDeploy } from "../../rollout/plan/plan_deploy.ts";
import { type DeployQuery, type DeployState, readDeployState } from "../../rollout/read/read_deploy_state.ts";
import type { SourceChoice } from "../../rollout/read/read_source.ts";
import { loadServiceDefinition, loadTaskDefinition, readFamily } from "../definition_files.ts";
import { reportRefusal } from "../report_refusal.ts";
import type { SessionPlan } from "../run_plans.ts";
import type { Session } from "../session.ts";
import { compareFiles, type Comparison, type Files, showDifferences } from "../show_differences.ts";
import { openPreflight } from "./open_lookups.ts";
import { prepareAll } from "./prepare_all.ts";
import { reportPlanned, reportStarted } from "./report_plans.ts";
import { showAll, showPlan } from "./show_plans.ts";
import type { PolicyOptions } from "../policy.ts";

/** How services are deployed, one or many. */
export interface DeployRequest extends DeployOptions, PolicyOptions {
  readonly skipTaskDefinition: boolean;
  readonly latestTaskDefinition: boolean;
  readonly revision?: number | undefined;
  readonly forceRegister: boolean;
  readonly updateService: boolean;
  readonly preflight: number | "off";
  /** The events that roll a deploy back; empty: none do. */
  readonly rollbackEvents: ReadonlySet<RollbackEvent>;
  readonly deregistersFailed: boolean;
  readonly reason?: string | undefined;
  readonly skipRefused: boolean;
  readonly dryRun: boolean;
  readonly output: "text" | "json";
  readonly showValues: boolean;
}

/**
 * Returns the plans to carry out: none if one of many services is refused, unless refused ones are to be skipped.
 * Drops everything else that was read, which takes most of the memory for a service.
 */
export async function planDeploys(sessions: readonly Session[], request: DeployRequest): Promise<SessionPlan[]> {
  const [{ reporter }] = sessions as [Session];
  reportStarted(sessions, "deploy", request);
  const prepare = async (session: Session) => {
    const prepared = await prepareDeploy(session, request);
    if (sessions.length === 1) showService(prepared.state.service, session);
    return prepared;
  };
  const planned = await prepareAll(sessions, prepare, (prepared) => report(prepared, request));
  const isRefused = reportPlanned(sessions, planned, request);
  if (request.dryRun) {
    const isEachShown = request.output === "text" && showAll(sessions);
    for (const one of planned) showDryRun(one, request, isEachShown, sessions.length > 1);
  }
  if (isRefused || request.dryRun) return [];
  for (const one of planned) announce(one, reporter.isRecorded, sessions.length > 1);
  return planned.map(({ files: _, state: __, planned: ___, ...one }) => one);
}

/** The plan for deploying one service, and what it was made from. */
interface PreparedDeploy extends Omit<SessionPlan, "plan"> {
  readonly files: Files;
  readonly state: DeployState;
  readonly planned: PlannedDeploy;
}

type PlannedOne = PreparedDeploy & SessionPlan;

/** Reads the files and the current state of a service, and plans its deploy. Throws a ConfigError or an AwsError. */
async function prepareDeploy(session: Session, how: DeployRequest): Promise<PreparedDeploy> {
  const { signal, timeoutMs } = session;
  const scales = how.suspendAutoScaling || how.resumeAutoScaling;
  const [ecs, scaling] = await Promise.all([session.connectEcs(), scales ? session.connectScaling() : undefined]);
  const files = await loadFiles(session, ecs, how);
  const state = await readDeployState(await readQuery(session, ecs, files, how), ecs, scaling, signal);
  const planned = planDeploy(state, { ...how, timeoutMs });
  return { session, ecs, scaling, files, state, planned };
}

async function loadFiles(session: Session, ecs: Ecs, request: DeployRequest): Promise<Files> {
  const { skipTaskDefinition, latestTaskDefinition, revision, updateService } = request;
  const registersFile = !skipTaskDefinition && !latestTaskDefinition && revision === undefined;
  const updatesByFile = updateService && session.config.serviceDefinition !== undefined;
  return {
    taskDefinition: registersFile ? await loadTaskDefinition(session, ecs) : undefined,
    service: updatesByFile ? await loadServiceDefinition(session, ecs) : undefined,
  };
}

/** What to deploy. Alarms and scalable targets are read only if something depends on them. */
async function readQuery(session: Session, ecs: Ecs, files: Files, request: DeployRequest): Promise<DeployQuery> {
  return {
    ref: session.ref,
    source: await readSourceChoice(session, ecs, files, request),
    serviceDefinition: files.service?.value,
    ignoredTags: session.config.ignoredTags,
    rollsBackOnFailure: request.rollbackEvents.size > 0,
    ...openPreflight(session, files.taskDefinition === undefined ? request.preflight : "off"),
    ...(request.rollbackEvents.has("DEPLOYMENT_STOP_ON_ALARM") && {
      readAlarmStates: async (names, signal) => (await session.connectAlarms()).readAlarmStates(names, signal),
    }),
    ...(request.tasks === undefined && {
      describeScalableTarget: async (id, signal) => (await session.connectScaling()).describeScalableTarget(id, signal),
    }),
  };
}

// Kayac's ecspresso reads --skip-task-definition as "register nothing", and a revision may be named with it: its
// documentation has `--skip-task-definition --revision 10`. Without a revision, it means what the service runs.
async function readSourceChoice(
  session: Session,
  ecs: Ecs,
  { taskDefinition }: Files,
  { latestTaskDefinition, revision, forceRegister }: DeployRequest,
): Promise<SourceChoice> {
  if (taskDefinition !== undefined) {
    const { value } = taskDefinition;
    return { kind: "file", family: String(value.family), input: value, force: forceRegister };
  }
  if (revision === undefined && !latestTaskDefinition) return { kind: "current" };
  const family = await readFamily(session, ecs);
  return revision === undefined ? { kind: "latest", family } : { kind: "revision", family, revision };
}

/** Says why a service is refused, or what is planned for it; returns what to carry out. */
async function report(prepared: PreparedDeploy, request: DeployRequest): Promise<PlannedOne | undefined> {
  const { session, planned, state } = prepared;
  for (const image of state.shipped?.elsewhere ?? []) {
    session.log.debug(`${image} is not in Amazon ECR: whether its tag has moved is not known`);
  }
  if (planned.kind === "refused") {
    await reportRefusal(planned.refusal, session, state.service);
    return undefined;
  }
  const { plan, undo } = planned;
  const rollsBackOnFailure = request.rollbackEvents.size > 0;
  session.emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure });
  const { rollbackEvents, deregistersFailed, suspendAutoScaling, resumeAutoScaling } = request;
  // The reason and the preflight are the deploy's alone: an automatic rollback writes no tag.
  const afterFailure: AfterFailure = {
    ...{ rollbackEvents, deregistersFailed, suspendAutoScaling, resumeAutoScaling },
    ...{ undo, timeoutMs: session.timeoutMs },
  };
  return { ...prepared, plan, afterFailure, wave: session.wave };
}

/** Reports what is said just before a deploy begins. */
function announce(one: PlannedOne, isRecorded: boolean, isOfMany: boolean): void {
  const { session, files, plan } = one;
  if (files.taskDefinition !== undefined && plan.to === undefined && !isOfMany) {
    session.log.info(`Creating a new task definition by ${session.config.taskDefinition}`);
  }
  if (isRecorded) compareWithRunning(one);
}

function showService(service: ServiceSnapshot | undefined, { ref, printToStderr }: Session): void {
  if (service === undefined) return;
  printToStderr(renderStatus({ ref, service, events: 1 }));
}

function showDryRun(
  one: PlannedOne,
  { output, showValues }: DeployRequest,
  isShown: boolean,
  isOfMany: boolean,
): void {
  const { session, plan } = one;
  if (output === "text" && isOfMany) session.printText([""]);
  if (isShown) showPlan(plan, session);
  const comparison = compareWithRunning(one);
  if (output === "text") showDifferences(comparison, showValues, session);
}

/** Reports how what is deployed differs from what runs, in the form of `diff`, and returns it. */
function compareWithRunning({ session, files: { service, taskDefinition }, state, plan }: PlannedOne): Comparison {
  const registered = plan.from && state.running?.raw;
  // What may not be read is not compared: a notice says so.
  const isRead = plan.from === undefined || registered !== undefined;
  const files = { service, taskDefinition: isRead ? taskDefinition : undefined };
  const compare = compareFiles(session, files, { service: state.members, taskDefinition: registered });
  const hasFiles = files.taskDefinition !== undefined || service !== undefined;
  if (hasFiles) session.emit({ kind: "compared", lines: compare(session.hidden).map(({ text }) => text) });
  return compare;
}
