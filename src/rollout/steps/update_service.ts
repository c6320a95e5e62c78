import { asAwsError, AwsError, isTransient, mayHaveBeenApplied } from "../../errors.ts";
import { FIRST_PAUSE_OF_ORDERS_MS, retry } from "../../host/retry.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { OutcomeKind } from "../outcome.ts";
import type { CreateService, UpdateService } from "../plan/plan.ts";
import type { PlanExecution, Resolved, StepRun } from "./plan_execution.ts";
import {
  findLostUpdate,
  findNewServiceDeployment,
  findOrderedDeployment,
  followOrdered,
  noteRefused,
  noticeNotKept,
} from "./find_ordered.ts";
import { ProgressTracker } from "../watch.ts";

/** An order is based on a read of the service that is no older than this; otherwise the service is read again. */
const PRECONDITION_HOLDS_MS = 1_000;

/**
 * Updates the service as planned, once, and finds the deployment that ECS makes of it. Returns the outcome where the
 * update comes too late: what somebody has deployed since the plan was made is not replaced.
 */
export async function updateService(step: Resolved<UpdateService>, run: PlanExecution): StepRun {
  const { taskDefinition } = step;
  // It adds to what an earlier step has ordered, or has waited for.
  const adds = run.ordered !== "no";
  const sent = await send(step, adds, run);
  if ("kind" in sent) {
    run.ordered = "no";
    return sent;
  }
  noticeNotKept(sent, "updated", run);
  let service = sent;
  // A service that another controller deploys shows no deployment.
  const isByEcs = service.deploymentController === "ECS";
  if (isByEcs) {
    const changesTask = taskDefinition !== undefined && taskDefinition.arn !== run.before?.taskDefinition;
    // What restores the rest follows a rollback by ECS: the PRIMARY deployment may stay, or be a new one.
    const startsDeployment = !adds && (changesTask || step.attributes?.forceNewDeployment === true);
    service = await findOrderedDeployment(service, taskDefinition ?? run.target, startsDeployment, run);
  }
  followOrdered(service, run);
  const primary = primaryDeployment(service);
  const expected = taskDefinition ?? run.target;
  const isShown = taskDefinition === undefined || isByEcs;
  // Right after a stop, ECS may still show the deployment that it stops.
  const isLeft = adds && run.before?.deployments.some(({ id }) => id === primary?.id) === true;
  if (isShown && !isLeft && primary !== undefined && primary.taskDefinition !== expected.arn) {
    return { kind: "superseded", by: primary };
  }
  await followNewServiceDeployment(step, service, run);
  run.emitProgress(service);
  return undefined;
}

/**
 * Sends the update, once; returns the outcome where it was not sent. UpdateService has no client token, so an order
 * that may have arrived is never repeated: after a lost answer the new deployment, or whatever was ordered, is looked
 * for. Only an order that ECS has throttled, or that never left this machine, is sent again. Somebody may have deployed
 * while it waited: so the service is read again before each order that has waited.
 */
async function send(
  { taskDefinition, attributes = {} }: Resolved<UpdateService>,
  adds: boolean,
  run: PlanExecution,
): Promise<ServiceSnapshot | OutcomeKind> {
  const { plan, context: { ecs, clock, signal } } = run;
  const change = { ...(taskDefinition !== undefined && { taskDefinition: taskDefinition.arn }), attributes };
  let { before, readAtMs } = run;
  const order = async (): Promise<ServiceSnapshot | OutcomeKind | AwsError> => {
    run.ordered = "no";
    await ecs.awaitTurn(plan.subject, signal);
    if (!adds && clock.elapsed() - readAtMs > PRECONDITION_HOLDS_MS) {
      readAtMs = clock.elapsed();
      const precondition = await readPrecondition(run);
      if (precondition.end !== undefined) return precondition.end;
      before = precondition.service;
    }
    run.ordered = "unknown";
    return await ecs.updateService(plan.subject, change, signal).catch(asAwsError);
  };
  const mayRetry = (sent: unknown) => sent instanceof AwsError && isTransient(sent) && !mayHaveBeenApplied(sent);
  try {
    const sent = await retry(order, mayRetry, { ...run.context, firstPauseMs: FIRST_PAUSE_OF_ORDERS_MS }, signal);
    if (!(sent instanceof AwsError)) return sent;
    if (signal.aborted || !mayHaveBeenApplied(sent)) throw sent;
    run.context.emit({ kind: "notice", notice: { code: "looksWhetherUpdated", error: sent.failure } });
    return await findLostUpdate(sent, taskDefinition, attributes, before, run);
  } catch (error) {
    return noteRefused(error, run);
  }
}

