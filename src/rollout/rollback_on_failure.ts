import { AwsError, failureOf } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { ScalingPort } from "../model/ports.ts";
import type { ServiceRef } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { checkRollback } from "./check_rollback.ts";
import { type Ordered, orderedOf, type Outcome, type OutcomeKind, type RolloutEvent } from "./events.ts";
import type { DeployUndo, Plan, ScalingOptions } from "./plan/plan.ts";
import { classifyEnd, planAutomaticRollback } from "./plan/plan_automatic_rollback.ts";
import type { Limits, Ports } from "./plan_run.ts";
import { readCurrentState } from "./read/read_current_state.ts";
import type { RollbackEvent } from "./assess.ts";
import { runPlan } from "./run_plan.ts";
import { deregisterUnused } from "./steps/deregister_unused.ts";

/** What follows where a deploy fails. */
export interface OnFailure extends ScalingOptions {
  /** The events at which the deploy is rolled back; none: never. */
  readonly rollbackEvents: ReadonlySet<RollbackEvent>;
  /** Deregister what was registered for a deploy that failed, once nothing uses it. */
  readonly deregistersFailed: boolean;
  /** What there was before the deploy. */
  readonly undo: DeployUndo;
  /** The rollback's own limit; 0: none. */
  readonly timeoutMs: number;
}

/** A deploy that has ended. */
export interface EndedDeploy {
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly registered: Revision | undefined;
  readonly onFailure: OnFailure;
}

/** ECS may turn back by itself just while the rollback is planned: then that is planned again. */
const MOST_PLANS = 3;
const RECORD_WITHIN_MS = 10_000;
/** How long the rollback of a failed deploy waits for auto scaling. */
const PATIENCE_MS = 30_000;

/** What a rollback does besides what was asked of the deploy: it waits, and deregisters nothing by itself. */
const ROLLBACK = {
  wait: true,
  deregister: false,
  reregister: false,
  allowUnproven: false,
  isAsked: false,
  configuredFamily: undefined,
};

/**
 * Rolls a deploy back where the way in which it has failed is one of the user's events: a second plan, with a time limit of
 * its own. Says by an event why it does not.
 */
export async function* rollBackOnFailure(
  deploy: EndedDeploy,
  ports: Ports,
  limits: Limits,
): AsyncGenerator<RolloutEvent, void, void> {
  const { plan, outcome, registered, onFailure } = deploy;
  if (["succeeded", "unchanged", "submitted"].includes(outcome.kind)) return;
  if (onFailure.rollbackEvents.size > 0) {
    const to = yield* decide(deploy, ports, limits);
    if (to !== undefined) return yield* rollBack(deploy, to, ports, limits.stop);
  }
  if (limits.stop.aborted || !onFailure.deregistersFailed) return;
  const hasFailed = outcome.kind === "failed" || outcome.kind === "rolledBackByEcs";
  const hasNotBegun = outcome.kind === "timedOut" && outcome.ordered === "no";
  // Where the time is up, this only says what is left to do.
  const signal = AbortSignal.any([limits.stop, limits.deadline]);
  if (hasFailed || hasNotBegun) yield* deregisterFailed(registered, plan.subject, ports, signal);
}

/** Returns the revision to roll back to; `undefined` where the deploy stays as it has ended. */
async function* decide(
  { plan, outcome, onFailure: { rollbackEvents, undo } }: EndedDeploy,
  ports: Ports,
  { stop }: Limits,
): AsyncGenerator<RolloutEvent, Revision | undefined, void> {
  const record = stop.aborted ? undefined : yield* readRecord(plan.subject, ports, stop);
  const trigger = classifyEnd(outcome, record);
  if (trigger === "DEPLOYMENT_STOP_ON_ALARM" && !stop.aborted) {
    const names = record?.triggeredAlarms ?? [];
    if (names.length > 0) yield { kind: "alarmsTriggered", names };
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
  yield { kind: "rollbackDecided", trigger, unless, named: [...rollbackEvents] };
  return unless === undefined ? undo.from : undefined;
}

/** ECS's own record of what has failed tells an alarm from a circuit breaker; without it the service's words have to do. */
async function* readRecord(
  ref: ServiceRef,
  { ecs, clock }: Ports,
  stop: AbortSignal,
): AsyncGenerator<RolloutEvent, ServiceDeployment | undefined, void> {
  try {
    return await ecs.findNewestServiceDeployment(ref, AbortSignal.any([stop, clock.deadline(RECORD_WITHIN_MS)]));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.kind === "denied") yield { kind: "notice", notice: { code: "alarmsNotKnown", error: error.message } };
    return undefined;
  }
}

