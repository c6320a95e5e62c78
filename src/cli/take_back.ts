import { type Revision, shortName } from "../ecs/arn.ts";
import { describeAlarmsCommand } from "../ecs/aws_cli.ts";
import type { ServiceDeployment } from "../ecs/service_deployment.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import { deregisterUnused } from "../rollout/deregister_unused.ts";
import { classifyEnd, planAutomaticRollback } from "../rollout/plan_automatic_rollback.ts";
import { type Ordered, orderedOf, type OutcomeKind } from "../rollout/events.ts";
import type { Deployed } from "../rollout/plan_deploy.ts";
import { readSituation } from "../rollout/read_situation.ts";
import type { RollbackEvent } from "../rollout/rollback_events.ts";
import { adviseOn } from "../ui/aws_error_text.ts";
import { carryOut, type End, type PlanPorts, reportRefusal } from "./carry_out.ts";
import { Deadline } from "./deadline.ts";
import { EXIT, exitCodeOfSignal } from "./exit_code.ts";
import { adviseOnUnrestored, type ReadBack, readBack } from "./read_back.ts";
import type { Session } from "./session.ts";

export interface TakingBack {
  /** How the deploy has ended. */
  readonly end: End;
  readonly deployed: Deployed;
  readonly ports: PlanPorts;
  readonly request: {
    readonly rollbackEvents: ReadonlySet<RollbackEvent>;
    readonly deregistersFailed: boolean;
    readonly suspendAutoScaling: boolean;
    readonly resumeAutoScaling: boolean;
  };
}

/**
 * Takes back a deploy that has failed, where the way in which it has failed is one of the events: another plan through the
 * same execution, with a time limit of its own. Answers with the exit code of a failed deploy: that it was taken back does
 * not make it a success.
 */
export async function takeBack({ end, deployed, ports, request }: TakingBack, session: Session): Promise<number> {
  const { log, stoppedBy, audience } = session;
  const { rollbackEvents, deregistersFailed } = request;
  const hasFailed = end.outcome.kind === "failed" || end.outcome.kind === "rolledBackByEcs";
  if (end.exitCode === 0) return end.exitCode;
  const takesBack = rollbackEvents.size > 0;
  const record = takesBack && stoppedBy() === undefined ? await readRecord(session, ports) : undefined;
  if (stoppedBy() !== undefined) {
    const isEvent = takesBack && classifyEnd(end.outcome, record) !== undefined;
    if (isEvent) log.warn("Interrupted: the deploy is not taken back");
    tellLeft(end, session);
    return end.exitCode;
  }
  const event = takesBack ? classifyEnd(end.outcome, record) : undefined;
  if (event === "DEPLOYMENT_STOP_ON_ALARM") tellAlarms(record?.triggeredAlarms ?? [], session);
  if (event !== undefined && rollbackEvents.has(event)) {
    if (deployed.from !== undefined) {
      log.warn(`${event}: taking the deploy back`);
      audience.tell({ kind: "takingBack", event });
      return await rollBackDeploy({ end, deployed, ports, request }, deployed.from, session);
    }
    log.error(`${event}: there was no service before this deploy, so there is nothing to go back to`);
  } else if (event !== undefined) {
    log.warn(`${event} is none of the events of --rollback-events: the deploy is not taken back`);
  }
  tellLeft(end, session);
  const hasNotBegun = end.outcome.kind === "timedOut" && end.outcome.ordered === "no";
  // Where the time is up, this only tells what is left to do.
  if (deregistersFailed && (hasFailed || hasNotBegun)) await deregisterFailed(ports, session, session.signal);
  return end.exitCode;
}

/** Which alarms have ended the deploy, and how to see them. */
function tellAlarms(names: readonly string[], { ref, log }: Session): void {
  if (names.length === 0) return;
  const which = names.length === 1 ? "the alarm" : "the alarms";
  log.warn(`ended by ${which} ${names.join(", ")}; to see why: ${describeAlarmsCommand(ref, names)}`);
}

