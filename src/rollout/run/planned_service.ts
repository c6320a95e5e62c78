import { asAwsError, AwsError } from "../../errors.ts";
import { STEP_KINDS } from "../../model/step_kinds.ts";
import { mayHaveChanged } from "../../model/outcome_kinds.ts";
import type { Outcome } from "../outcome.ts";
import { NOTHING_CHANGED, type Plan, type Planned } from "../plan/plan.ts";
import type { PlannedFrom, RunContext } from "../run_context.ts";
import { PlanExecution } from "../steps/plan_execution.ts";
import { cleanUpUnordered, type HowToRun, runPlan } from "./run_plan.ts";
import type { Revision } from "../../model/arn.ts";
import { registerStep } from "../steps/register.ts";
import { tagUndone } from "../steps/tag_service.ts";
import { type AfterFailure, rollBack } from "./rollback_on_failure.ts";
import { showsTrouble } from "../judge/rollout_stage.ts";

/** Plans once more, for the service as it is now. Throws an `AwsError`. */
type PlanAgain = () => Promise<{ readonly planned: Planned; readonly plannedFrom: PlannedFrom | undefined }>;

/** A service's plan, and for a deploy what follows if it fails. */
export interface PlannedService {
  readonly plan: Plan;
  readonly context: RunContext;
  /** The services of a wave begin when those of the lower ones have ended; 1 where it is left out. */
  readonly wave?: number;
  readonly afterFailure?: AfterFailure;
  /** What the plan was made from; left out: the service is always read again before the first write. */
  readonly plannedFrom?: PlannedFrom | undefined;
  /** Given where another run may do the same; left out: what somebody has deployed since is never followed. */
  readonly planAgain?: PlanAgain | undefined;
  /** The time limit for going back because another service has failed; 0 or left out: none. */
  readonly timeoutMs?: number;
}

/** A service of a run, and how its plan has ended. */
export interface EndedService {
  readonly planned: PlannedService;
  /** `undefined`: an AWS error ended it. */
  readonly outcome: Outcome | undefined;
  readonly registered: Revision | undefined;
  /** The plan that this run has carried out instead, where another run has given the order. */
  readonly followed?: Plan | undefined;
  /** It has been rolled back already, or that was tried. */
  readonly isUndone: boolean;
  /** A tag on the service says that it was rolled back. */
  readonly hasRollbackTag: boolean;
  /** When this run gave its order, by AWS's clock; left out: it gave none. */
  readonly orderedAtMs?: number | undefined;
  /** When its plan had ended: by AWS's clock, and by `Clock.elapsed()`. Left out: an AWS error ended it. */
  readonly endedAt?: { readonly ms: number; readonly elapsedMs: number };
}

/** A plan without an order, where another run of the same command has already given it. */
interface PlanToFollow {
  readonly plan: Plan;
  readonly plannedFrom: PlannedFrom;
}

/** Plans to follow another run; `undefined` where the service is neither at its target nor on its way there. */
export async function planToFollow(planAgain: PlanAgain | undefined): Promise<PlanToFollow | undefined> {
  const again = await planAgain?.().catch(asAwsError);
  if (again === undefined || again instanceof AwsError) return undefined;
  const { planned, plannedFrom } = again;
  if (planned.kind === "refused" || plannedFrom === undefined) return undefined;
  const { plan } = planned;
  return plan.steps.every(({ kind }) => STEP_KINDS[kind].follows) ? { plan, plannedFrom } : undefined;
}

/** Follows what another run has ordered, and restores auto scaling, which the first plan may have suspended. */
export async function followOtherRun(
  { plan, plannedFrom }: PlanToFollow,
  context: RunContext,
  how: HowToRun,
): Promise<Outcome> {
  const { isReached, to: taskDefinition } = plan;
  context.emit({ kind: "notice", notice: { code: "orderedByOtherRun", taskDefinition, isReached } });
  const { deployments } = plannedFrom.service;
  // Nothing else would show what runs.
  if (isReached) {
    context.emit({ kind: "progress", progress: { events: [], deployments, serviceDeployment: undefined } });
  }
  return await runPlan(plan, context, { ...how, plannedFrom });
}

