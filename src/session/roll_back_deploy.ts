import { type Revision, shortName } from "../model/arn.ts";
import { AwsError } from "../errors.ts";
import { type Ordered, orderedOf, type OutcomeKind } from "../rollout/events.ts";
import type { Limits } from "../rollout/run.ts";
import { impatientScaling } from "../rollout/steps/impatient_scaling.ts";
import { planAutomaticRollback } from "../rollout/plan/plan_automatic_rollback.ts";
import type { Deployed } from "../rollout/plan/plan_deploy.ts";
import { readSituation } from "../rollout/read/read_situation.ts";
import type { RollbackEvent } from "../rollout/rollback_events.ts";
import { adviseOn } from "../report/aws_error_text.ts";
import { carryOut, type End, type PlanPorts, reportRefusal } from "./carry_out.ts";
import { Deadline } from "./deadline.ts";
import { deregisterFailed, isOfScaling } from "./deregister_failed.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
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

/** Takes a failed deploy back, to `from`. Answers with the exit code, which is that of a failed deploy. */
export async function rollBackDeploy(takingBack: TakingBack, from: Revision, session: Session): Promise<number> {
  const { log, host, ref, timeoutMs } = session;
  const limits = { deadline: new Deadline(host.clock, timeoutMs).signal, stop: session.limits.stop };
  const { scaling } = takingBack.ports;
  let way = {
    ...takingBack,
    ports: { ...takingBack.ports, scaling: scaling && impatientScaling(scaling, host.clock) },
  };
  let goesOn: Ordered = "no";
  try {
    for (let plans = 1; plans <= MOST_PLANS; plans++) {
      try {
        const attempt = await goBack(way, from, session, limits);
        if (typeof attempt === "number") {
          if (way.ports.scaling === undefined) tellLeftovers(takingBack.end, session);
          return attempt;
        }
        if (attempt === undefined) break;
        goesOn = orderedOf(attempt);
        if (!isOvertaken(attempt)) break;
      } catch (error) {
        if (way.ports.scaling === undefined || !isOfScaling(error) || limits.stop.aborted) throw error;
        log.warn(`${error.message}: the deploy is taken back without suspending or resuming auto scaling`);
        const request = { ...way.request, suspendAutoScaling: false, resumeAutoScaling: false };
        way = { ...way, request, ports: { ...way.ports, scaling: undefined } };
      }
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // A call that the user's stop has cut off is no failure of AWS's.
    if (session.stoppedBy() === undefined) {
      for (const line of [error.message, ...adviseOn(error, ref.region)]) log.error(line);
    } else log.warn("Interrupted while the deploy was being taken back");
  }
  return tellUnfinished(goesOn, takingBack, from, session);
}

/**
 * Plans the way back, and goes it.
 *
 * @returns the exit code; where the service is not back, how the way back has ended; `undefined` where it is refused
 */
async function goBack(
  { end, deployed, ports, request }: TakingBack,
  from: Revision,
  session: Session,
  limits: Limits,
): Promise<number | OutcomeKind | undefined> {
  const { log, ref, timeoutMs } = session;
  const signal = AbortSignal.any([limits.deadline, limits.stop]);
  const choice = { kind: "number", revision: from.revision, family: from.family } as const;
  const situation = await readSituation(ref, choice, ports.ecs, ports.scaling, signal);
  const whole = { ...deployed, to: deployed.to ?? session.changes.registered };
  const planned = planAutomaticRollback(situation, whole, { ...request, ...ROLLBACK, timeoutMs });
  if (planned.kind === "refused") {
    reportRefusal(planned.refusal, session);
    if (request.deregistersFailed) await deregisterFailed(ports, session, signal);
    return undefined;
  }
  session.audience.tell({ kind: "planned", plan: planned.plan, takesBack: true });
  for (const notice of planned.plan.notices) log.warn(notice);
  const back = await carryOut(planned.plan, ports, session, limits);
  // A way back that does not wait has nothing to wait for.
  if (!["succeeded", "unchanged", "submitted"].includes(back.outcome.kind)) return back.outcome;
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

/** What the deploy has left of auto scaling, once more: the way back has not restored it either. */
function tellLeftovers({ outcome }: End, { log }: Session): void {
  for (const { problem, command } of outcome.leftovers) {
    log.error(problem);
    log.error(`still to do: ${command}`);
  }
}

/** The way back has not come to its end. Answers with the exit code. */
function tellUnfinished(goesOn: Ordered, { end }: TakingBack, from: Revision, { log, ...session }: Session): number {
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
