import { AwsError, failureOf, unlessDenied, unlessFails } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import { newestFirst, type ServiceDeployment } from "../../model/service_deployment.ts";
import { findStopCause, type RollbackEvent } from "../judge/assess.ts";
import { endsWell, type Ordered, orderedOf } from "../../model/outcome_kinds.ts";
import { needsNewPlan, type Outcome, type OutcomeKind } from "../outcome.ts";
import type { DeployUndo, Plan } from "../plan/plan.ts";
import type { RestorePolicy, ScalingOptions } from "../plan/options.ts";
import { planAutomaticRollback } from "../plan/plan_automatic_rollback.ts";
import { readCurrentState } from "../read/read_current_state.ts";
import { retryStaleReads } from "../read/read_service.ts";
import type { RunContext } from "../run_context.ts";
import { runPlan } from "./run_plan.ts";
import { checkRollback } from "../steps/check_settings.ts";
import { isScalingError, limitScalingCalls } from "../steps/change_scaling.ts";
import { deregisterFailed } from "../steps/deregister_unused.ts";

/** What follows if a deploy fails. */
export interface AfterFailure extends ScalingOptions {
  /** The events at which the deploy is rolled back; empty: never. */
  readonly rollbackEvents: ReadonlySet<RollbackEvent>;
  /** Deregister what was registered for a deploy that failed, once nothing uses it. */
  readonly deregistersFailed: boolean;
  /** What the deploy has changed. */
  readonly undo: DeployUndo;
  /** The rollback's own time limit; 0: none. */
  readonly timeoutMs: number;
  /** What is done about settings that were changed together with the task definition. */
  readonly restore?: RestorePolicy | undefined;
}

interface EndedDeploy {
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly registered: Revision | undefined;
  readonly afterFailure: AfterFailure;
  /** The ARNs of the service revisions before it; left out: the rollback goes to the newest completed one. */
  readonly revisionsBefore?: readonly string[] | undefined;
}

/** How often the rollback is planned: ECS may roll back by itself meanwhile, which makes a plan stale. */
const MAX_PLANS = 3;
const RECORD_WITHIN_MS = 10_000;

/** The options of a rollback that the deploy does not decide: it waits, and deregisters nothing by itself. */
const ROLLBACK = {
  wait: true,
  deregister: false,
  reregister: false,
  allowUnproven: false,
  mayAsk: false,
  configuredFamily: undefined,
  pin: "auto",
  mayStartTheSame: true,
  // The rollback is watched until its time is up: there is nothing else to roll back to.
  failAfter: undefined,
} as const;

const WITHOUT_SCALING = { suspendAutoScaling: false, resumeAutoScaling: false };

/**
 * Rolls a deploy back if it has failed with one of the user's events: by a second plan, with a time limit of its own.
 * Otherwise, an event says why not. Returns whether it was rolled back, or that was tried.
 */
export async function rollBackOnFailure(deploy: EndedDeploy, ports: RunContext): Promise<boolean> {
  const { plan, outcome, registered, afterFailure } = deploy;
  if (endsWell(outcome)) return false;
  const { ecs, clock } = ports;
  const context = { ...ports, ecs: retryStaleReads(ecs, (service) => isFromBefore(service, deploy), clock) };
  if (afterFailure.rollbackEvents.size > 0) {
    const to = await decide(deploy, context);
    if (to !== undefined) return await rollBack(deploy, to, context) !== "notTried";
  }
  if (context.stop.aborted || !afterFailure.deregistersFailed) return false;
  const hasFailed = outcome.kind === "failed" || outcome.kind === "rolledBackByEcs";
  if (hasFailed) await deregisterFailed(registered, plan.subject, context);
  return false;
}

/**
 * Whether a read of the service lags behind: it shows the deployment from before the deploy, and nothing that ECS has
 * begun since. Judged by such a read, there would be nothing to roll back, and what runs could be deregistered.
 */
function isFromBefore(service: ServiceSnapshot, { plan, outcome, registered, afterFailure }: EndedDeploy): boolean {
  const target = registered ?? afterFailure.undo.to;
  const hasBegun = outcome.kind === "failed" || orderedOf(outcome) === "yes";
  if (!hasBegun || target === undefined || target.arn === afterFailure.undo.from?.arn) return false;
  return primaryDeployment(service)?.id === plan.basedOn &&
    service.deployments.every(({ taskDefinition }) => taskDefinition !== target.arn);
}

/** Returns the revision to roll back to; `undefined`: the deploy stays as it has ended. */
async function decide(
  { plan, outcome, afterFailure: { rollbackEvents, undo } }: EndedDeploy,
  context: RunContext,
): Promise<Revision | undefined> {
  const { stop, emit } = context;
  const record = stop.aborted ? undefined : await readRecord(plan.subject, context);
  const trigger = classifyEnd(outcome, record);
  const names = record?.triggeredAlarms ?? [];
  if (trigger === "DEPLOYMENT_STOP_ON_ALARM" && !stop.aborted && names.length > 0) {
    emit({ kind: "alarmsTriggered", names });
  }
  const unless = trigger === undefined
    ? "noEvent"
    : stop.aborted
    ? "interrupted"
    : !rollbackEvents.has(trigger)
    ? "notNamed"
    : undo.from === undefined
    ? "nothingBefore"
    : undefined;
  emit({ kind: "rollbackDecided", trigger, unless, named: [...rollbackEvents] });
  return unless === undefined ? undo.from : undefined;
}

/**
 * Which event (`--rollback-events`) the end of a deploy counts as. Somebody else's deployment, a deleted service and a
 * stop by the user are none: there is nothing to roll back, or nobody wants it. `record`: ECS's own record of the
 * deployment, where it could be read.
 */
