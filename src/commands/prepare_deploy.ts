import type { Ecs } from "../aws/ecs.ts";
import type { PlannedDeploy } from "../rollout/plan/plan.ts";
import { planDeploy } from "../rollout/plan/plan_deploy.ts";
import { NeedsReader } from "../rollout/read/read_preflight.ts";
import { type DeployQuery, type DeployState, readDeployState } from "../rollout/read/read_deploy_state.ts";
import type { SourceChoice } from "../rollout/read/read_source.ts";
import type { SessionPlan } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { loadServiceDefinition, loadTaskDefinition, readFamily } from "./definition_files.ts";
import type { DeployRequest } from "./deploy_options.ts";
import type { Files } from "./show_differences.ts";

/** What a deploy of one service was planned from, and the plan. */
export interface PreparedDeploy extends Omit<SessionPlan, "plan"> {
  readonly files: Files;
  readonly state: DeployState;
  readonly planned: PlannedDeploy;
}

/** Reads the files and the current state of a service, and plans its deploy. Throws a ConfigError or an AwsError. */
export async function prepareDeploy(session: Session, how: DeployRequest): Promise<PreparedDeploy> {
  const { signal, timeoutMs } = session;
  const scales = how.suspendAutoScaling || how.resumeAutoScaling;
  const [ecs, scaling] = await Promise.all([session.connectEcs(), scales ? session.connectScaling() : undefined]);
  const files = await loadFiles(session, ecs, how);
  const state = await readDeployState(await readQuery(session, ecs, files, how), ecs, scaling, signal);
  return { session, ecs, scaling, files, state, planned: planDeploy(state, { ...how, timeoutMs }) };
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

/** What is to be deployed. Alarms and scalable targets are read only where something depends on them. */
async function readQuery(session: Session, ecs: Ecs, files: Files, request: DeployRequest): Promise<DeployQuery> {
  const isFile = files.taskDefinition !== undefined;
  const checker = session.openChecker(request.preflight === "off" || isFile ? undefined : request.preflight);
  return {
    ref: session.ref,
    source: await readSourceChoice(session, ecs, files, request),
    serviceDefinition: files.service?.value,
    ignoredTags: session.config.ignoredTags,
    rollsBackOnFailure: request.rollbackEvents.size > 0,
    checker,
    needs: request.preflight === "off" || isFile ? undefined : new NeedsReader(checker, session.signal),
    ...(request.rollbackEvents.has("DEPLOYMENT_STOP_ON_ALARM") && {
      readAlarmStates: async (names, signal) => (await session.connectAlarms()).readAlarmStates(names, signal),
    }),
    ...(request.tasks === undefined && {
      describeScalableTarget: async (id, signal) => (await session.connectScaling()).describeScalableTarget(id, signal),
    }),
  };
}

// Kayac's ecspresso reads --skip-task-definition as "register nothing", with which a revision may be named: its
// documentation has `--skip-task-definition --revision 10`. Alone it means what the service runs.
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
