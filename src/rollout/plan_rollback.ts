import { parseTaskDefinitionArn, type Revision, shortName } from "../ecs/arn.ts";
import { NONE_SUSPENDED } from "../ecs/scalable_target.ts";
import { type Deployment, primaryDeployment, subjectName } from "../ecs/service.ts";
import type { TaskDefinition } from "../ecs/task_definition.ts";
import { hasReachedTarget } from "./assess.ts";
import { compareTaskDefinitions } from "./compare_task_definitions.ts";
import { findMisfits } from "./fits_service.ts";
import type { Planned, Refusal, Step } from "./plan.ts";
import type { Situation } from "./read_situation.ts";
import * as refusals from "./refusals.ts";

export interface RollbackOptions {
  /** Wait until the deployment has ended; what comes after it (restoring, deregistering) needs that. */
  readonly wait: boolean;
  /** Deregister the task definition that is current before the rollback, after its success. */
  readonly deregister: boolean;
  readonly suspendAutoScaling: boolean;
  readonly resumeAutoScaling: boolean;
  /** The family that the user's own task definition file names, when it could be read. */
  readonly configuredFamily: string | undefined;
}

/**
 * Decides how to get the service to the revision asked for, or why not. Pure, and the only place that refuses: so a
 * dry run refuses just what the real run would.
 */
export function planRollback(situation: Situation, options: RollbackOptions): Planned {
  const { ref, service, target } = situation;
  if (service === undefined) return refused(refusals.serviceMissing(ref));
  if (service.status !== "ACTIVE") return refused(refusals.serviceNotActive(ref, service));
  if (service.deploymentController === "CODE_DEPLOY") return refused(refusals.codeDeploy(situation, service));
  if (service.deploymentController !== "ECS" || service.taskDefinition === undefined) {
    return refused(refusals.otherController(ref, service));
  }
  const running = parseTaskDefinitionArn(service.taskDefinition);
  if (target === undefined) return refused(refusals.notRegistered(situation, running));
  if (target.status !== "ACTIVE") return refused(refusals.targetNotActive(ref, target));
  const misfits = findMisfits(service, target);
  if (misfits.length > 0) return refused(refusals.doesNotFit(ref, target, misfits));

  const primary = primaryDeployment(service);
  const isAtTarget = running.arn === target.arn;
  if (isAtTarget && primary?.rolloutState === "FAILED") return refused(refusals.targetFailed(ref, target, primary));
  const isReached = isAtTarget && primary !== undefined && hasReachedTarget(service, primary);
  return {
    kind: "plan",
    plan: {
      version: 1,
      intent: "rollback",
      subject: ref,
      from: running,
      to: identity(target),
      changes: situation.current === undefined ? [] : compareTaskDefinitions(situation.current, target),
      steps: chooseSteps(situation, options, { running, target, isAtTarget, isReached, primary }),
      notices: collectNotices(situation, options, running, isAtTarget),
      basedOn: primary?.id,
    },
  };
}

function refused(refusal: Refusal): Planned {
  return { kind: "refused", refusal };
}

interface Position {
  readonly running: Revision;
  readonly target: TaskDefinition;
  /** The service's task definition is the target, whether or not its tasks run by now. */
  readonly isAtTarget: boolean;
  /** ... and they do. */
  readonly isReached: boolean;
  readonly primary: Deployment | undefined;
}

function chooseSteps(
  { scalableTarget }: Situation,
  options: RollbackOptions,
  { running, target, isAtTarget, isReached, primary }: Position,
): Step[] {
  const steps: Step[] = [];
  const to = identity(target);
  if (!isReached && options.suspendAutoScaling && scalableTarget !== undefined) {
    steps.push({ kind: "suspendScaling", target: scalableTarget });
  }
  if (!isAtTarget) steps.push({ kind: "updateService", taskDefinition: to });
  if (!isReached && options.wait) {
    steps.push({ kind: "awaitDeployment", deploymentId: isAtTarget ? primary?.id : undefined, taskDefinition: to });
  }
  if (options.resumeAutoScaling && scalableTarget !== undefined) {
    const isSuspendedByUs = steps.some((step) => step.kind === "suspendScaling");
    // Together with suspending, what was there before comes back; alone it is an order to resume everything.
    const wanted = options.suspendAutoScaling ? scalableTarget.suspendedState : NONE_SUSPENDED;
    if (isSuspendedByUs || !options.suspendAutoScaling) {
      steps.push({ kind: "restoreScaling", target: scalableTarget, to: wanted });
    }
  }
  if (options.deregister && !isAtTarget) steps.push({ kind: "deregister", taskDefinition: running });
  return steps;
}

function collectNotices(
  { current, scalableTarget, ref, service }: Situation,
  options: RollbackOptions,
  running: Revision,
  isAtTarget: boolean,
): string[] {
  const notices: string[] = [];
  if (options.configuredFamily !== undefined && options.configuredFamily !== running.family) {
    notices.push(
      `the task definition file names the family ${options.configuredFamily}, the service runs ${
        shortName(running)
      }: ` +
        `the revision is taken from the service's family ${running.family}`,
    );
  }
  if (current === undefined) {
    notices.push(`the current task definition ${shortName(running)} has been deleted: what changes cannot be shown`);
  } else if (current.status !== "ACTIVE") {
    notices.push(`the current task definition ${shortName(running)} is ${current.status}: there is no way back to it`);
  }
  if ((options.suspendAutoScaling || options.resumeAutoScaling) && scalableTarget === undefined) {
    notices.push(`${subjectName(ref)} is not registered for auto scaling: nothing to suspend or to resume`);
  }
  if (options.deregister && isAtTarget) {
    notices.push(`${shortName(running)} is not deregistered: it is the task definition to roll back to`);
  }
  if (service?.desiredCount === 0) {
    notices.push(
      "the service's desired count is 0: no task will be started, so nothing shows whether the target works",
    );
  }
  return notices;
}

function identity({ arn, family, revision }: TaskDefinition): Revision {
  return { arn, family, revision };
}
