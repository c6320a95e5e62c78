import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type JsonObject, numberIn } from "../../model/json.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { demandsWith } from "../../model/misfit.ts";
import { hasReached } from "../assess.ts";
import { collectDeployNotices, controllerAfter } from "./deploy_notices.ts";
import {
  bring,
  type DeployOptions,
  type DeployUndo,
  findUnfit,
  partsOf,
  type PlannedDeploy,
  registering,
  without,
} from "./deploy_plan_parts.ts";
import { type AwaitDeployment, makePlan, type TaskDefinitionRef, type UpdateService } from "./plan.ts";
import { planCreation } from "./plan_creation.ts";
import { chooseFollowed } from "./plan_wait.ts";
import { planScaling } from "./plan_scaling.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import { findServiceReason, type RefusalReason, refuse } from "./refusal.ts";
import { forceWhereDemanded, startsDeployment, strategyWith } from "./starts_deployment.ts";

/** Decides how to bring the service to what the definitions say, or why not. Pure, and the only place that refuses. */
export function planDeploy(state: DeployState, options: DeployOptions): PlannedDeploy {
  const { ref, service, source } = state;
  const refused = (reason: RefusalReason) => refuse("deploy", ref, reason);
  if (source.kind === "none") return refused({ code: "noTaskDefinition", reason: source.reason });
  if (service === undefined || service.status === "INACTIVE") return planCreation(state, source, options);
  const unfit = findServiceReason(service);
  if (unfit !== undefined) return refused(unfit);
  const primary = primaryDeployment(service);
  if (service.taskDefinition === undefined || primary === undefined) return refused({ code: "noDeployment" });
  const hasNoCount = service.schedulingStrategy === "DAEMON";
  if (hasNoCount && typeof options.tasks === "number") return refused({ code: "daemonHasNoCount" });
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const misfit = findUnfit(source, demandsWith(service, state.changes.attributes));
  if (misfit !== undefined) return refused(misfit);

  const brought = bring(source, running) ?? running;
  const update = chooseUpdate(state, service, brought, running, options);
  if (update === undefined && primary.rolloutState === "FAILED") {
    const deployment = { name: primary.id, reason: primary.rolloutStateReason };
    return refused({ code: "alreadyFailed", running, deployment });
  }
  const awaited = chooseAwaited(state, service, primary, update, options);
  const scaling = planScaling(state.scaling, options, awaited.deploys, service.desiredCount);
  const { follows } = awaited;
  const planned = makePlan({
    ...partsOf(state, source, brought, options),
    from: running,
    steps: [
      registering(source),
      scaling.suspend,
      update,
      awaited.isAwaited && { kind: "awaitDeployment", taskDefinition: brought, follows },
      scaling.restore,
    ],
    isReached: !awaited.deploys,
    notices: [...collectDeployNotices(state, service, update, options.timeoutMs), ...scaling.notices],
    basedOn: primary.id,
  });
  return { ...planned, undo: describeUndo(state, service, { running, brought, update, primary }) };
}

/** Whether there is a deployment, whether it is waited for, and which it is where it is under way already. */
function chooseAwaited(
  { newest }: DeployState,
  service: ServiceSnapshot,
  primary: Deployment,
  update: UpdateService | undefined,
  { until, wait }: DeployOptions,
): { deploys: boolean; isAwaited: boolean; follows: AwaitDeployment["follows"] } {
  const underWay = chooseFollowed(service, newest, primary);
  const follows = update === undefined || isPartOf(underWay, update) ? underWay : undefined;
  // As in waiting: where ECS's own record says that a deployment is under way, its tasks alone do not tell.
  const isUnderWay = follows !== undefined &&
    (follows.kind === "serviceDeployment" || !hasReached(until, service, primary));
  const deploys = update !== undefined || isUnderWay;
  // What another controller deploys from now on shows no deployment that could be waited for.
  const isHandedOver = (controllerAfter(update?.attributes ?? {}) ?? "ECS") !== "ECS";
  return { deploys, isAwaited: deploys && wait && !isHandedOver, follows };
}

function describeUndo(
  { changes, members }: DeployState,
  service: ServiceSnapshot,
  { running, brought, update, primary }: {
    readonly running: Revision;
    readonly brought: TaskDefinitionRef;
    readonly update: UpdateService | undefined;
    readonly primary: Deployment;
  },
): DeployUndo {
  const { attributes = {} } = update ?? {};
  const desiredCount = numberIn(attributes.desiredCount);
  return {
    from: running,
    to: brought === "registered" ? undefined : brought,
    before: {
      ...without("desiredCount", changes.before),
      ...(desiredCount !== undefined && { desiredCount: service.desiredCount }),
    },
    inRevision: changes.inRevision,
    changed: Object.keys(attributes).filter((name) => name !== "forceNewDeployment"),
    was: { desiredCount: service.desiredCount, ...members },
    desiredCount,
    failedBefore: primary.rolloutState === "FAILED" ? primary.id : undefined,
  };
}

/**
 * Whether an update only changes what the deployment under way is about: then ECS's own record of that tells how it ends,
 * while a PRIMARY deployment of blue/green, linear and canary has no state of its own.
 */
function isPartOf(
  follows: NonNullable<AwaitDeployment["follows"]>,
  { taskDefinition, attributes = {} }: UpdateService,
): boolean {
  return taskDefinition === undefined && !startsDeployment(attributes) &&
    follows.kind === "serviceDeployment" && follows.goal === "success";
}

/** One UpdateService for all that changes; `undefined` when nothing does. */
function chooseUpdate(
  { changes, newest }: DeployState,
  service: ServiceSnapshot,
  brought: TaskDefinitionRef,
  running: Revision,
  { tasks, force }: DeployOptions,
): UpdateService | undefined {
  const desiredCount = tasks === "unchanged" ? undefined : tasks ?? numberIn(changes.attributes.desiredCount);
  const attributes: JsonObject = {
    ...forceWhereDemanded(without("desiredCount", changes.attributes)),
    ...(desiredCount !== undefined && desiredCount !== service.desiredCount && { desiredCount }),
    ...(force && { forceNewDeployment: true }),
  };
  const isNew = brought === "registered" || brought.arn !== running.arn;
  if (!isNew && Object.keys(attributes).length === 0) return undefined;
  const deploysAnew = strategyWith(attributes, service) !== "ROLLING" && (isNew || startsDeployment(attributes));
  return {
    kind: "updateService",
    taskDefinition: isNew ? brought : undefined,
    attributes,
    ...(deploysAnew && { newerThan: { serviceDeployment: newest?.deployment.arn } }),
  };
}
