import { parseTaskDefinitionArn } from "../ecs/arn.ts";
import type { EcsReader } from "../ecs/ports.ts";
import { type Deployment, primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../ecs/service.ts";
import { hasEnded } from "../ecs/service_deployment.ts";
import { AwsError } from "../errors.ts";
import { hasReached, type Milestone } from "./assess.ts";
import type { AwaitDeployment, Planned } from "./plan.ts";
import { isGoingBack } from "./plan_rollback.ts";
import { type NewestDeployment, readNewestDeployment } from "./read_situation.ts";
import * as refusals from "./refusals.ts";

/** What planning to wait needs to know of the world. */
export interface WaitSituation {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot | undefined;
  readonly newest: NewestDeployment | undefined;
  /** The optional things that may not be read, in AWS's words. */
  readonly denied: readonly string[];
}

/** Reads what waiting is planned from: one call, and one to three more while a deployment is in progress. */
export async function readWaitSituation(ref: ServiceRef, ecs: EcsReader, signal: AbortSignal): Promise<WaitSituation> {
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return { ref, service, newest: undefined, denied: [] };
  try {
    return { ref, service, newest: await readNewestDeployment(ref, service, ecs, signal), denied: [] };
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind !== "denied") throw error;
    return { ref, service, newest: undefined, denied: [error.message] };
  }
}

/** Decides what is to be waited for, or why there is nothing that could be. Pure. */
export function planWait({ ref, service, newest, denied }: WaitSituation, until: Milestone): Planned {
  if (service === undefined) return refused(refusals.serviceMissing("wait", ref));
  if (service.status !== "ACTIVE") return refused(refusals.serviceNotActive("wait", ref, service));
  if (service.deploymentController === "CODE_DEPLOY") return refused(refusals.waitForCodeDeploy(ref, service));
  const primary = primaryDeployment(service);
  if (service.deploymentController !== "ECS" || service.taskDefinition === undefined || primary === undefined) {
    return refused(refusals.waitForTaskSets(ref, service));
  }
  const follows = chooseFollowed(service, newest, primary);
  const isReached = follows.kind === "deployment" && hasReached(until, service, primary);
  const heading = follows.kind === "serviceDeployment" && follows.goal !== "success"
    ? newest?.cameFrom ?? service.taskDefinition
    : service.taskDefinition;
  const taskDefinition = parseTaskDefinitionArn(heading);
  return {
    kind: "plan",
    plan: {
      version: 1,
      intent: "wait",
      subject: ref,
      from: parseTaskDefinitionArn(service.taskDefinition),
      to: taskDefinition,
      reason: undefined,
      changes: [],
      steps: isReached ? [] : [{ kind: "awaitDeployment", taskDefinition, follows }],
      until,
      isReached,
      notices: denied.map((message) => `${message}; waiting goes without`),
      basedOn: primary.id,
    },
  };
}

function refused(refusal: refusals.Refusal): Planned {
  return { kind: "refused", refusal };
}

/**
 * The deployment in progress, by ECS's record of it where `rolloutState` does not tell: it goes back, or shifts traffic.
 */
export function chooseFollowed(
  { deploymentStrategy }: ServiceSnapshot,
  newest: NewestDeployment | undefined,
  primary: Deployment,
): NonNullable<AwaitDeployment["follows"]> {
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && isGoingBack(newest.deployment)) {
    const { arn, triggered } = newest.deployment;
    return { kind: "serviceDeployment", arn, goal: triggered.length > 0 ? "reversal" : "rollback" };
  }
  return isUnderWay && deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}