/** It stays as it has ended: now it can be said what comes next. */
function tellLeft({ left }: End, { log }: Session): void {
  for (const [level, message] of left) log[level](message);
}

/** The orders by which a service gets a task definition. */
const ORDERS: ReadonlySet<string> = new Set(["CreateService", "UpdateService"]);
/** What suspends auto scaling before any order: an error of these ends a deploy only there, for restoring throws none. */
const BEFORE_ORDERS: ReadonlySet<string> = new Set(["RegisterScalableTarget", "TagResource"]);

/** Deregisters what was registered for a deploy that AWS has then refused: nobody knows of it. */
export async function deregisterRefused(error: unknown, ports: PlanPorts, session: Session): Promise<void> {
  if (!(error instanceof AwsError)) return;
  const isRefused = ORDERS.has(error.operation) && !mayHaveBeenApplied(error);
  if (isRefused || BEFORE_ORDERS.has(error.operation)) await deregisterFailed(ports, session, session.signal);
}

/** What was registered for the deploy, and nothing else: whatever the service has run before is somebody else's. */
async function deregisterFailed(
  { ecs }: PlanPorts,
  { ref, log, changes: { registered } }: Session,
  signal: AbortSignal,
): Promise<void> {
  if (registered === undefined) return;
  const { leftover, notices } = await deregisterUnused(registered, ref, ecs, signal);
  for (const notice of notices) log.warn(notice);
  if (leftover === undefined) log.info(`Task definition is deregistered: ${registered.arn}`);
  else log.error(`${leftover.problem}; still to do: ${leftover.command}`);
}

/** ECS's own record of what has failed tells an alarm from a breaker; without it the texts have to do. */
async function readRecord(
  { ref, limits, host, log }: Session,
  { ecs }: PlanPorts,
): Promise<ServiceDeployment | undefined> {
  const signal = AbortSignal.any([limits.stop, host.clock.deadline(RECORD_WITHIN_MS)]);
  try {
    return await ecs.findNewestServiceDeployment(ref, signal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.kind === "denied") log.warn(`${error.message}; whether an alarm has stopped the deploy is not known`);
    else log.debug(`ECS's record of the deployment is not read: ${error.message}`);
    return undefined;
  }
}

const RECORD_WITHIN_MS = 10_000;
/** ECS may turn back by itself just while the way back is planned: then that is planned again. */
const MOST_PLANS = 3;
/** What the way back does besides what was asked of the deploy: it waits, and deregisters nothing by itself. */
const ROLLBACK = {
  wait: true,
  deregister: false,
  reregister: false,
  allowUnproven: false,
  isAsked: false,
  configuredFamily: undefined,
};

