import type { Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, isGoingBack } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { hasReached } from "../assess.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import type { AwaitDeployment } from "./plan.ts";
import type { ScalingOptions } from "./plan_scaling.ts";

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

/** Finds where the service is. Pure. */
export function findPosition(
  { newest }: CurrentState,
  service: ServiceSnapshot,
  target: TaskDefinition,
  running: Revision,
): Position {
  const isAtTarget = running.arn === target.arn;
  const following = chooseFollowed(newest, service, target);
  const primary = primaryDeployment(service);
  const isReached = isAtTarget && following?.kind !== "serviceDeployment" && primary !== undefined &&
    hasReached("stable", service, primary);
  const copies = target.status !== "ACTIVE" && !isAtTarget;
  return { running, target: identity(target), copies, isAtTarget, isReached, following };
}

/** ECS may be on its way to the target: by its own circuit breaker, or by somebody's order. Then nothing is started. */
function chooseFollowed(
  newest: CurrentState["newest"],
  service: ServiceSnapshot,
  target: TaskDefinition,
): AwaitDeployment["follows"] {
  const primary = primaryDeployment(service);
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && newest.cameFrom === target.arn && isGoingBack(newest.deployment)) {
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "rollback" };
  }
  if (service.taskDefinition !== target.arn || primary === undefined) return undefined;
  return isUnderWay && service.deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}

/** A task definition by its names alone. */
export function identity({ arn, family, revision }: TaskDefinition): Revision {
  return { arn, family, revision };
}
