import type { Revision } from "../model/arn.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../model/service.ts";
import { type ProductionTraffic, type ServiceDeployment, trafficAfter } from "../model/service_deployment.ts";

/** Why a deployment has failed: ECS's own words, or what was seen where ECS says nothing. */
export type FailureReason = Readonly<
  | string
  | { code: "primaryAgain"; deployment: string; inPlaceOf: string }
  | { code: "noReason"; deployment: string }
  | { code: "serviceDeploymentEnded"; status: string }
  /** As ECS has left it before this run. `said`: ECS's own words. */
  | { code: "endedBefore"; status: string; said: string | undefined; running: Revision }
  /** There was nothing to stop any more. */
  | { code: "completedBeforeStop" }
>;

/** How far one deployment has come, judged from one read of its service. */
export type Phase = Readonly<
  /** Also while ECS does not show the deployment yet: reads lag behind writes. */
  | { kind: "progressing" }
  | { kind: "succeeded" }
  | { kind: "failed"; reason: FailureReason }
  /** ECS's circuit breaker (or an alarm) has turned the service back to `to`. */
  | { kind: "rolledBackByEcs"; to: Deployment | undefined; reason: FailureReason }
  /** Somebody has started another deployment. */
  | { kind: "superseded"; by: Deployment }
  | { kind: "gone"; status: string }
>;

/**
 * How far a deployment has to have come: `deployed` when ECS calls it completed, `stable` when its tasks run besides, and
 * `traffic-shifted` when no production traffic goes elsewhere, which a rolling deployment has when it is completed.
 */
export type WaitUntil = "stable" | "deployed" | "traffic-shifted";

/** The deployment whose end decides the outcome. */
export interface FollowedDeployment extends Pick<Destination, "predecessors"> {
  /** As it was when following began. */
  readonly own: Deployment;
  /** Its count before an order has changed that: a read that still shows it lags behind. */
  readonly outdatedCount: number | undefined;
}

/** Takes up the PRIMARY deployment of a service; an update since `before` need not have started another one. */
export function followPrimary(service: ServiceSnapshot, before?: ServiceSnapshot): FollowedDeployment | undefined {
  const own = primaryDeployment(service);
  if (own === undefined) return undefined;
  // Also what is gone by the time that ECS shows its own: where an answer was lost, that may be late.
  const others = [...service.deployments, ...before?.deployments ?? []].filter(({ id }) => id !== own.id);
  const earlier = before?.deployments.find(({ id }) => id === own.id);
  const outdatedCount = earlier?.desiredCount === own.desiredCount ? undefined : earlier?.desiredCount;
  return { own, predecessors: new Set(others.map(({ id }) => id)), outdatedCount };
}

/**
 * Judges the followed deployment by a later read of the service. Success is that very deployment COMPLETED with its
 * own running = desired (unless `until` says that this need not be); a steady state of anything else is none.
 */
export function assess(
  service: ServiceSnapshot,
  { own, predecessors, outdatedCount }: FollowedDeployment,
  until: WaitUntil = "stable",
): Phase {
  if (service.status !== "ACTIVE") return { kind: "gone", status: service.status };
  const deployment = service.deployments.find(({ id }) => id === own.id);
  const primary = primaryDeployment(service);
  const reversal = findReversal(service, own, deployment);
  if (reversal !== undefined) {
    return { kind: "rolledBackByEcs", to: primary?.id === own.id ? undefined : primary, reason: reversal };
  }
  if (deployment?.rolloutState === "FAILED") {
    return { kind: "failed", reason: deployment.rolloutStateReason ?? { code: "noReason", deployment: own.id } };
  }
  if (primary !== undefined && primary.id !== own.id && !predecessors.has(primary.id)) {
    return { kind: "superseded", by: primary };
  }
  // A read that lists ours cannot be from before it: so ECS, or somebody who stopped ours, has gone back.
  if (deployment !== undefined && primary !== undefined && primary.id !== own.id) return wentBack(own, primary);
  if (deployment !== undefined && deployment.desiredCount === outdatedCount) return { kind: "progressing" };
  const hasSucceeded = deployment?.status === "PRIMARY" && hasReached(until, service, deployment);
  return { kind: hasSucceeded ? "succeeded" : "progressing" };
}

/** The service is back at a deployment that ours was to replace. */
export function wentBack(own: Deployment, to: Deployment): Phase {
  return { kind: "rolledBackByEcs", to, reason: { code: "primaryAgain", deployment: to.id, inPlaceOf: own.id } };
}

/**
 * Whether a PRIMARY deployment is done: COMPLETED, and for `stable` with its running = desired, or with as many as
 * `earlySuccessCriteria` asks for. Behind a Classic load balancer AWS gives no rolloutState; there it is done when it is the
 * only one left and complete.
 */
export function hasReached(until: WaitUntil, service: ServiceSnapshot, primary: Deployment): boolean {
  if (until !== "stable" && primary.rolloutState === "COMPLETED") return true;
  if (primary.rolloutState !== undefined) return primary.rolloutState === "COMPLETED" && runsEnough(service, primary);
  return primary.runningCount === primary.desiredCount && liveDeployments(service).length === 1 &&
    primary.pendingCount === 0 &&
    primary.desiredCount === service.desiredCount;
}

/**
 * Whether a completed deployment has the tasks that make it one. With `earlySuccessCriteria` ECS completes it with a share
 * of them, so that others need not wait for the rest, and starts that afterwards as it would in scaling out; but without any
 * task nothing has shown that it works.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 */
function runsEnough({ deploymentSettings }: ServiceSnapshot, primary: Deployment): boolean {
  const { runningCount, desiredCount } = primary;
  const { earlySuccessPercent } = deploymentSettings;
  if (earlySuccessPercent === undefined || desiredCount === 0) return runningCount === desiredCount;
  return runningCount >= Math.max(1, Math.ceil((desiredCount * earlySuccessPercent) / 100));
}