/** With ECS's own blue/green, linear and canary strategies, follows the service deployment that the update has made. */
async function followNewServiceDeployment(
  { newerThan }: Resolved<UpdateService>,
  service: ServiceSnapshot,
  run: PlanExecution,
): Promise<void> {
  const primary = primaryDeployment(service);
  const isNew = primary !== undefined && !run.before?.deployments.some(({ id }) => id === primary.id);
  if (newerThan === undefined || !isNew || !run.isAwaited) return;
  const found = await findNewServiceDeployment(newerThan.serviceDeployment, run);
  if (typeof found === "string") run.poll = run.followServiceDeployment(found, "success");
  else run.context.emit({ kind: "notice", notice: { code: "stagesNotShown", error: found?.failure } });
}

/** Whether an update has started no deployment: ECS has returned the completed one from before, or none. */
export function hasStartedNone({ taskDefinition }: Resolved<UpdateService>, { before, after }: PlanExecution): boolean {
  const earlier = before && primaryDeployment(before);
  const now = after && primaryDeployment(after);
  const isCompleted = earlier === undefined || earlier.rolloutState === "COMPLETED";
  // Another controller deploys the service from now on.
  if (after !== undefined && after.deploymentController !== "ECS") return true;
  return taskDefinition === undefined && now?.id === earlier?.id && isCompleted;
}

/** Creates the service, and finds the deployment that ECS makes of it, where ECS deploys it. */
export async function createService({ taskDefinition, input }: Resolved<CreateService>, run: PlanExecution): StepRun {
  const whole = { ...input, ...(taskDefinition && { taskDefinition: taskDefinition.arn }) };
  run.ordered = "unknown";
  const { ecs, signal } = run.context;
  const order = ecs.createService(run.plan.subject, whole, crypto.randomUUID(), signal);
  const service = await order.catch((error) => noteRefused(error, run));
  noticeNotKept(service, "created", run);
  run.progress = new ProgressTracker({ ...service, events: [] });
  const shown = service.deploymentController === "ECS"
    ? await findOrderedDeployment(service, taskDefinition ?? run.target, true, run)
    : service;
  followOrdered(shown, run);
  run.emitProgress(shown);
  return undefined;
}

/**
 * Checks, just before the first write, that what the plan was made for still holds. What was read a moment ago is not
 * read again: it would cost one more round trip while the service is down.
 */
export async function checkPrecondition(run: PlanExecution): StepRun {
  const { plannedFrom } = run;
  const nowMs = run.context.clock.elapsed();
  if (plannedFrom !== undefined && nowMs - plannedFrom.readAtMs <= PRECONDITION_HOLDS_MS) {
    run.begin(plannedFrom.service, plannedFrom.readAtMs);
    return undefined;
  }
  const [precondition, hasChanged] = await Promise.all([readPrecondition(run), run.scaling.hasChanged()]);
  if (precondition.end !== undefined) return precondition.end;
  run.begin(precondition.service, nowMs);
  if (hasChanged === true) return { kind: "stalePlan", by: undefined, hasSuspensionChanged: true };
  // A run that was stopped is reported as such.
  if (hasChanged !== false && !run.context.signal.aborted) {
    run.context.emit({ kind: "notice", notice: { code: "suspensionNotCompared", error: hasChanged.failure } });
  }
  return undefined;
}

/**
 * Reads the service once more: the plan holds while the same deployment is PRIMARY, or there is still no service. Where
 * this run `hasWritten`, what somebody has done since supersedes the plan, and does not just make it stale.
 *
 * @returns the service (`undefined` where the plan is to create it), or how the plan ends
 */
async function readPrecondition(
  { plan, context, hasWritten }: PlanExecution,
): Promise<{ readonly service?: ServiceSnapshot | undefined; readonly end?: OutcomeKind }> {
  const service = await context.ecs.readSnapshot(plan.subject, context.signal);
  const primary = service && primaryDeployment(service);
  if (plan.from === undefined) {
    // ECS shows a deleted service for a while; another one of that name can be created then.
    const isGone = service === undefined || service.status === "INACTIVE";
    return isGone ? { service: undefined } : { end: { kind: "stalePlan", by: primary } };
  }
  const isActive = service?.status === "ACTIVE";
  if (isActive && primary?.id === plan.basedOn) return { service };
  // `wait` refuses nothing: whatever has happened is how the deployment ended.
  const isRefused = plan.intent !== "wait" && !hasWritten;
  if (isRefused) return { end: { kind: "stalePlan", by: isActive ? primary : undefined } };
  return primary === undefined || !isActive
    ? { end: { kind: "gone", status: service?.status ?? "MISSING" } }
    : { end: { kind: "superseded", by: primary, ordered: "no" } };
}
