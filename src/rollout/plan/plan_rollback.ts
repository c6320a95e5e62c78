import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { findMisfits } from "../../model/misfit.ts";
import { demandsWith } from "../../model/service_demands.ts";
import { hasEnded, isGoingBack } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { hasReached } from "../assess.ts";
import type { Chosen } from "../read/revision_choice.ts";
import { findTaskDefinitionChanges } from "../../definitions/find_task_definition_changes.ts";
import type { AwaitDeployment, Plan, Planned, Step, StopDeployment, TaskDefinitionRef, UpdateService } from "./plan.ts";
import { planScaling, type ScalingOptions, type ScalingPlan } from "./plan_scaling.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import { type FailedDeployment, findServiceReason, type RefusalReason, refuse } from "./refusal.ts";
import { collectRollbackNotices } from "./rollback_notices.ts";

export interface RollbackOptions extends ScalingOptions {
  /** Wait until the deployment has ended; what comes after it (restoring, deregistering) needs that. */
  readonly wait: boolean;
  /** Deregister the task definition that is current before the rollback, after its success. */
  readonly deregister: boolean;
  /** Register a deregistered target anew, and roll back to the copy. */
  readonly reregister: boolean;
  /** How long it is waited for; 0 or left out: without a limit. */
  readonly timeoutMs?: number;
  /** Go to what nothing shows to have run. */
  readonly allowUnproven: boolean;
  /** Somebody is there who says whether an objection stands: then nothing is refused for it. */
  readonly isAsked: boolean;
  /** The family that the user's own task definition file names, when it could be read. */
  readonly configuredFamily: string | undefined;
}

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
  const following = chooseFollowed(state, service, target, primary);
  const isReached = isAtTarget && following?.kind !== "serviceDeployment" && primary !== undefined &&
    hasReached("stable", service, primary);
  const copies = target.status !== "ACTIVE" && !isAtTarget;
  const position = { running, target: identity(target), copies, isAtTarget, isReached, following };
  const scaling = planScaling(state.scaling, options, !isReached, service.desiredCount);
  const steps = chooseSteps(state, scaling, options, position);
  // Where ECS goes back by itself, it brings back the service's settings, too.
  const isUpdated = steps.some(({ kind }) => kind === "updateService");
  const misfits = isUpdated ? findMisfits(demandsWith(service, attributes), target) : [];
  if (misfits.length > 0) {
    return refused({
      code: "cannotRollBackTo",
      target: position.target,
      isActive: target.status === "ACTIVE",
      misfits,
    });
  }
  return {
    kind: "plan",
    plan: {
      version: 1,
      intent: "rollback",
      subject: ref,
      from: running,
      to: position.target,
      reason: chosen.reason,
      ...repeatedBy(state, position),
      changes: state.current === undefined ? [] : findTaskDefinitionChanges(state.current.raw, target.raw),
      steps,
      until: "stable",
      isReached,
      notices: [
        ...collectRollbackNotices(state, options, position, steps, attributes),
        ...scaling.notices,
      ],
      basedOn: primary?.id,
    },
  };
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

/** Where the service is, seen from the target. */
export interface Position {
  readonly running: Revision;
  readonly target: Revision;
  /** The target is deregistered: the service gets a copy of it. */
  readonly copies: boolean;
  /** The service's task definition is the target, whether or not its tasks run by now. */
  readonly isAtTarget: boolean;
  /** ... and they do. */
  readonly isReached: boolean;
  /** The deployment that is bringing the target already. */
  readonly following: AwaitDeployment["follows"];
}

/** ECS may be on its way to the target: by its own circuit breaker, or by somebody's order. Then nothing is started. */
function chooseFollowed(
  { newest }: CurrentState,
  service: ServiceSnapshot,
  target: TaskDefinition,
  primary: Deployment | undefined,
): AwaitDeployment["follows"] {
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && newest.cameFrom === target.arn && isGoingBack(newest.deployment)) {
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "rollback" };
  }
  if (service.taskDefinition !== target.arn || primary === undefined) return undefined;
  return isUnderWay && service.deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
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

function identity({ arn, family, revision }: TaskDefinition): Revision {
  return { arn, family, revision };
}

function nameOf({ family, revision }: Pick<Revision, "family" | "revision">): Pick<Revision, "family" | "revision"> {
  return { family, revision };
}