/** ECS's own words for "I am turning back"; `undefined` when it said no such thing about `own`. */
function findReversal(service: ServiceSnapshot, own: Deployment, now: Deployment | undefined): string | undefined {
  const reason = now?.rolloutStateReason;
  if (reason !== undefined && /rolling back to deployment/i.test(reason)) return reason;
  // The event outlives the deployment, which may no longer be listed. Older ones are about other deployments.
  return service.events.find(({ createdAtMs, message }) =>
    createdAtMs >= own.createdAtMs && /\) rolling back to deployment ecs-svc\/[0-9]+/.test(message) &&
    !message.includes(own.id)
  )?.message;
}

/**
 * How the followed service deployment is to end: by reaching its own target, by going back as ordered, or by going back
 * because it has failed (which is its end, but no success).
 */
export type Goal = "success" | "rollback" | "reversal";

/** Where production traffic is to go; a reversal ends as the failure that it comes of. */
const AIMS: Readonly<Record<Goal, ProductionTraffic | undefined>> = {
  success: "new",
  rollback: "old",
  reversal: undefined,
};

export interface Destination {
  readonly goal: Goal;
  readonly until: WaitUntil;
  /** The ARN that the service has to have in the end. */
  readonly taskDefinition: string;
  /** The ids of the deployments from before: a read that lags behind a write still shows one of them as PRIMARY. */
  readonly predecessors: ReadonlySet<string>;
}

/**
 * Judges a service deployment: the record of blue/green, linear and canary strategies, and of a deployment that was ordered
 * to stop; `rolloutState` is documented for rolling deployments only.
 */
export function assessServiceDeployment(
  service: ServiceSnapshot,
  deployment: ServiceDeployment,
  destination: Destination,
): Phase {
  if (service.status !== "ACTIVE") return { kind: "gone", status: service.status };
  const { goal, until, taskDefinition, predecessors } = destination;
  const primary = primaryDeployment(service);
  const reason = deployment.statusReason ?? deployment.rollback?.reason ??
    { code: "serviceDeploymentEnded" as const, status: deployment.status };
  if (deployment.status === "ROLLBACK_FAILED") return { kind: "failed", reason };
  if (goal === "success" && deployment.status.startsWith("ROLLBACK_")) {
    return { kind: "rolledBackByEcs", to: deployment.status === "ROLLBACK_SUCCESSFUL" ? primary : undefined, reason };
  }
  // A PRIMARY deployment that was not there before and does not lead to the target is somebody else's.
  const isNew = primary !== undefined && primary.taskDefinition !== taskDefinition && !predecessors.has(primary.id);
  if (isNew) return { kind: "superseded", by: primary };
  // Also where another deployment took its place that a read of the service, lagging behind, does not show yet.
  if (deployment.status === "STOPPED") return { kind: "failed", reason };
  if (deployment.status === "SUCCESSFUL" && goal !== "success") {
    return { kind: "failed", reason: { code: "completedBeforeStop" } };
  }
  if (until === "traffic-shifted" && trafficAfter(undefined, deployment) === AIMS[goal]) return { kind: "succeeded" };
  const hasEnded = deployment.status === "SUCCESSFUL" || deployment.status === "ROLLBACK_SUCCESSFUL";
  // A read that lags behind what ECS says is done is waited for.
  const isThere = primary?.taskDefinition === taskDefinition && (until !== "stable" || runsEnough(service, primary));
  if (!hasEnded || !isThere) return { kind: "progressing" };
  return goal === "reversal" ? { kind: "rolledBackByEcs", to: primary, reason } : { kind: "succeeded" };
}

/** What ends a deployment before its success, and may have a deploy rolled back: CodeDeploy's names, which users know. */
export const ROLLBACK_EVENTS = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
] as const;

export type RollbackEvent = (typeof ROLLBACK_EVENTS)[number];

/**
 * What has ended a deployment, or made ECS go back: by ECS's own record of it, and of that first by what has triggered.
 * Where the record names nothing, by the texts and by `reason`, which ECS has said elsewhere.
 */
export function findStopCause(record: ServiceDeployment | undefined, reason: string | undefined): RollbackEvent {
  if (record?.triggered.includes("alarm")) return "DEPLOYMENT_STOP_ON_ALARM";
  if (record?.triggered.includes("circuit breaker")) return "DEPLOYMENT_FAILURE";
  const text = withoutNames([record?.statusReason, record?.rollback?.reason, reason].join(" "));
  // Not as a part of a longer name, such as that of the service `alarm-api` in an ARN.
  if (/(?<![\w.:/-])alarms?(?![\w/-])/i.test(text)) return "DEPLOYMENT_STOP_ON_ALARM";
  if (/circuit breaker|lifecycle hook/i.test(text) || namesAFault(text)) return "DEPLOYMENT_FAILURE";
  const isRequest = record !== undefined && /^(STOP|ROLLBACK)/.test(record.status);
  return isRequest ? "DEPLOYMENT_STOP_ON_REQUEST" : "DEPLOYMENT_FAILURE";
}

/** `Service deployment rolled back because of invalid networking configuration: ...`, and not because somebody wanted it. */
function namesAFault(text: string): boolean {
  return /\brolled back because\b/i.test(text) && !/\b(?:requested|user|StopServiceDeployment)\b/i.test(text);
}

/** Names may be anything: `(service cpu-alarm) rolling back to deployment ecs-svc/1.` */
function withoutNames(text: string): string {
  return text.replace(/\([^()]*\)/g, "").replace(/\bservice ["'`]?[\w-]+/gi, "");
}
