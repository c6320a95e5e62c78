import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, hasFailed, isGoingBack, type ServiceDeployment } from "../../model/service_deployment.ts";
import { findStopCause, hasReached, type WaitUntil } from "../assess.ts";
import type { OutcomeKind } from "../events.ts";
import type { PlanNotice, WaitNotice } from "./notice.ts";
import { type AwaitDeployment, makePlan, type Planned } from "./plan.ts";
import type { NewestDeployment, WaitState } from "../read/read_service.ts";
import { findServiceReason, refuse } from "./refusal.ts";

/** What waiting comes to: a plan, a refusal, or the end that there was before anybody waited. */
export type PlannedWait = Planned | {
  readonly kind: "ended";
  readonly end: Extract<OutcomeKind, { readonly kind: "failed" | "rolledBackByEcs" }>;
  /** Since when, and how the service is now: what had ended may be long ago. */
  readonly notice: WaitNotice;
};

/** Decides what is to be waited for, how it has ended already, or why there is nothing that could be waited for. Pure. */
export function planWait(state: WaitState, until: WaitUntil): PlannedWait {
  const { ref, service, newest, brought, denied } = state;
  const unfit = findServiceReason(service);
  if (unfit !== undefined) return refuse("wait", ref, unfit);
  const primary = service && primaryDeployment(service);
  if (service?.taskDefinition === undefined || primary === undefined) {
    return refuse("wait", ref, { code: "noDeployment" });
  }
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const failed = newest && isStillTrue(newest.deployment, primary) ? newest.deployment : undefined;
  const wasRequested = failed?.status === "ROLLBACK_SUCCESSFUL" &&
    findStopCause(failed, undefined) === "DEPLOYMENT_STOP_ON_REQUEST";
  // One that is FAILED is followed instead: that tells why its tasks stopped.
  if (failed !== undefined && !wasRequested && primary.rolloutState !== "FAILED") {
    const end = describeEnd(failed, brought, running, primary);
    const { runningCount, desiredCount } = service;
    const { finishedAtMs } = failed;
    return { kind: "ended", end, notice: { code: "endedBefore", finishedAtMs, running, runningCount, desiredCount } };
  }
  const follows = chooseFollowed(service, newest, primary);
  const isReached = follows.kind === "deployment" && hasReached(until, service, primary);
  const heading = follows.kind === "serviceDeployment" && follows.goal !== "success"
    ? newest?.cameFrom ?? service.taskDefinition
    : service.taskDefinition;
  const taskDefinition = parseTaskDefinitionArn(heading);
  const notRead = (denial: string): PlanNotice =>
    isReached ? { code: "reversalNotRead", denial } : { code: "notRead", denial, intent: "wait" };
  return makePlan({
    ...{ intent: "wait", subject: ref, from: running, to: taskDefinition },
    steps: [!isReached && { kind: "awaitDeployment", taskDefinition, follows }],
    ...{ until, isReached },
    notices: [...denied.map(notRead), ...(wasRequested ? noticeStop(failed, brought, running) : [])],
    basedOn: primary.id,
  });
}

function noticeStop(
  { statusReason, rollback }: ServiceDeployment,
  brought: string | undefined,
  running: Revision,
): WaitNotice[] {
  const revision = brought === undefined ? undefined : parseTaskDefinitionArn(brought);
  return [{ code: "stoppedOnRequest", brought: revision, running, reason: statusReason ?? rollback?.reason }];
}

/**
 * A deployment that began when this one had ended has left its failure behind, also where a list does not show it yet. One
 * that is under way may be what has stopped this one.
 */
function isStillTrue(deployment: ServiceDeployment, { createdAtMs, rolloutState }: Deployment): boolean {
  if (rolloutState === "IN_PROGRESS" && deployment.status !== "ROLLBACK_SUCCESSFUL") return false;
  return hasFailed(deployment) && createdAtMs < (deployment.finishedAtMs ?? Infinity);
}

function describeEnd(
  failed: ServiceDeployment,
  brought: string | undefined,
  running: Revision,
  primary: Deployment,
): Extract<PlannedWait, { readonly kind: "ended" }>["end"] {
  const reason = failed.statusReason ?? failed.rollback?.reason ?? "ECS gives no reason";
  if (failed.status === "ROLLBACK_SUCCESSFUL") {
    return { kind: "rolledBackByEcs", to: primary, reason, of: brought };
  }
  const what = failed.status === "ROLLBACK_FAILED" ? "ECS did not succeed in going back" : `it is ${failed.status}`;
  return { kind: "failed", of: brought, reason: `${reason} (${what}; the service is at ${shortName(running)})` };
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
    const goal = findStopCause(newest.deployment, undefined) === "DEPLOYMENT_STOP_ON_REQUEST" ? "rollback" : "reversal";
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal };
  }
  // Of what has failed, too, the PRIMARY deployment itself does not tell.
  const hasItsState = newest !== undefined &&
    (isUnderWay || (isStillTrue(newest.deployment, primary) && newest.deployment.status !== "ROLLBACK_SUCCESSFUL"));
  return hasItsState && deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}
