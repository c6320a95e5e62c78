import type { Ecs } from "../aws/ecs.ts";
import { AwsError } from "../errors.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { EXIT } from "../report/exit_code.ts";
import { renderPlan } from "../report/plan_text.ts";
import { renderStatus } from "../report/status_text.ts";
import type { FailAfter } from "../rollout/assess_failures.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import { planDeploy } from "../rollout/plan/plan_deploy.ts";
import { NeedsReader } from "../rollout/read/read_preflight.ts";
import { type DeployQuery, readDeployState } from "../rollout/read/read_deploy_state.ts";
import type { SourceChoice } from "../rollout/read/read_source.ts";
import { reportRefusal, runPlans } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { compareFiles, type Comparison, type Files, type Running, showDifferences } from "./show_differences.ts";
import { loadServiceDefinition, loadTaskDefinition, readFamily } from "./definition_files.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { addDeployOptions } from "./deploy_options.ts";

const UNSEEN = "nobody would see how the deployment ends";
const TWO_SOURCES = "each says what is deployed";

export const define = defineCommand({
  options: addDeployOptions,
  examples: {
    "ecspresso deploy --dry-run": "show the plan only",
    "ecspresso deploy": "deploy the files",
    "ecspresso deploy --rollback-events DEPLOYMENT_FAILURE": "roll back if it fails",
  },
  help: `
More examples:
  ecspresso deploy --config ecspresso.yml --revision 3
  ecspresso deploy --skip-task-definition --force-new-deployment
  ecspresso deploy --tasks 4 --suspend-auto-scaling --resume-auto-scaling`,
  conflicts: {
    "--rollback-events --no-wait": UNSEEN,
    "--fail-after --no-wait": UNSEEN,
    "--deregister-failed --no-wait": UNSEEN,
    "--suspend-auto-scaling --resume-auto-scaling --no-wait": UNSEEN,
    "--show-values --output=json": "no event has values",
    "--latest-task-definition --revision": TWO_SOURCES,
    "--latest-task-definition --force-register": TWO_SOURCES,
    "--skip-task-definition --force-register": TWO_SOURCES,
    "--revision --force-register": TWO_SOURCES,
  },
  action: (options) => (session) => deployService(session, readRequest(options)),
});

type DeployRequest = ReturnType<typeof readRequest>;

/** What was typed, in the words of the plan. */
function readRequest(options: OptionsOf<typeof addDeployOptions>) {
  const { waitUntil: until, forceNewDeployment: force, deregisterFailed: deregistersFailed } = options;
  const { tasks, rollbackEvents = new Set() } = options;
  const failAfter: FailAfter = options.failAfter ?? (rollbackEvents.has("DEPLOYMENT_FAILURE") ? "breaker" : 0);
  return { ...options, until, force, tasks, rollbackEvents, failAfter, deregistersFailed };
}

const SHOWN_EVENTS = 1;

/** Registers, updates and waits; and rolls back what has failed, where that is wanted. Returns the exit code. */
async function deployService(session: Session, request: DeployRequest): Promise<number> {
  const { signal, timeoutMs, emit, reporter } = session;
  emit({ kind: "started", command: "deploy", isDryRun: request.dryRun, timeoutMs });
  const scales = request.suspendAutoScaling || request.resumeAutoScaling;
  const [ecs, scaling] = await Promise.all([session.connectEcs(), scales ? session.connectScaling() : undefined]);
  const files = await loadFiles(session, ecs, request);
  const state = await readDeployState(await readQuery(session, ecs, files, request), ecs, scaling, signal);
  showService(state.service, session);
  for (const image of state.shipped?.elsewhere ?? []) {
    session.log.debug(`${image} is not in Amazon ECR: whether its tag has moved is not known`);
  }
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
  if (reporter.isRecorded) await compare().catch(ignoreAwsError(session));
  const onFailure = { ...request, undo, timeoutMs };
  return await runPlans([{ session, ecs, scaling, plan, onFailure }], { logs: request.logs });
}

function showService(service: ServiceSnapshot | undefined, { ref, printToStderr }: Session): void {
  if (service === undefined) return;
  const shown = { ref, service, serviceDeployment: undefined, scaling: undefined, events: SHOWN_EVENTS };
  printToStderr(renderStatus({ ...shown, resumeCommand: "" }));
}

async function showDryRun(
  plan: Plan,
  compare: () => Promise<Comparison>,
  { output, showValues }: DeployRequest,
  session: Session,
): Promise<number> {
  if (output === "text") session.print(renderPlan(plan, session.timeoutMs));
  const comparison = await compare();
  if (output === "text") showDifferences(comparison, showValues, session);
  return EXIT.ok;
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

/** Reports how what is deployed differs from what runs, in the same form as `diff`, and returns that. */
async function compareWithRunning(session: Session, files: Files, running: Running, ecs: Ecs): Promise<Comparison> {
  const compare = await compareFiles(session, files, running, ecs);
  const isAbout = files.taskDefinition !== undefined || files.service !== undefined;
  if (isAbout) session.emit({ kind: "compared", lines: compare(session.hidden) });
  return compare;
}

/** No deploy fails because its differences cannot be shown. A stop signal that comes meanwhile ends the run itself. */
function ignoreAwsError({ log }: Session): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AwsError)) throw error;
    log.debug(`the files are not compared with what runs: ${error.message}`);
  };
}