async function rollBackDeploy(
  { end, deployed, ports, request }: TakingBack,
  from: Revision,
  session: Session,
): Promise<number> {
  const { log, host, ref, timeoutMs, limits } = session;
  const deadline = new Deadline(host.clock, timeoutMs).signal;
  const signal = AbortSignal.any([deadline, limits.stop]);
  let goesOn: Ordered = "no";
  try {
    const choice = { kind: "number", revision: from.revision, family: from.family } as const;
    const whole = { ...deployed, to: deployed.to ?? session.changes.registered };
    for (let plans = 1; plans <= MOST_PLANS; plans++) {
      const situation = await readSituation(ref, choice, ports.ecs, ports.scaling, signal);
      const planned = planAutomaticRollback(situation, whole, { ...request, ...ROLLBACK, timeoutMs });
      if (planned.kind === "refused") {
        reportRefusal(planned.refusal, session);
        if (request.deregistersFailed) await deregisterFailed(ports, session, signal);
        break;
      }
      session.audience.tell({ kind: "planned", plan: planned.plan, takesBack: true });
      for (const notice of planned.plan.notices) log.warn(notice);
      const back = await carryOut(planned.plan, ports, session, { deadline, stop: limits.stop });
      // A way back that does not wait has nothing to wait for.
      if (["succeeded", "unchanged", "submitted"].includes(back.outcome.kind)) {
        if (request.deregistersFailed) await deregisterFailed(ports, session, signal);
        const failureStands = back.outcome.kind === "submitted" && !planned.plan.isReached;
        const read = await readBack(deployed, planned.plan, ports, session);
        session.audience.tell({ kind: "readBack", isBack: isWhole(read) });
        return tellBack(
          { end, read, deployed, failedBefore: failureStands ? deployed.failedBefore : undefined },
          from,
          session,
        );
      }
      goesOn = orderedOf(back.outcome);
      if (!isOvertaken(back.outcome)) break;
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // A call that the user's stop has cut off is no failure of AWS's.
    if (session.stoppedBy() === undefined) {
      for (const line of [error.message, ...adviseOn(error, ref.region)]) log.error(line);
    } else log.warn("Interrupted while the deploy was being taken back");
  }
  log.error(`The deploy failed${reasonOf(end)}, ${UNFINISHED[goesOn]} ${shortName(from)}`);
  log.error(
    goesOn === "yes"
      ? `to follow it: ${session.commandLine("wait")}`
      : `see what runs now: ${session.commandLine("status")}`,
  );
  const stop = session.stoppedBy();
  return stop === undefined ? EXIT.deploymentFailed : exitCodeOfSignal(stop);
}

/**
 * Whether ECS itself or somebody has acted before the way back gave its order: another plan says what there is to do now.
 * What somebody does after the order is a decision about the way back, which stands.
 */
function isOvertaken(outcome: OutcomeKind): boolean {
  return outcome.kind === "outdated" || (outcome.kind === "superseded" && outcome.ordered === "no");
}

/** What is said of a way back that nobody has seen at its end. */
const UNFINISHED: Readonly<Record<Ordered, string>> = {
  no: "and it could not be taken back to",
  yes: "and ECS is still taking it back to",
  unknown: "and it is not known whether it is taken back to",
};

interface Back {
  readonly end: End;
  readonly read: ReadBack;
  readonly deployed: Deployed;
  /** The deployment in place, where that had failed before the deploy. */
  readonly failedBefore: string | undefined;
}

/** That it has been taken back is said only of what was read to be so. */
function tellBack({ end, read, deployed, failedBefore }: Back, from: Revision, session: Session): number {
  const { log } = session;
  const name = shortName(from);
  const where = failedBefore === undefined
    ? `the service runs ${name}`
    : `deployment ${failedBefore} to ${name}, which had failed before, is in place`;
  if (isWhole(read)) {
    const what = failedBefore === undefined ? "It has been taken back: " : "The service's attributes are restored; ";
    log.error(`The deploy failed${reasonOf(end)}. ${what}${where}`);
  } else {
    const but = [
      read.unrestored.length > 0 && `not restored: ${read.unrestored.join(", ")}`,
      read.unknown.length > 0 && `not known whether restored: ${read.unknown.join(", ")}` +
        (read.reason === undefined ? "" : ` (${read.reason})`),
    ].filter((part) => part !== false);
    log.error(`The deploy failed${reasonOf(end)}. Now ${where} again; ${but.join("; ")}`);
    for (const line of adviseOnUnrestored(read.unrestored, deployed, session)) log.error(line);
    if (read.unknown.length > 0) log.error(`compare: ${session.commandLine("diff")}`);
  }
  // Also where it had timed out: nothing of it is in flight any more.
  return EXIT.deploymentFailed;
}

function isWhole({ unrestored, unknown }: ReadBack): boolean {
  return unrestored.length === 0 && unknown.length === 0;
}

function reasonOf({ outcome }: End): string {
  if (outcome.kind === "timedOut") return " (it timed out while its tasks kept stopping)";
  return outcome.kind === "failed" || outcome.kind === "rolledBackByEcs" ? ` (${outcome.reason})` : "";
}