export function classifyEnd(outcome: Outcome, record: ServiceDeployment | undefined): RollbackEvent | undefined {
  if (outcome.kind === "timedOut") {
    return outcome.ordered === "yes" && outcome.isCrashLooping ? "DEPLOYMENT_FAILURE" : undefined;
  }
  if (outcome.kind === "givenUp") return findStopCause(record, undefined);
  if (outcome.kind !== "failed" && outcome.kind !== "rolledBackByEcs") return undefined;
  const { reason } = outcome;
  return findStopCause(record, typeof reason === "string" ? reason : undefined);
}

/** Only ECS's own record of the failed deployment names an alarm for certain; without it, the service's texts decide. */
async function readRecord(
  ref: ServiceRef,
  { ecs, clock, stop, emit }: RunContext,
): Promise<ServiceDeployment | undefined> {
  const signal = AbortSignal.any([stop, clock.deadline(RECORD_WITHIN_MS)]);
  const reading = ecs.findNewestServiceDeployment(ref, signal);
  return await unlessFails(
    unlessDenied(reading, ({ failure: error }) => emit({ kind: "notice", notice: { code: "alarmsNotKnown", error } })),
  );
}

/**
 * Rolls back, whatever made that necessary, and plans again where ECS or somebody acts first. Returns `tried` once there
 * was a plan, and `back` once the service was read, and compared.
 */
export async function rollBack(
  deploy: EndedDeploy,
  to: Revision,
  { stop, clock, emit, ...ports }: RunContext,
): Promise<"notTried" | "tried" | "back"> {
  const { timeoutMs } = deploy.afterFailure;
  const deadline = timeoutMs === 0 ? new AbortController().signal : clock.deadline(timeoutMs);
  const limits = { deadline, stop, signal: AbortSignal.any([deadline, stop]) };
  let scaling = ports.scaling && limitScalingCalls(ports.scaling, clock);
  let ordered: Ordered = "no";
  let failure: AwsError | undefined;
  let isTried = false;
  for (let plans = 1; plans <= MAX_PLANS; plans++) {
    try {
      const context = { ...ports, ...limits, clock, emit, scaling };
      const back = await planRollback(deploy, to, context);
      if (back === undefined) break;
      isTried = true;
      const attempt = await attemptRollback(deploy, back, to, context);
      if (attempt === "done") {
        // A rollback without scaling has not restored what the deploy has left of auto scaling.
        const leftovers = scaling === undefined ? deploy.outcome.leftovers : [];
        for (const leftover of leftovers) emit({ kind: "notice", notice: { code: "leftToDo", leftover } });
        return "back";
      }
      ordered = orderedOf(attempt);
      if (!needsNewPlan(attempt)) break;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const canDoWithout = scaling !== undefined && isScalingError(error) && !stop.aborted;
      failure = canDoWithout ? undefined : error;
      if (!canDoWithout) break;
      emit({ kind: "notice", notice: { code: "rollsBackWithoutScaling", error: error.failure } });
      scaling = undefined;
    }
  }
  const ended = { failure: failure && failureOf(failure), isInterrupted: stop.aborted };
  emit({ kind: "rollbackUnfinished", to, ordered, ...ended });
  return isTried ? "tried" : "notTried";
}

/** Plans the rollback; returns `undefined` where that is refused. */
async function planRollback(
  { plan: { subject: ref }, outcome: end, afterFailure, registered, revisionsBefore = [] }: EndedDeploy,
  to: Revision,
  context: RunContext,
): Promise<Plan | undefined> {
  const { undo, deregistersFailed } = afterFailure;
  const { ecs, scaling, openChecker, signal, emit } = context;
  const started = end.kind === "rolledBackByEcs" ? undefined : undo.started;
  const known = { checker: openChecker?.(), undo: { ran: undo.ran, started } };
  const revisions = revisionsBefore.length === 0 ? [] : await ecs.describeServiceRevisions(revisionsBefore, signal);
  const ran = newestFirst(revisions).find(({ taskDefinition }) => taskDefinition === to.arn);
  const state = await readCurrentState(ref, { kind: "known", ...to, ran }, ecs, scaling, signal, known);
  const options = { ...afterFailure, ...ROLLBACK, ...(scaling === undefined && WITHOUT_SCALING) };
  const planned = planAutomaticRollback(state, { ...undo, to: undo.to ?? registered }, options);
  if (planned.kind === "refused") {
    emit({ kind: "refused", refusal: planned.refusal });
    if (deregistersFailed) await deregisterFailed(registered, ref, context);
    return undefined;
  }
  emit({ kind: "planned", plan: planned.plan, isAutomaticRollback: true, rollsBackOnFailure: false });
  return planned.plan;
}

/** Carries the rollback out. Returns `done`, or how it has ended where the service is not back. */
async function attemptRollback(
  { plan: { subject: ref }, afterFailure: { undo, deregistersFailed }, registered }: EndedDeploy,
  back: Plan,
  to: Revision,
  context: RunContext,
): Promise<"done" | OutcomeKind> {
  const outcome = await runPlan(back, context, { isAutomaticRollback: true });
  // `submitted` ends well, too: then the rollback had nothing to wait for.
  if (!endsWell(outcome)) return outcome;
  if (deregistersFailed) await deregisterFailed(registered, ref, context);
  const failureStands = outcome.kind === "submitted" && !back.isReached;
  const failedBefore = failureStands ? undo.failedBefore : undefined;
  const check = { to, failedBefore, ...await checkRollback(undo, back, context) };
  context.emit({ kind: "rollbackVerified", check });
  return "done";
}
