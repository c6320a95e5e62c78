import { asAwsError, AwsError } from "../errors.ts";
import type { PlanEvents, RolloutEvents } from "./events.ts";
import { orderedOf, type Outcome } from "./outcome.ts";
import { NOTHING_CHANGED, type Plan, type Planned } from "./plan/plan.ts";
import type { PlannedFrom, RunContext } from "./run_context.ts";
import { type HowToRun, leaveUnordered, runPlan } from "./run_plan.ts";
import type { Revision } from "../model/arn.ts";
import { PlanRun } from "./plan_run.ts";
import { registerStep } from "./steps/register.ts";
import { noteUndone } from "./steps/tag_service.ts";
import { ScalingGuard } from "./steps/scaling_guard.ts";
import { type OnFailure, rollBack } from "./rollback_on_failure.ts";
import { showsTrouble } from "./rollout_stage.ts";

/** Compares the service once more with what its plan was made for. Throws an `AwsError`. */
type PlanAgain = () => Promise<{ readonly planned: Planned; readonly plannedFrom: PlannedFrom | undefined }>;

/** A service's plan, and for a deploy what follows where it fails. */
export interface PlannedService {
  readonly plan: Plan;
  readonly context: RunContext;
  /** The services of a wave begin when those of the lower ones have ended; 1 where it is left out. */
  readonly wave?: number;
  readonly onFailure?: OnFailure;
  /** Left out: the service is read again in any case before the first write. */
  readonly plannedFrom?: PlannedFrom | undefined;
  /** Where another run may do the same; left out: what somebody has deployed since is never followed. */
  readonly planAgain?: PlanAgain | undefined;
  /** For the way back where another service has failed; 0 or left out: no limit. */
  readonly timeoutMs?: number;
}

/** A service of a run, and what has become of it. */
export interface EndedService {
  readonly planned: PlannedService;
  /** `undefined`: an error of AWS's was the end. */
  readonly outcome: Outcome | undefined;
  readonly registered: Revision | undefined;
  /** Another run has given the order: what this one has done instead. */
  readonly followed: Plan | undefined;
  /** It has been rolled back already, or that was tried. */
  readonly isUndone: boolean;
  /** A tag on the service says that it was rolled back. */
  readonly isNoted: boolean;
}

// Somebody who has deployed before a run's order may have been another run of the same.

/** A plan that orders nothing, for the service as it is by now. */
interface Followed {
  readonly plan: Plan;
  readonly plannedFrom: PlannedFrom;
}

/** What is followed: a service at the plan's own target, or on its way there; `undefined` where there is more to do, or less. */
export async function findFollowed(planAgain: PlanAgain | undefined): Promise<Followed | undefined> {
  const again = await planAgain?.().catch(asAwsError);
  if (again === undefined || again instanceof AwsError) return undefined;
  const { planned, plannedFrom } = again;
  if (planned.kind === "refused" || plannedFrom === undefined) return undefined;
  const { plan } = planned;
  return plan.steps.some(({ kind }) => !FOLLOWING.includes(kind)) ? undefined : { plan, plannedFrom };
}

const FOLLOWING = [
  "suspendScaling",
  "tagService",
  "awaitDeployment",
  "restoreScaling",
  "restoreWaits",
  "deregister",
  "bake",
];

/** Follows what another run has ordered. What the first plan has left of auto scaling, this one restores. */
export async function* followOthers(
  { plan, plannedFrom }: Followed,
  context: RunContext,
  how: HowToRun,
): PlanEvents<Outcome> {
  const { isReached, to: taskDefinition } = plan;
  yield { kind: "notice", notice: { code: "orderedByOtherRun", taskDefinition, isReached } };
  const { deployments } = plannedFrom.service;
  // Nothing else would show what runs.
  if (isReached) yield { kind: "progress", progress: { events: [], deployments, serviceDeployment: undefined } };
  return yield* runPlan(plan, context, { ...how, plannedFrom, registered: undefined });
}

/** Registers what a plan of a deploy registers, before any of many services is changed. Throws an `AwsError`. */
export async function* registerAhead(planned: PlannedService): PlanEvents<Revision | undefined> {
  const step = planned.plan.steps.find((step) => step.kind === "register");
  if (step === undefined || planned.context.signal.aborted) return undefined;
  const run = begin(planned);
  yield { kind: "stepStarted", step };
  yield* registerStep(step, run);
  return run.registered;
}

/** What becomes of what was registered for a service that was not begun then. */
export async function* leaveRegistered(planned: PlannedService, registered: Revision): PlanEvents {
  const run = begin(planned);
  run.registered = registered;
  const deregistersFailed = planned.onFailure?.deregistersFailed === true;
  yield* leaveUnordered(run, { kind: "interrupted", ordered: "no" }, { deregistersFailed });
}

function begin({ plan, context }: PlannedService): PlanRun {
  return new PlanRun(plan, context, new ScalingGuard(plan, context));
}

/** Whether the run has changed the service, or may have, and it is not back by now. */
export function mayBeUndone({ outcome, isUndone, followed }: EndedService): boolean {
  if (isUndone || followed !== undefined) return false;
  if (outcome === undefined) return true;
  const isOrdered = ["succeeded", "submitted", "failed", "rolledBackByEcs", "givenUp"].includes(outcome.kind);
  return isOrdered || orderedOf(outcome) !== "no";
}

/**
 * Takes one service back to what it ran before this run, because another one has failed. One that was failing before is left
 * where it is: it would crash again.
 */
export async function* undo(
  { planned, outcome = { kind: "interrupted", ordered: "unknown", leftovers: [] }, registered, isNoted }: EndedService,
): RolloutEvents {
  const { plan, context, onFailure } = planned;
  const { from } = plan;
  const unless = context.stop.aborted
    ? "interrupted"
    : from === undefined
    ? "nothingBefore"
    : wasFailing(planned)
    ? "wasFailing"
    : undefined;
  yield { kind: "undoDecided", unless };
  if (unless !== undefined || from === undefined) return;
  const how = onFailure ?? {
    rollbackEvents: new Set(),
    deregistersFailed: false,
    // Its settings come back with ECS's record of them.
    undo: { ...NOTHING_CHANGED, from, to: registered ?? plan.to },
    restore: plan.settings === undefined ? undefined : "service",
    suspendAutoScaling: plan.carried?.suspendAutoScaling ?? false,
    resumeAutoScaling: plan.carried?.resumeAutoScaling ?? false,
    timeoutMs: planned.timeoutMs ?? 0,
  };
  let isBack = false;
  for await (const event of rollBack({ plan, outcome, registered, onFailure: how }, from, context)) {
    isBack ||= event.kind === "rollbackVerified";
    yield event;
  }
  const reached = registered ?? plan.to;
  if (isBack && isNoted && reached !== undefined) yield* noteUndone(plan, reached, from, context);
}

/** Whether what the service ran when this was planned did not work then. */
function wasFailing({ plannedFrom }: PlannedService): boolean {
  return plannedFrom !== undefined && showsTrouble(plannedFrom.service);
}

/** Shows what runs of a service now. That is optional: what cannot be read stays as it was seen. */
export async function* readAgain(
  { plan: { subject }, context: { ecs } }: PlannedService,
  signal: AbortSignal,
): RolloutEvents {
  const service = await ecs.describeService(subject, signal).catch(asAwsError);
  if (service instanceof AwsError || service?.status !== "ACTIVE") return;
  yield { kind: "lookedAgain", deployments: service.deployments };
}
