import type { Ecs } from "../aws/ecs_adapter.ts";
import type { Definition } from "../config/load_definition.ts";
import { shortName } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import { type DeployOptions, planDeploy } from "../rollout/plan/plan_deploy.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { RollbackEvent } from "../rollout/rollback_events.ts";
import { type DeployWish, readDeploySituation, type ShippedChoice } from "../rollout/read/read_deploy_situation.ts";
import { renderPlan } from "../report/plan_text.ts";
import { renderStatus } from "../report/status_text.ts";
import { carryOut, reportRefusal } from "../session/carry_out.ts";
import { EXIT } from "../report/exit_code.ts";
import { loadServiceDefinition, loadTaskDefinition } from "./load_checked.ts";
import { readFamily } from "./read_family.ts";
import type { OutputFormat } from "./output_option.ts";
import type { Session } from "../session/session.ts";
import { deregisterRefused } from "../session/deregister_failed.ts";
import { takeBack } from "../session/take_back.ts";
import { chooseShowing } from "./show_values.ts";
import { compareService, compareTaskDefinitionWith, type Comparison } from "./show_diff.ts";

export interface DeployRequest extends DeployOptions {
  readonly dryRun: boolean;
  readonly output: OutputFormat;
  /** Show in a dry run also the values of variables and what was looked up. */
  readonly showsValues: boolean;
  /** Which task definition: the one of the file, the one that runs, the newest one, or one by its number. */
  readonly ships: "file" | "current" | "latest" | { readonly revision: number };
  /** Register also what says the same as the newest revision. */
  readonly forceRegister: boolean;
  /** Bring the service's own attributes to what the service definition says. */
  readonly updatesService: boolean;
  /** The events at which the deploy is taken back. */
  readonly rollbackEvents: ReadonlySet<RollbackEvent>;
  /** Deregister what was registered for a deploy that failed, once nothing uses it. */
  readonly deregistersFailed: boolean;
}

const SHOWN_EVENTS = 5;

/** Registers, updates and waits; and takes back what has failed, where that is wanted. Answers with the exit code. */
export async function deployService(session: Session, request: DeployRequest): Promise<number> {
  const { log, ref, signal, config, timeoutMs, audience } = session;
  audience.tell({ kind: "started", command: "deploy", subject: ref, isDryRun: request.dryRun, timeoutMs });
  log.info(request.dryRun ? "Starting deploy (dry run)" : "Starting deploy");
  const scales = request.suspendAutoScaling || request.resumeAutoScaling;
  const [ecs, scaling] = await Promise.all([session.connectEcs(), scales ? session.connectScaling() : undefined]);
  const files = await loadFiles(session, ecs, request);
  const wish: DeployWish = {
    ref,
    shipped: await readShippedChoice(session, ecs, files, request),
    serviceDefinition: files.service?.value,
    ignoredTags: config.ignoredTags,
    takesBack: request.rollbackEvents.size > 0,
    ...(request.rollbackEvents.has("DEPLOYMENT_STOP_ON_ALARM") && {
      readAlarmStates: async (names, signal) => (await session.connectAlarms()).readAlarmStates(names, signal),
    }),
    ...(request.tasks === undefined && {
      describeScalableTarget: async (id, signal) => (await session.connectScaling()).describeScalableTarget(id, signal),
    }),
  };
  const situation = await readDeploySituation(wish, ecs, scaling, signal);
  if (situation.service !== undefined) {
    const { service } = situation;
    const shown = { ref, service, serviceDeployment: undefined, scaling: undefined, events: SHOWN_EVENTS };
    session.tell(renderStatus({ ...shown, resumeCommand: "" }));
  }
  const planned = planDeploy(situation, { ...request, timeoutMs });
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
  const { plan, deployed } = planned;
  audience.tell({ kind: "planned", plan, takesBack: false });
  const running = { service: situation.members, taskDefinition: plan.from?.arn };
  if (request.dryRun) {
    if (request.output === "text") session.print(renderPlan(plan, timeoutMs));
    const compare = await compareFiles(session, ecs, files, running);
    if (request.output === "text") showDifferences(compare, request, session);
    return EXIT.ok;
  }
  for (const notice of plan.notices) log.warn(notice);
  if (plan.reason !== undefined && plan.to !== undefined) {
    log.info(`Task definition ${shortName(plan.to)}: ${plan.reason}`);
  }
  if (wish.shipped.kind === "file" && plan.to === undefined) {
    log.info(`Creating a new task definition by ${config.taskDefinition}`);
  }
  if (audience.seesDifferences) await compareFiles(session, ecs, files, running).catch(withoutComparison(session));
  const ports = { ecs, scaling };
  const mayBeTakenBack = request.rollbackEvents.size > 0;
  const end = await carryOut(plan, ports, session, session.limits, mayBeTakenBack).catch(async (error) => {
    tellUnchanged(error, plan, request, session);
    if (request.deregistersFailed) await deregisterRefused(error, ports, session);
    throw error;
  });
  return await takeBack({ end, deployed, ports, request }, session);
}

