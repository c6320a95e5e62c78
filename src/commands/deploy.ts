import type { Ecs } from "../aws/ecs.ts";
import { AwsError } from "../errors.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { COMMAND_ENDINGS, EXIT, renderExitCodes } from "../report/exit_code.ts";
import { renderPlan } from "../report/plan_text.ts";
import { renderStatus } from "../report/status_text.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import { planDeploy } from "../rollout/plan/plan_deploy.ts";
import { type DeployQuery, readDeployState, type SourceChoice } from "../rollout/read/read_deploy_state.ts";
import { reportRefusal, runInSession, runPlans } from "../session/run_in_session.ts";
import type { Context } from "../session/context.ts";
import { type ProgramCommand, resolveGlobalOptions } from "../session/global_options.ts";
import type { Session } from "../session/session.ts";
import { compareFiles, type Comparison, type Files, type Running, showDifferences } from "./show_differences.ts";
import { loadServiceDefinition, loadTaskDefinition, readFamily } from "./definition_files.ts";
import { addDeployOptions, type DeployRequest, readDeployRequest } from "./deploy_options.ts";
import { requireDryRun } from "./options.ts";

const EXAMPLES = `
Examples:
  ecspresso deploy --config ecspresso.yml
  ecspresso deploy --config ecspresso.yml --dry-run
  ecspresso deploy --config ecspresso.yml --rollback-events DEPLOYMENT_FAILURE
  ecspresso deploy --skip-task-definition --force-new-deployment
  ecspresso deploy --tasks 4 --suspend-auto-scaling --resume-auto-scaling

${renderExitCodes(COMMAND_ENDINGS.deploy)}`;

/** `ecspresso deploy`: what is shipped, and what is done when it fails. */
export function defineDeploy(command: ProgramCommand, context: Context): void {
  addDeployOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      requireDryRun("deploy", globals, options.dryRun);
      const request = readDeployRequest(options);
      await runInSession(context, globals, (session) => deployService(session, request));
    });
}

const SHOWN_EVENTS = 5;

/** Registers, updates and waits; and rolls back what has failed, where that is wanted. Returns the exit code. */
async function deployService(session: Session, request: DeployRequest): Promise<number> {
  const { signal, timeoutMs, emit, reporter } = session;
  emit({ kind: "started", command: "deploy", isDryRun: request.dryRun, timeoutMs });
  const scales = request.suspendAutoScaling || request.resumeAutoScaling;
  const [ecs, scaling] = await Promise.all([session.connectEcs(), scales ? session.connectScaling() : undefined]);
  const files = await loadFiles(session, ecs, request);
  const state = await readDeployState(await readQuery(session, ecs, files, request), ecs, scaling, signal);
  showService(state.service, session);
  const planned = planDeploy(state, { ...request, timeoutMs });
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
  const { plan, undo } = planned;
  const rollsBackOnFailure = request.rollbackEvents.size > 0;
  emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure });
  const compare = () =>
    compareWithRunning(session, files, { service: state.members, taskDefinition: plan.from?.arn }, ecs);
  if (request.dryRun) return await showDryRun(plan, compare, request, session);
  if (files.taskDefinition !== undefined && plan.to === undefined) {
    session.log.info(`Creating a new task definition by ${session.config.taskDefinition}`);
  }
  // A call more, which no person on a terminal has asked for.
  if (reporter.isRecorded) await compare().catch(withoutComparison(session));
  const onFailure = { ...request, undo, timeoutMs };
  return await runPlans([{ plan, onFailure }], { ecs, scaling }, session);
}

function showService(service: ServiceSnapshot | undefined, { ref, printToStderr }: Session): void {
  if (service === undefined) return;
  const shown = { ref, service, serviceDeployment: undefined, scaling: undefined, events: SHOWN_EVENTS };
  printToStderr(renderStatus({ ...shown, resumeCommand: "" }));
}

async function showDryRun(
  plan: Plan,
  compare: () => Promise<Comparison>,
  { output, showsValues }: DeployRequest,
  session: Session,
): Promise<number> {
  if (output === "text") session.print(renderPlan(plan, session.timeoutMs));
  const comparison = await compare();
  if (output === "text") showDifferences(comparison, showsValues, session);
  return EXIT.ok;
}

async function loadFiles(
  session: Session,
  ecs: Ecs,
  { ships, updatesService }: DeployRequest,
): Promise<Files> {
  const updatesByFile = updatesService && session.config.serviceDefinition !== undefined;
  return {
    taskDefinition: ships === "file" ? await loadTaskDefinition(session, ecs) : undefined,
    service: updatesByFile ? await loadServiceDefinition(session, ecs) : undefined,
  };
}

/** What is to be deployed. Alarms and scalable targets are read only where something depends on them. */
async function readQuery(session: Session, ecs: Ecs, files: Files, request: DeployRequest): Promise<DeployQuery> {
  return {
    ref: session.ref,
    source: await readSourceChoice(session, ecs, files, request),
    serviceDefinition: files.service?.value,
    ignoredTags: session.config.ignoredTags,
    rollsBackOnFailure: request.rollbackEvents.size > 0,
    ...(request.rollbackEvents.has("DEPLOYMENT_STOP_ON_ALARM") && {
      readAlarmStates: async (names, signal) => (await session.connectAlarms()).readAlarmStates(names, signal),
    }),
    ...(request.tasks === undefined && {
      describeScalableTarget: async (id, signal) => (await session.connectScaling()).describeScalableTarget(id, signal),
    }),
  };
}

async function readSourceChoice(
  session: Session,
  ecs: Ecs,
  { taskDefinition }: Files,
  { ships, forceRegister }: DeployRequest,
): Promise<SourceChoice> {
  if (taskDefinition !== undefined) {
    const { value } = taskDefinition;
    return { kind: "file", family: String(value.family), input: value, force: forceRegister };
  }
  if (typeof ships === "string" && ships !== "latest") return { kind: "current" };
  const family = await readFamily(session, ecs);
  return ships === "latest" ? { kind: "latest", family } : { kind: "revision", family, revision: ships.revision };
}

/** Reports how what is deployed differs from what runs, in the same form as `diff`, and returns that. */
async function compareWithRunning(
  session: Session,
  files: Files,
  running: Running,
  ecs: Ecs,
): Promise<Comparison> {
  const compare = await compareFiles(session, files, running, ecs);
  const isAbout = files.taskDefinition !== undefined || files.service !== undefined;
  if (isAbout) session.emit({ kind: "compared", lines: compare(session.hidden) });
  return compare;
}

/** No deploy fails because its differences cannot be shown. A stop signal that comes meanwhile ends the run itself. */
function withoutComparison({ log }: Session): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AwsError)) throw error;
    log.debug(`the files are not compared with what runs: ${error.message}`);
  };
}
