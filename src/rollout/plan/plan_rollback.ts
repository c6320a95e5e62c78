import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { demandsWith, findMisfits } from "../../model/misfit.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { Chosen } from "../read/revision_choice.ts";
import { findTaskDefinitionChanges } from "../../definitions/compare_task_definitions.ts";
import {
  makePlan,
  type Plan,
  type Planned,
  type Step,
  type StopDeployment,
  type TaskDefinitionRef,
  type UpdateService,
} from "./plan.ts";
import { planScaling, type ScalingPlan } from "./plan_scaling.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import { type FailedDeployment, findServiceReason, type RefusalReason, refuse } from "./refusal.ts";
import { collectRollbackNotices } from "./rollback_notices.ts";
import { findPosition, identity, type Position, type RollbackOptions } from "./rollback_position.ts";

/**
 * Decides how to get the service to the revision asked for, or why not. Pure, and the only place that refuses: so a dry
 * run refuses just what the real run would. `attributes`: what the service gets back besides, which may make the target
 * fit.
 */
export function planRollback(state: CurrentState, options: RollbackOptions, attributes: JsonObject = {}): Planned {
  const { ref, service, choice, target, chosen } = state;
  const refused = (reason: RefusalReason) => refuse("rollback", ref, reason);
  const unfit = findServiceReason(service, choice.kind === "previous" ? undefined : choice.revision);
  if (unfit !== undefined) return refused(unfit);
  if (service?.taskDefinition === undefined) return refused({ code: "noDeployment" });
  const running = parseTaskDefinitionArn(service.taskDefinition);
  if (chosen?.kind !== "chosen") return refused({ code: "noneChosen", choice, reason: chosen?.reason });
  if (target === undefined) {
    const { newestRevisions: newest } = state;
    return refused({ code: "notRegistered", choice: choice.kind, target: nameOf(chosen), running, newest });
  }
  const isAtTarget = running.arn === target.arn;
  const primary = primaryDeployment(service);
  const objection = isAtTarget
    ? findFailure(state, service, target, primary)
    : findObjection(state, chosen, target, running, options);
  if (objection !== undefined) return refused(objection);
  const position = findPosition(state, service, target, running);
  const { isReached } = position;
  const scaling = planScaling(state.scaling, options, !isReached, service.desiredCount);
  const steps = chooseSteps(state, scaling, options, position);
  // Where ECS goes back by itself, it brings back the service's settings, too.
  const isUpdated = steps.some(({ kind }) => kind === "updateService");
  const misfits = isUpdated ? findMisfits(demandsWith(service, attributes), target) : [];
  if (misfits.length > 0) {
    const isActive = target.status === "ACTIVE";
    return refused({ code: "cannotRollBackTo", target: position.target, isActive, misfits });
  }
  return makePlan({
    ...{ intent: "rollback", subject: ref, from: running, to: position.target, reason: chosen.reason },
    ...repeatedBy(state, position),
    changes: state.current === undefined ? [] : findTaskDefinitionChanges(state.current.raw, target.raw),
    ...{ steps, isReached },
    notices: [...collectRollbackNotices(state, options, position, steps, attributes), ...scaling.notices],
    basedOn: primary?.id,
  });
}

/** What speaks against going there; nothing of it does where the service is there. */
function findObjection(
  { left, choice }: CurrentState,
  chosen: Extract<Chosen, { kind: "chosen" }>,
  { status }: TaskDefinition,
  running: Revision,
  { allowUnproven, isAsked, reregister }: RollbackOptions,
): RefusalReason | undefined {
  const target = nameOf(chosen);
  if (left !== undefined && left.arn !== running.arn) return { code: "runsAnother", running, left };
  if (!isAsked && chosen.leavesWayBack) {
    return { code: "justRolledBack", target, running, isProven: chosen.isProven };
  }
  if (!isAsked && !chosen.isProven && !allowUnproven) {
    return { code: "unproven", choice: choice.kind, target, running, doubt: chosen.doubts[0] };
  }
  return status === "ACTIVE" || reregister ? undefined : { code: "targetNotActive", target, status };
}

/** `previous` is counted from what runs, so the plan names the command that is counted from what the rollback leaves. */
function repeatedBy(
  { choice, left }: CurrentState,
  { running, target, isAtTarget }: Position,
): Pick<Plan, "repeatedBy"> {
  const from = left ?? (isAtTarget ? undefined : running);
  if (choice.kind !== "previous" || from === undefined) return {};
  return { repeatedBy: { from, to: target } };
}

/** How the deployment of what runs has failed, where it has: by its rolloutState, or (blue/green) by ECS's record of it. */
function findFailure(
  { choice, newest }: CurrentState,
  service: ServiceSnapshot,
  target: TaskDefinition,
  primary: Deployment | undefined,
): RefusalReason | undefined {
  const failed = (deployment: FailedDeployment) =>
    ({ code: "targetFailed", choice: choice.kind, target: identity(target), deployment }) as const;
  if (primary?.rolloutState === "FAILED") return failed({ name: primary.id, reason: primary.rolloutStateReason });
  if (service.deploymentStrategy === "ROLLING" || newest === undefined) return undefined;
  const { arn, status, statusReason } = newest.deployment;
  return status === "STOPPED" || status === "ROLLBACK_FAILED"
    ? failed({ name: arn, reason: statusReason ?? status })
    : undefined;
}

function chooseSteps(
  state: CurrentState,
  { suspend, restore }: ScalingPlan,
  options: RollbackOptions,
  { running, target, copies, isAtTarget, isReached, following }: Position,
): Step[] {
  const brought = copies && following === undefined ? "registered" : target;
  const steps: (Step | undefined | false)[] = [
    brought === "registered" && { kind: "registerCopy", of: target },
    suspend,
    following === undefined && chooseWayBack(state, target, brought),
    !isReached && options.wait && {
      kind: "awaitDeployment",
      taskDefinition: brought,
      follows: following,
    },
    restore,
    options.deregister && !isAtTarget && { kind: "deregister", taskDefinition: running },
  ];
  return steps.filter((step) => step !== undefined && step !== false);
}

/** Stopping a deployment that came from the target alone is faster than another deployment on top of it. */
function chooseWayBack(
  { service, newest }: CurrentState,
  target: Revision,
  brought: TaskDefinitionRef,
): StopDeployment | UpdateService {
  const update = {
    kind: "updateService" as const,
    ...(service?.deploymentStrategy !== "ROLLING" && { newerThan: { serviceDeployment: newest?.deployment.arn } }),
  };
  const isStoppable = newest?.deployment.status === "PENDING" || newest?.deployment.status === "IN_PROGRESS";
  if (newest === undefined || !isStoppable || newest.cameFrom !== target.arn || brought === "registered") {
    return { ...update, taskDefinition: brought };
  }
  return { kind: "stopDeployment", arn: newest.deployment.arn, otherwise: { ...update, taskDefinition: target } };
}

function nameOf({ family, revision }: Pick<Revision, "family" | "revision">): Pick<Revision, "family" | "revision"> {
  return { family, revision };
}