async function* rollBack(
  deploy: EndedDeploy,
  to: Revision,
  ports: Ports,
  stop: AbortSignal,
): AsyncGenerator<RolloutEvent, void, void> {
  const { timeoutMs } = deploy.onFailure;
  const deadline = timeoutMs === 0 ? new AbortController().signal : ports.clock.deadline(timeoutMs);
  const limits = { deadline, stop };
  let way = { ...deploy, ports: { ...ports, scaling: ports.scaling && impatient(ports.scaling, ports.clock) } };
  let ordered: Ordered = "no";
  let failure: AwsError | undefined;
  for (let plans = 1; plans <= MOST_PLANS; plans++) {
    try {
      const attempt = yield* attemptRollback(way, to, limits);
      if (attempt === "done") {
        if (way.ports.scaling === undefined) yield* repeatLeftovers(deploy.outcome);
        return;
      }
      if (attempt === "refused") break;
      ordered = orderedOf(attempt);
      if (!isOvertaken(attempt)) break;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failure = error;
      if (way.ports.scaling === undefined || !isOfScaling(error) || stop.aborted) break;
      failure = undefined;
      yield { kind: "notice", notice: { code: "rollsBackWithoutScaling", error: error.message } };
      const onFailure = { ...way.onFailure, suspendAutoScaling: false, resumeAutoScaling: false };
      way = { ...way, onFailure, ports: { ...way.ports, scaling: undefined } };
    }
  }
  const isInterrupted = stop.aborted;
  yield { kind: "rollbackUnfinished", to, ordered, failure: failure && failureOf(failure), isInterrupted };
}

/** Plans the rollback and carries it out. Returns how it has ended where the service is not back. */
async function* attemptRollback(
  { plan: { subject: ref }, onFailure, registered, ports }: EndedDeploy & { readonly ports: Ports },
  to: Revision,
  limits: Limits,
): AsyncGenerator<RolloutEvent, "done" | "refused" | OutcomeKind, void> {
  const { undo, deregistersFailed, timeoutMs } = onFailure;
  const signal = AbortSignal.any([limits.deadline, limits.stop]);
  const choice = { kind: "number", revision: to.revision, family: to.family } as const;
  const state = await readCurrentState(ref, choice, ports.ecs, ports.scaling, signal);
  const whole = { ...undo, to: undo.to ?? registered };
  const planned = planAutomaticRollback(state, whole, { ...onFailure, ...ROLLBACK, timeoutMs });
  if (planned.kind === "refused") {
    yield { kind: "refused", refusal: planned.refusal };
    if (deregistersFailed) yield* deregisterFailed(registered, ref, ports, signal);
    return "refused";
  }
  const back = planned.plan;
  yield { kind: "planned", plan: back, isAutomaticRollback: true, rollsBackOnFailure: false };
  const outcome = yield* runPlan(back, ports, limits);
  // A rollback that does not wait has nothing to wait for.
  if (!["succeeded", "unchanged", "submitted"].includes(outcome.kind)) return outcome;
  if (deregistersFailed) yield* deregisterFailed(registered, ref, ports, signal);
  const failureStands = outcome.kind === "submitted" && !back.isReached;
  const failedBefore = failureStands ? undo.failedBefore : undefined;
  const check = await checkRollback(ref, undo, back, ports, limits.stop);
  yield { kind: "rollbackVerified", check: { to, failedBefore, ...check } };
  return "done";
}

/**
 * Auto scaling whose calls fail when the patience with it is over: the bad revision is live meanwhile. What begins later,
 * such as restoring, has its own time.
 */
function impatient(scaling: ScalingPort, clock: Clock): ScalingPort {
  const patience = clock.deadline(PATIENCE_MS);
  const within = (signal: AbortSignal) => patience.aborted ? signal : AbortSignal.any([signal, patience]);
  return {
    describeScalableTarget: (id, signal) => scaling.describeScalableTarget(id, within(signal)),
    setSuspendedState: (id, state, signal) => scaling.setSuspendedState(id, state, within(signal)),
    listTags: (arn, signal) => scaling.listTags(arn, within(signal)),
    tag: (arn, key, value, signal) => scaling.tag(arn, key, value, within(signal)),
    untag: (arn, key, signal) => scaling.untag(arn, key, within(signal)),
  };
}

/** What the deploy has left of auto scaling, which a rollback without scaling has not restored either. */
function* repeatLeftovers({ leftovers }: Outcome): Generator<RolloutEvent, void, void> {
  for (const leftover of leftovers) yield { kind: "notice", notice: { code: "leftToDo", leftover } };
}

/**
 * Whether ECS itself or somebody has acted before the rollback gave its order: another plan says what there is to do now.
 * What somebody does after the order is a decision about the rollback, which stands.
 */
function isOvertaken(outcome: OutcomeKind): boolean {
  return outcome.kind === "stalePlan" || (outcome.kind === "superseded" && outcome.ordered === "no");
}

/** The calls by which auto scaling is suspended before any order: restoring it throws none of their errors. */
const OF_SCALING: ReadonlySet<string> = new Set([
  "DescribeScalableTargets",
  "ListTagsForResource",
  "RegisterScalableTarget",
  "TagResource",
]);

/** Whether auto scaling could not be suspended. */
export function isOfScaling({ operation }: AwsError): boolean {
  return OF_SCALING.has(operation);
}

/** Deregisters what was registered for the deploy, and nothing else: what the service ran before is somebody else's. */
export async function* deregisterFailed(
  registered: Revision | undefined,
  ref: ServiceRef,
  { ecs }: Ports,
  signal: AbortSignal,
): AsyncGenerator<RolloutEvent, void, void> {
  if (registered === undefined) return;
  const { leftover, notices } = await deregisterUnused(registered, ref, ecs, signal);
  for (const notice of notices) yield { kind: "notice", notice };
  yield { kind: "deregisteredFailed", taskDefinition: registered, leftover };
}
