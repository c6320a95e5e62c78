import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { demandsWith } from "../../model/service_demands.ts";
import { hasEnded, isGoingBack } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { hasReached } from "../assess.ts";
import type { Chosen } from "../read/revision_choice.ts";
import { findTaskDefinitionChanges } from "../../definitions/find_task_definition_changes.ts";
import { codeDeploy } from "./code_deploy_refusals.ts";
import { findMisfits } from "./fits_service.ts";
import { cannotRollBackTo } from "./misfit_refusals.ts";
import type { AwaitDeployment, Brought, Plan, Planned, Refusal, Step, StopDeployment, UpdateService } from "./plan.ts";
import { leavesWayBack, repeatableCommand, runsAnother, unproven } from "./previous_refusals.ts";
import { planScaling, type ScalingOptions, type ScalingPlan } from "./plan_scaling.ts";
import type { Situation } from "../read/read_situation.ts";
import * as refusals from "./refusals.ts";
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
 * Decides how to get the service to the revision asked for, or why not. Pure, and the only place that refuses: so a
 * dry run refuses just what the real run would.
 *
 * @param attributes what the service gets back besides: it may be what makes the target fit
 */
export function planRollback(situation: Situation, options: RollbackOptions, attributes: JsonObject = {}): Planned {
  const { ref, service, target, chosen } = situation;
  if (service === undefined) return refused(refusals.serviceMissing("rollback", ref));
  if (service.status !== "ACTIVE") return refused(refusals.serviceNotActive("rollback", ref, service));
  if (service.deploymentController === "CODE_DEPLOY") return refused(codeDeploy(situation, service));
  if (service.deploymentController !== "ECS") return refused(refusals.otherController(ref, service));
  if (service.taskDefinition === undefined) return refused(refusals.noDeployment("rollback", ref));
  const running = parseTaskDefinitionArn(service.taskDefinition);
  if (chosen?.kind !== "chosen") return refused(refusals.noneChosen(situation, chosen?.reason));
  if (target === undefined) return refused(refusals.notRegistered(situation, chosen, running));
  const isAtTarget = running.arn === target.arn;
  const objection = isAtTarget ? undefined : findObjection(situation, chosen, running, options);
  if (objection !== undefined) return refused(objection);
  if (target.status !== "ACTIVE" && !isAtTarget && !options.reregister) {
    return refused(refusals.targetNotActive(ref, target));
  }
  const primary = primaryDeployment(service);
  const failure = isAtTarget ? findFailure(situation, service, primary) : undefined;
  if (failure !== undefined) return refused(refusals.targetFailed(situation, target, failure));
  const following = chooseFollowed(situation, service, target, primary);
  const isReached = isAtTarget && following?.kind !== "serviceDeployment" && primary !== undefined &&
    hasReached("stable", service, primary);
  const copies = target.status !== "ACTIVE" && !isAtTarget;
  const position = { running, target: identity(target), copies, isAtTarget, isReached, following };
  const scaling = planScaling(situation.scaling, options, !isReached, service.desiredCount);
  const steps = chooseSteps(situation, scaling, options, position);
  // Where ECS goes back by itself, it brings back the service's settings, too.
  const isUpdated = steps.some(({ kind }) => kind === "updateService");
  const misfits = isUpdated ? findMisfits(demandsWith(service, attributes), target) : [];
  if (misfits.length > 0) return refused(cannotRollBackTo(ref, target, misfits));
  return {
    kind: "plan",
    plan: {
      version: 1,
      intent: "rollback",
      subject: ref,
      from: running,
      to: position.target,
      reason: chosen.reason,
      ...repeatedBy(situation, position),
      changes: situation.current === undefined
        ? []
        : findTaskDefinitionChanges(situation.current.members, target.members),
      steps,
      until: "stable",
      isReached,
      notices: [
        ...collectRollbackNotices(situation, options, position, steps, attributes),
        ...scaling.notices,
      ],
      basedOn: primary?.id,
    },
  };
}

function refused(refusal: Refusal): Planned {
  return { kind: "refused", refusal };
}

/** What speaks against going there; nothing of it does where the service is there. */
function findObjection(
  situation: Situation,
  chosen: Extract<Chosen, { kind: "chosen" }>,
  running: Revision,
  { allowUnproven, isAsked }: RollbackOptions,
): Refusal | undefined {
  const { ref, left } = situation;
  if (left !== undefined && left.arn !== running.arn) return runsAnother(ref, running, left);
  if (isAsked) return undefined;
  if (chosen.leavesWayBack) return leavesWayBack(ref, running, chosen);
  return chosen.isProven || allowUnproven ? undefined : unproven(situation, running, chosen);
}

/** `previous` is counted from what runs, so the plan names the command that is counted from what the rollback leaves. */
function repeatedBy(
  { ref, choice, left }: Situation,
  { running, target, isAtTarget }: Position,
): Pick<Plan, "repeatedBy"> {
  const from = left ?? (isAtTarget ? undefined : running);
  if (choice.kind !== "previous" || from === undefined) return {};
  return { repeatedBy: repeatableCommand(ref, from, target) };
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
  { newest }: Situation,
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
  { newest }: Situation,
  service: ServiceSnapshot,
  primary: Deployment | undefined,
): refusals.FailedDeployment | undefined {
  if (primary?.rolloutState === "FAILED") return { name: primary.id, reason: primary.rolloutStateReason };
  if (service.deploymentStrategy === "ROLLING" || newest === undefined) return undefined;
  const { arn, status, statusReason } = newest.deployment;
  return status === "STOPPED" || status === "ROLLBACK_FAILED"
    ? { name: arn, reason: statusReason ?? status }
    : undefined;
}

function chooseSteps(
  situation: Situation,
  { suspend, restore }: ScalingPlan,
  options: RollbackOptions,
  { running, target, copies, isAtTarget, isReached, following }: Position,
): Step[] {
  const brought = copies && following === undefined ? "registered" : target;
  const steps: (Step | undefined | false)[] = [
    brought === "registered" && { kind: "registerCopy", of: target },
    suspend,
    following === undefined && chooseWayBack(situation, target, brought),
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
  { service, newest }: Situation,
  target: Revision,
  brought: Brought,
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