/** Registers what a deploy's plan registers, before any of many services is changed. Throws an `AwsError`. */
export async function registerAhead(planned: PlannedService): Promise<Revision | undefined> {
  const step = planned.plan.steps.find((step) => step.kind === "register");
  if (step === undefined || planned.context.signal.aborted) return undefined;
  const { plan, context } = planned;
  const run = new PlanExecution(plan, context);
  context.emit({ kind: "stepStarted", step });
  await registerStep(step, run);
  return run.registered;
}

/** Deregisters or reports the revision that was registered ahead for a service that was not begun after all. */
export async function cleanUpRegistered(planned: PlannedService, registered: Revision): Promise<void> {
  const { plan, context, afterFailure } = planned;
  const left = { plan, context, registered, usesOthersCopy: false };
  const deregistersFailed = afterFailure?.deregistersFailed === true;
  await cleanUpUnordered(left, { kind: "interrupted", ordered: "no" }, { deregistersFailed });
}

/** Whether the run has changed the service, or may have, and has not rolled it back. */
export function mayBeUndone({ outcome, isUndone, followed }: EndedService): boolean {
  if (isUndone || followed !== undefined) return false;
  if (outcome === undefined) return true;
  return mayHaveChanged(outcome);
}

/**
 * Rolls one service back to what it ran before this run, because another one has failed. A service that was already
 * failing before stays as it is: what it ran would fail again.
 */
export async function undo(
  { planned, outcome = { kind: "interrupted", ordered: "unknown", leftovers: [] }, registered, hasRollbackTag }:
    EndedService,
): Promise<void> {
  const { plan, context, afterFailure, plannedFrom } = planned;
  const { from } = plan;
  const reached = registered ?? plan.to;
  const unless = context.stop.aborted
    ? "interrupted"
    : from === undefined
    ? "nothingBefore"
    : wasFailing(planned)
    ? "wasFailing"
    : undefined;
  context.emit({ kind: "undoDecided", unless });
  if (unless !== undefined || from === undefined) return;
  const how = afterFailure ?? {
    rollbackEvents: new Set(),
    deregistersFailed: false,
    // With `restore`, its settings come back as ECS has them on record.
    undo: { ...NOTHING_CHANGED, from, to: reached },
    restore: plan.settings === undefined ? undefined : "service",
    suspendAutoScaling: plan.carried?.suspendAutoScaling ?? false,
    resumeAutoScaling: plan.carried?.resumeAutoScaling ?? false,
    timeoutMs: planned.timeoutMs ?? 0,
  };
  // Only settings have changed: the newest deployment of the revision may be this run's own.
  const revisionsBefore = reached?.arn === from.arn ? plannedFrom?.service.serviceRevisionArns : undefined;
  const end = await rollBack({ plan, outcome, registered, afterFailure: how, revisionsBefore }, from, context);
  if (end === "back" && hasRollbackTag && reached !== undefined) await tagUndone(plan, reached, from, context);
}

/** Whether the service was already failing when this was planned. */
function wasFailing({ plannedFrom }: PlannedService): boolean {
  return plannedFrom !== undefined && showsTrouble(plannedFrom.service);
}

/** Reads what a service runs now. That is optional: where it cannot be read, what was seen before stands. */
export async function readAgain(
  { plan: { subject }, context: { ecs, emit } }: PlannedService,
  signal: AbortSignal,
): Promise<void> {
  const service = await ecs.describeService(subject, signal).catch(asAwsError);
  if (service instanceof AwsError || service?.status !== "ACTIVE") return;
  emit({ kind: "lookedAgain", deployments: service.deployments });
}
