import { AwsError } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import { primaryDeployment } from "../../model/service.ts";
import { givesOrder, STEP_KINDS } from "../../model/step_kinds.ts";
import type { Outcome, OutcomeKind } from "../outcome.ts";
import type { Plan, TaskDefinitionRef } from "../plan/plan.ts";
import { comesLast, type MainStep, PlanExecution, type Resolved, type StepRun } from "../steps/plan_execution.ts";
import type { PlannedFrom, RunContext } from "../run_context.ts";
import { awaitStep } from "../steps/await_deployment.ts";
import { restoreDeadline } from "../steps/scaling_guard.ts";
import { checkPrecondition, createService, hasStartedNone, updateService } from "../steps/update_service.ts";
import { checkSettings } from "../steps/check_settings.ts";
import { deregisterFailed, deregisterStep } from "../steps/deregister_unused.ts";
import { registerStep } from "../steps/register.ts";
import { stopStep } from "../steps/stop_deployment.ts";
import { findMissingHold, tagStep } from "../steps/tag_service.ts";

/** How to carry a plan out, beyond what the plan itself says. */
export interface HowToRun {
  /** What the plan was made from; left out: it is read again before the first write. */
  readonly plannedFrom?: PlannedFrom | undefined;
  /** What was registered for it ahead. */
  readonly registered?: Revision | undefined;
  /** Given where a rollback follows a failure: how long restoring may take before it. */
  readonly restoreAfterFailureWithinMs?: number | undefined;
  /** Whether what was registered for an order that was never sent is deregistered again. */
  readonly deregistersFailed?: boolean;
  /** The caller reports how the service has ended, and may try again. */
  readonly isAutomaticRollback?: boolean;
}

/** Carries a plan out, and reports how that has ended. */
export async function runPlan(plan: Plan, context: RunContext, how: HowToRun = {}): Promise<Outcome> {
  const { outcome } = await executePlan(plan, context, how);
  context.emit({ kind: "rolloutEnded", outcome });
  return outcome;
}

interface ExecutedPlan extends Pick<PlanExecution, "registered" | "orderedAtMs"> {
  readonly outcome: Outcome;
  /** A tag on the service says that it was rolled back. */
  readonly hasRollbackTag: boolean;
}

/**
 * Carries a plan out, and returns how that has ended. What was changed only for the time of the rollout is restored on
 * every way out, a thrown error included.
 */
export async function executePlan(plan: Plan, context: RunContext, how: HowToRun): Promise<ExecutedPlan> {
  const run = new PlanExecution(plan, context, how.plannedFrom);
  run.registered = how.registered;
  let end: OutcomeKind | undefined;
  let failure: unknown;
  try {
    end = await runSteps(plan, run);
  } catch (error) {
    // An AWS call may have been cut off by a time limit or a stop signal: then that is the outcome, not an error.
    if (error instanceof AwsError) end = outcomeIfStopped(run);
    failure = error;
  }
  const isBad = end?.kind === "failed" || end?.kind === "givenUp";
  const withinMs = isBad ? how.restoreAfterFailureWithinMs : undefined;
  const limit = restoreDeadline(context);
  // Both at the same time: after a stop signal there is little time.
  const waits = run.waits.restore(run, end, limit);
  const scaling = await run.scaling.restore(isOvertaken(run, end), limit, withinMs);
  const { events, leftover } = await waits;
  for (const event of events) context.emit(event);
  run.leftovers.push(...[scaling, leftover, findMissingHold(run, end)].filter((one) => one !== undefined));
  if (run.ordered === "no") await cleanUpUnordered(run, end, how);
  if (end === undefined) {
    if (run.ordered !== "no") context.emit({ kind: "detached", ordered: run.ordered });
    for (const leftover of run.leftovers) context.emit({ kind: "notice", notice: { code: "leftToDo", leftover } });
    throw failure;
  }
  const { settings } = plan;
  const isDone = end.kind === "succeeded" || end.kind === "submitted";
  if (isDone && settings !== undefined) run.leftovers.push(...await checkSettings(settings, run));
  if (end.kind === "succeeded") await deregisterStep(run);
  const { leftovers, registered, orderedAtMs, tagging } = run;
  const hasRollbackTag = tagging?.hasRollbackTag ?? false;
  return { outcome: { ...skipOvertaken(end, plan), leftovers }, registered, hasRollbackTag, orderedAtMs };
}

/** With `--if-deployed-within`, what began after the plan is not the release to leave: then nothing is to be done. */
function skipOvertaken(end: OutcomeKind, { ifDeployedWithinMs }: Plan): OutcomeKind {
  if (ifDeployedWithinMs === undefined || end.kind !== "stalePlan") return end;
  const { by, hasSuspensionChanged, haveWaitsChanged, refusal } = end;
  if (by === undefined || hasSuspensionChanged || haveWaitsChanged || refusal !== undefined) return end;
  const running = parseTaskDefinitionArn(by.taskDefinition);
  const because = { code: "overtaken", running, deployment: by.id } as const;
  return { kind: "unchanged", taskDefinition: shortName(running), because };
}

/**
 * Where no order was given: reports that the service is unchanged if an error has ended the plan, and deregisters or
 * reports what was registered for it.
 */
