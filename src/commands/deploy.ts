import { AwsError } from "../errors.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { renderPlan } from "../report/plan_text.ts";
import { renderStatus } from "../report/status_text.ts";
import { prepareAll, reportRefusal, runPlans, type SessionPlan } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { addDeployOptions, type DeployRequest, readRequest } from "./deploy_options.ts";
import { reportPlanned, reportStarted, showAll } from "./plan_all.ts";
import { policyOf } from "./policy_options.ts";
import { type PreparedDeploy, prepareDeploy } from "./prepare_deploy.ts";
import { compareFiles, type Comparison, showDifferences } from "./show_differences.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";

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
  needsFiles: true,
  actionOnAll: (options) => (sessions) => deployAll(sessions, readRequest(options, sessions.length)),
});

const SHOWN_EVENTS = 1;

/**
 * Registers, updates and waits; and rolls back what has failed, where that is wanted. Where one of many services is refused,
 * nothing is done to any of them, unless those are to be skipped. Returns the exit code.
 */
async function deployAll(sessions: readonly Session[], request: DeployRequest): Promise<number> {
  const planned = await planAll(sessions, request);
  return planned === undefined
    ? exitCodeOfRun(sessions[0]!.reporter.state)
    : await runPlans(planned, policyOf(request));
}

/**
 * Returns what is to be carried out; `undefined`: nothing is. What else was read is most of the memory that a service takes,
 * and ends here.
 */
async function planAll(sessions: readonly Session[], request: DeployRequest): Promise<SessionPlan[] | undefined> {
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
    for (const one of planned) await showDryRun(one, request, isEachShown, sessions.length > 1);
  }
  if (isRefused || request.dryRun) return undefined;
  for (const one of planned) await announce(one, reporter.isRecorded, sessions.length > 1);
  return planned.map(({ files: _, state: __, planned: ___, ...one }) => one);
}

type PlannedOne = PreparedDeploy & SessionPlan;

/** Says why one is refused, or what is planned for it; returns what is to be carried out. */
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
  const onFailure = { ...request, undo, timeoutMs: session.timeoutMs };
  return { ...prepared, plan, onFailure, wave: session.wave };
}

/** What is said just before it begins. */
async function announce(one: PlannedOne, isRecorded: boolean, isOfMany: boolean): Promise<void> {
  const { session, files, plan } = one;
  if (files.taskDefinition !== undefined && plan.to === undefined && !isOfMany) {
    session.log.info(`Creating a new task definition by ${session.config.taskDefinition}`);
  }
  // A call more, which no person on a terminal has asked for.
  if (isRecorded) await compareWithRunning(one).catch(ignoreAwsError(session));
}

function showService(service: ServiceSnapshot | undefined, { ref, printToStderr }: Session): void {
  if (service === undefined) return;
  const shown = { ref, service, serviceDeployment: undefined, scaling: undefined, events: SHOWN_EVENTS };
  printToStderr(renderStatus({ ...shown, resumeCommand: "" }));
}

async function showDryRun(
  one: PlannedOne,
  { output, showValues }: DeployRequest,
  isShown: boolean,
  isOfMany: boolean,
): Promise<void> {
  const { session, plan } = one;
  if (output === "text" && isOfMany) session.printText([""]);
  if (isShown) session.printText(renderPlan(plan, session.timeoutMs));
  const comparison = await compareWithRunning(one);
  if (output === "text") showDifferences(comparison, showValues, session);
}

/** Reports how what is deployed differs from what runs, in the same form as `diff`, and returns that. */
async function compareWithRunning({ session, files, state, plan, ecs }: PlannedOne): Promise<Comparison> {
  const running = { service: state.members, taskDefinition: plan.from?.arn };
  const compare = await compareFiles(session, files, running, ecs);
  const isAbout = files.taskDefinition !== undefined || files.service !== undefined;
  if (isAbout) session.emit({ kind: "compared", lines: compare(session.hidden) });
  return compare;
}

/** No deploy fails because its differences cannot be shown. A stop signal that comes meanwhile ends the run itself. */
function ignoreAwsError({ log }: Session): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AwsError)) throw error;
    log.debug(`the files are not compared with what runs: ${describeCall(error.failure)}`);
  };
}
