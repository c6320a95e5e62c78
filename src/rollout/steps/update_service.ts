import type { Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { OutcomeKind, PlanEvent } from "../events.ts";
import { findNewServiceDeployment } from "../follow.ts";
import type { UpdateService } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";
import { readPrecondition } from "./read_precondition.ts";
import { followOrdered, noteRefused, noticeNotKept, showDeployment } from "./show_deployment.ts";
import { startDeployment, type Started } from "./start_deployment.ts";

/**
 * Gives the service what the plan says, once, and finds the deployment that ECS makes of it. Returns the outcome where the
 * update came too late: what somebody has deployed since the plan was made is not replaced.
 */
export async function* updateService(step: UpdateService, run: PlanRun): StepRun {
  const taskDefinition = step.taskDefinition && run.revisionOf(step.taskDefinition);
  const started = yield* order(step, taskDefinition, run);
  if (started.kind === "overtaken") {
    run.ordered = "no";
    return started.end;
  }
  let { service } = started;
  yield* noticeNotKept(service, "updated");
  // What another controller deploys shows no deployment.
  const isByEcs = service.deploymentController === "ECS";
  if (isByEcs) {
    const changesTask = taskDefinition !== undefined && taskDefinition.arn !== run.before?.taskDefinition;
    // An update behind a deployment of the plan's own may find that in place, or another one.
    const startsDeployment = !run.hasAwaited && (changesTask || step.attributes?.forceNewDeployment === true);
    service = await showDeployment(service, taskDefinition ?? run.target, startsDeployment, run);
  }
  followOrdered(service, run);
  const overtaking = findOvertaking(service, taskDefinition, isByEcs, run);
  if (overtaking !== undefined) return overtaking;
  yield* followNewServiceDeployment(step, service, run);
  yield* run.emitProgress(service);
  return undefined;
}

async function* order(
  { attributes = {} }: UpdateService,
  taskDefinition: Revision | undefined,
  run: PlanRun,
): AsyncGenerator<PlanEvent, Started, void> {
  const { plan, ports: { ecs, clock, random }, before, readAtMs } = run;
  // An update behind a deployment of the plan's own adds to what that has brought.
  const checkPrecondition = run.hasAwaited ? undefined : () => readPrecondition(plan, ecs, run.signal, run.hasWritten);
  const starting = {
    ...{ ref: plan.subject, taskDefinition, attributes, before, readAtMs, checkPrecondition, ecs, clock, random },
  };
  run.ordered = "unknown";
  try {
    return yield* startDeployment(starting, run.signal);
  } catch (error) {
    noteRefused(error, run);
    throw error;
  }
}

function findOvertaking(
  service: ServiceSnapshot,
  taskDefinition: Revision | undefined,
  isByEcs: boolean,
  run: PlanRun,
): OutcomeKind | undefined {
  const primary = primaryDeployment(service);
  const expected = taskDefinition ?? run.target;
  const isShown = taskDefinition === undefined || isByEcs;
  return isShown && primary !== undefined && primary.taskDefinition !== expected.arn
    ? { kind: "superseded", by: primary }
    : undefined;
}

/** ECS's own blue/green, linear and canary strategies are followed by the service deployment that the update has made. */
async function* followNewServiceDeployment(
  { newerThan }: UpdateService,
  service: ServiceSnapshot,
  run: PlanRun,
): AsyncGenerator<PlanEvent, void, void> {
  const primary = primaryDeployment(service);
  const isNew = primary !== undefined && !run.before?.deployments.some(({ id }) => id === primary.id);
  if (newerThan === undefined || !isNew || !run.isAwaited) return;
  const { ecs, clock } = run.ports;
  const found = await findNewServiceDeployment(run.plan.subject, newerThan.serviceDeployment, ecs, clock, run.signal);
  if (typeof found === "string") run.follow = run.followServiceDeployment(found, "success");
  else yield { kind: "notice", notice: { code: "stagesNotShown", error: found?.message } };
}

/** Whether ECS has returned the deployment that was in place, and completed, for an update, or none at all. */
export function hasStartedNone(
  { taskDefinition }: UpdateService,
  before: ServiceSnapshot | undefined,
  after: ServiceSnapshot | undefined,
): boolean {
  const earlier = before && primaryDeployment(before);
  const now = after && primaryDeployment(after);
  const isCompleted = earlier === undefined || earlier.rolloutState === "COMPLETED";
  // From now on another controller deploys the service.
  if (after !== undefined && after.deploymentController !== "ECS") return true;
  return taskDefinition === undefined && now?.id === earlier?.id && isCompleted;
}