/** ECS has refused the update itself: of the service nothing has been changed, whatever has been registered for it. */
function tellUnchanged(error: unknown, { to }: Plan, { deregistersFailed }: DeployRequest, session: Session): void {
  const isRefused = error instanceof AwsError && error.operation === "UpdateService" && !mayHaveBeenApplied(error);
  if (!isRefused || session.stoppedBy() !== undefined) return;
  const { registered } = session.changes;
  const stays = registered === undefined || to !== undefined || deregistersFailed
    ? ""
    : `; ${shortName(registered)} stays registered (the next deploy uses it)`;
  session.log.error(`ECS has refused the update: the service is unchanged${stays}`);
}

/** The files that a deploy is about; `undefined` for what is not to be read. */
interface Files {
  readonly taskDefinition: Definition | undefined;
  readonly service: Definition | undefined;
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

async function readShippedChoice(
  session: Session,
  ecs: Ecs,
  { taskDefinition }: Files,
  { ships, forceRegister }: DeployRequest,
): Promise<ShippedChoice> {
  if (taskDefinition !== undefined) {
    const { value } = taskDefinition;
    return { kind: "file", family: String(value.family), input: value, force: forceRegister };
  }
  if (typeof ships === "string" && ships !== "latest") return { kind: "current" };
  const family = await readFamily(session, ecs);
  return ships === "latest" ? { kind: "latest", family } : { kind: "revision", family, revision: ships.revision };
}

/** Tells how what is deployed differs from what runs, in the same form as `diff`, and answers with it. */
async function compareFiles(
  session: Session,
  ecs: Ecs,
  { taskDefinition, service }: Files,
  running: { readonly service: JsonObject | undefined; readonly taskDefinition: string | undefined },
): Promise<Comparison> {
  if (taskDefinition === undefined && service === undefined) return () => [];
  const ofService = service === undefined ? () => [] : compareService(session, service, running.service);
  const ofTask = taskDefinition === undefined
    ? () => []
    : await compareTaskDefinitionWith(session, taskDefinition, running.taskDefinition, ecs);
  const compare: Comparison = (finder) => [...ofService(finder), ...ofTask(finder)];
  session.audience.tell({ kind: "compared", lines: compare(session.hidden) });
  return compare;
}

function showDifferences(compare: Comparison, { showsValues }: DeployRequest, session: Session): void {
  const showing = chooseShowing(showsValues, session);
  const lines = compare(showing.finder);
  if (showing.finder === session.hidden) session.print(lines);
  else showing.write(lines.map((line) => `${line}\n`).join(""));
}

/** No deploy fails for what is only shown. A stop that comes meanwhile is seen to by whoever carries the plan out. */
function withoutComparison({ log }: Session): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AwsError)) throw error;
    log.debug(`the files are not compared with what runs: ${error.message}`);
  };
}
