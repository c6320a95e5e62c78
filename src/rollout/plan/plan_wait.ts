import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, hasFailed, isBeingRolledBack, type ServiceDeployment } from "../../model/service_deployment.ts";
import { findStopCause, hasReached, type Phase } from "../judge/assess.ts";
import { noticeUnread, type PlanNotice } from "./notice.ts";
import type { HowToRollBack } from "./options.ts";
import type { AwaitDeployment, Plan, Planned } from "./plan.ts";
import { planBake } from "./plan_bake.ts";
import type { WaitState } from "../read/read_service.ts";
import { findServiceReason, refuse } from "./refusal.ts";
import { noticeWaitsRecord } from "./plan_fast.ts";
import type { NewestDeployment } from "../read/newest_deployment.ts";

/** The result of planning a wait: a plan, a refusal, or how the deployment had already ended. */
type PlannedWait = Planned | {
  readonly kind: "ended";
  readonly end: Extract<Phase, { kind: "failed" | "rolledBackByEcs" }> & { readonly of: string | undefined };
  /** When it ended, and how the service is now: that may be long ago. */
  readonly notice: PlanNotice;
};

type WaitOptions = Pick<Plan, "until" | "failAfter"> & Pick<HowToRollBack, "bake" | "alarm">;

/** Decides what to wait for, or how that has ended already, or why there is nothing to wait for. Pure. */
export function planWait(state: WaitState, { until, failAfter, ...baking }: WaitOptions): PlannedWait {
  const { ref, service, newest, deployed: of, denied } = state;
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
  // A PRIMARY deployment that is FAILED is followed instead: it shows why its tasks stopped.
  if (failed !== undefined && !wasRequested && primary.rolloutState !== "FAILED") {
    const { finishedAtMs } = failed;
    const { runningCount, desiredCount } = service;
    const notice = { code: "endedBefore", finishedAtMs, running, runningCount, desiredCount } as const;
    return { kind: "ended", end: describeEnd(failed, primary, running, of), notice };
  }
  const follows = findDeploymentToFollow(service, newest, primary);
  const isReached = follows.kind === "deployment" && hasReached(until, service, primary);
  const goesBack = follows.kind === "serviceDeployment" && follows.goal !== "success";
  const taskDefinition = parseTaskDefinitionArn((goesBack ? newest?.cameFrom : undefined) ?? running.arn);
  const stopped = of === undefined ? undefined : parseTaskDefinitionArn(of);
  const wait: AwaitDeployment = { kind: "awaitDeployment", taskDefinition, follows };
  const plan: Plan = {
    ...{ intent: "wait", subject: ref, from: running, to: taskDefinition, basedOn: primary.id },
    ...{ until, failAfter, isReached, deployedAtMs: primary.createdAtMs },
    steps: [isReached ? undefined : wait, planBake(service, baking, isReached)].filter((step) => step !== undefined),
    notices: [
      ...noticeWaitsRecord(state, service),
      ...noticeUnread(
        denied.map(({ failure: denial }) => ({ part: isReached ? "reversal" : "underWay", denial })),
        "wait",
      ),
      ...(wasRequested ? [{ code: "stoppedOnRequest", stopped, running, reason: saidOf(failed) } as const] : []),
    ],
  };
  return { kind: "plan", plan };
}

function describeEnd(
  failed: ServiceDeployment,
  primary: Deployment,
  running: Revision,
  of: string | undefined,
): Extract<PlannedWait, { kind: "ended" }>["end"] {
  const { status } = failed;
  const said = saidOf(failed);
  return status === "ROLLBACK_SUCCESSFUL"
    ? { kind: "rolledBackByEcs", to: primary, reason: said ?? { code: "serviceDeploymentEnded", status }, of }
    : { kind: "failed", reason: { code: "endedBefore", status, said, running }, of };
}

function saidOf({ statusReason, rollback }: ServiceDeployment): string | undefined {
  return statusReason ?? rollback?.reason;
}

/**
 * Whether a deployment's failure still counts: not where the PRIMARY one began after it had ended, even if a list does
 * not show that yet; nor where the PRIMARY one is under way, and may be what stopped it.
 */
function isStillTrue(deployment: ServiceDeployment, { createdAtMs, rolloutState }: Deployment): boolean {
  if (rolloutState === "IN_PROGRESS" && deployment.status !== "ROLLBACK_SUCCESSFUL") return false;
  return hasFailed(deployment) && createdAtMs < (deployment.finishedAtMs ?? Infinity);
}

/** The deployment in progress. Rollbacks and traffic shifts are shown by ECS's record, not by `rolloutState`. */
export function findDeploymentToFollow(
  { deploymentStrategy }: ServiceSnapshot,
  newest: NewestDeployment | undefined,
  primary: Deployment,
): NonNullable<AwaitDeployment["follows"]> {
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && isBeingRolledBack(newest.deployment)) {
    const goal = findStopCause(newest.deployment, undefined) === "DEPLOYMENT_STOP_ON_REQUEST" ? "rollback" : "reversal";
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal };
  }
  // Unless it is rolling, the PRIMARY deployment does not show its failure either.
  const hasItsState = newest !== undefined &&
    (isUnderWay || (isStillTrue(newest.deployment, primary) && newest.deployment.status !== "ROLLBACK_SUCCESSFUL"));
  return hasItsState && deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}