export async function cleanUpUnordered(
  { plan, context, registered, usesOthersCopy }: Pick<
    PlanExecution,
    "plan" | "context" | "registered" | "usesOthersCopy"
  >,
  end: OutcomeKind | undefined,
  { deregistersFailed, isAutomaticRollback }: HowToRun,
): Promise<void> {
  const { intent, subject, from: running, steps, carried } = plan;
  if (intent !== "wait" && end === undefined && !isAutomaticRollback) {
    context.emit({ kind: "notice", notice: { code: "serviceUnchanged", running } });
  }
  if (registered === undefined || usesOthersCopy) return;
  if (deregistersFailed && !context.stop.aborted) return await deregisterFailed(registered, subject, context);
  const copyOf = steps.some(({ kind }) => kind === "register") ? undefined : plan.to;
  const isOfFamily = copyOf === undefined ||
    (copyOf.family === running?.family && !plan.notices.some(({ code }) => code === "otherFamily"));
  const unused = { taskDefinition: registered, running, copyOf, isOfFamily, carried };
  context.emit({ kind: "notice", notice: { code: "staysRegistered", ...unused } });
}

/** Runs the steps up to the end of the deployment; restoring and deregistering come after them. */
async function runSteps(plan: Plan, run: PlanExecution): Promise<OutcomeKind> {
  const work = plan.steps.filter((step) => STEP_KINDS[step.kind].changes || !comesLast(step));
  if (work.length === 0) {
    run.scaling.scheduleRestore();
    return endWithoutOrder(run);
  }
  // What is read after this wait is still young when the order is sent.
  if (work[0]!.kind === "updateService") await run.context.ecs.awaitTurn(plan.subject, run.context.signal);
  const stale = await checkPrecondition(run);
  if (stale !== undefined) return stale;
  const isOrdered = work.some(({ kind }) => STEP_KINDS[kind].ordered !== undefined);
  let end: OutcomeKind = isOrdered ? { kind: "submitted" } : endWithoutOrder(run);
  for (const step of plan.steps) {
    if (comesLast(step) || isDone(step, run)) continue;
    const early = outcomeIfStopped(run);
    if (early !== undefined) return early;
    const resolved = resolve(step, run);
    run.context.emit({ kind: "stepStarted", step: resolved });
    // Noted before the order is sent: what ECS does from then on may be its effect.
    if (givesOrder(step)) run.orderedAtMs ??= run.context.ecs.now();
    const ended = await runStep(resolved, run);
    // Noted after the step: an order reads itself whether it comes too late, and has changed nothing until then.
    run.hasWritten ||= STEP_KINDS[step.kind].changes;
    if (ended !== undefined && ended.kind !== "succeeded") return ended;
    end = ended ?? endAfter(resolved, run) ?? end;
  }
  return end;
}

/** Whether something else has done a step: registering ahead, or the update in place of a stop that ECS has refused. */
function isDone({ kind }: MainStep, { plan, registered, after }: PlanExecution): boolean {
  if (kind === "register") return registered !== undefined;
  return kind === "updateService" && after !== undefined && plan.steps.some((step) => step.kind === "stopDeployment");
}

function runStep(step: Resolved<MainStep>, run: PlanExecution): StepRun {
  switch (step.kind) {
    case "register":
    case "registerCopy":
      return registerStep(step, run);
    case "createService":
      return createService(step, run);
    case "suspendScaling":
      return run.scaling.suspend(step);
    case "setCapacity":
      return run.scaling.setCapacity(step);
    case "recordWaits":
      return run.waits.record(step, run);
    case "tagService":
      return tagStep(step, run);
    case "stopDeployment":
      return stopStep(step, run);
    case "updateService":
      return updateService(step, run);
    case "awaitDeployment":
      return awaitStep(step, run);
  }
}

/** The outcome, where a stop signal or the time limit has ended the run. */
function outcomeIfStopped({ ordered, context: { deadline, stop } }: PlanExecution): OutcomeKind | undefined {
  if (stop.aborted) return { kind: "interrupted", ordered };
  return deadline.aborted ? { kind: "timedOut", ordered } : undefined;
}

/** How a plan ends if this is its last step. */
function endAfter(step: Resolved<MainStep>, run: PlanExecution): OutcomeKind | undefined {
  const { after } = run;
  if (step.kind === "createService" && after !== undefined) {
    const { deploymentController } = after;
    return { kind: "submitted", ...(deploymentController !== "ECS" && { leftTo: deploymentController }) };
  }
  return step.kind === "updateService" && hasStartedNone(step, run)
    ? { kind: "submitted", startsNone: true }
    : undefined;
}

/** The end of a plan that gives ECS no order, apart from scaling. */
function endWithoutOrder(run: PlanExecution): OutcomeKind {
  const { intent, isReached, skipped: because } = run.plan;
  if (because !== undefined) return { kind: "unchanged", taskDefinition: shortName(because.running), because };
  if (!isReached) return { kind: "submitted" };
  // `wait` reports success no matter who started the deployment.
  return intent === "wait" ? { kind: "succeeded" } : { kind: "unchanged", taskDefinition: shortName(run.target) };
}

/** The step, with the revision that it is about. */
function resolve(step: MainStep, run: PlanExecution): Resolved<MainStep> {
  const find = (ref: TaskDefinitionRef) => ref === "registered" ? run.requireRegistered() : ref;
  switch (step.kind) {
    case "updateService":
    case "createService":
      return { ...step, taskDefinition: step.taskDefinition && find(step.taskDefinition) };
    case "awaitDeployment":
      return { ...step, taskDefinition: find(step.taskDefinition) };
    default:
      return step;
  }
}

/** Whether somebody else's deployment is in place, or under way: another run may still need auto scaling suspended. */
function isOvertaken({ before, ordered }: PlanExecution, end: OutcomeKind | undefined): boolean {
  if (end?.kind === "stalePlan" || end?.kind === "superseded") return true;
  return ordered === "no" && before !== undefined && primaryDeployment(before)?.rolloutState === "IN_PROGRESS";
}
