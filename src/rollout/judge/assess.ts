import type { Revision } from "../../model/arn.ts";
import { type Deployment, liveDeployments, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { type ProductionTraffic, type ServiceDeployment, trafficAfter } from "../../model/service_deployment.ts";

/** Why a deployment has failed: ECS's own words, or what was seen where ECS says nothing. */
export type FailureReason = Readonly<
  | string
  | { code: "primaryAgain"; deployment: string; inPlaceOf: string }
  | { code: "noReason"; deployment: string }
  | { code: "serviceDeploymentEnded"; status: string }
  /** The deployment had ended before this run. `said`: ECS's own words. */
  | { code: "endedBefore"; status: string; said: string | undefined; running: Revision }
  /** The deployment was completed before it could be stopped. */
  | { code: "completedBeforeStop" }
>;

/** How far one deployment has come, judged from one read of its service. */
export type Phase = Readonly<
  /** Also while ECS does not show the deployment yet: reads lag behind writes. */
  | { kind: "progressing" }
  | { kind: "succeeded" }
  | { kind: "failed"; reason: FailureReason }
  /** ECS has rolled the service back to `to`, by its circuit breaker or for an alarm. */
  | { kind: "rolledBackByEcs"; to: Deployment | undefined; reason: FailureReason }
  /** Somebody has started another deployment. */
  | { kind: "superseded"; by: Deployment }
  | { kind: "gone"; status: string }
>;

/**
 * How far a deployment must come: `deployed` when ECS calls it completed, `stable` when its tasks run as well, and
 * `traffic-shifted` when it has all production traffic, which a rolling deployment has when it is completed.
 */
export type WaitUntil = "stable" | "deployed" | "traffic-shifted";

/** The deployment whose end decides the outcome. */
export interface FollowedDeployment extends Pick<Destination, "predecessors"> {
  /** As it was when following began. */
  readonly own: Deployment;
  /** Its desired count before an order changed that: a read that still shows it lags behind. */
  readonly outdatedCount: number | undefined;
}

/** Follows the PRIMARY deployment of a service, which an update since `before` need not have started. */
export function followPrimary(service: ServiceSnapshot, before?: ServiceSnapshot): FollowedDeployment | undefined {
  const own = primaryDeployment(service);
  if (own === undefined) return undefined;
  // Also deployments that are gone meanwhile: after a lost answer, ECS may show the new one late.
  const others = [...service.deployments, ...before?.deployments ?? []].filter(({ id }) => id !== own.id);
  const earlier = before?.deployments.find(({ id }) => id === own.id);
  const outdatedCount = earlier?.desiredCount === own.desiredCount ? undefined : earlier?.desiredCount;
  return { own, predecessors: new Set(others.map(({ id }) => id)), outdatedCount };
}

/**
 * Judges the followed deployment by a later read of the service. Success is that very deployment COMPLETED with its own
 * running = desired (unless `until` says that this need not be); no other steady state is.
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
  // A read that lists our deployment is no older than it, so ECS has rolled back, or somebody has stopped it.
  if (deployment !== undefined && primary !== undefined && primary.id !== own.id) return asRolledBack(own, primary);
  if (deployment !== undefined && deployment.desiredCount === outdatedCount) return { kind: "progressing" };
  const hasSucceeded = deployment?.status === "PRIMARY" && hasReached(until, service, deployment);
  return { kind: hasSucceeded ? "succeeded" : "progressing" };
}

/** The phase where the service is back at a deployment that ours was to replace. */
export function asRolledBack(own: Deployment, to: Deployment): Phase {
  return { kind: "rolledBackByEcs", to, reason: { code: "primaryAgain", deployment: to.id, inPlaceOf: own.id } };
}

/**
 * Whether a PRIMARY deployment is done: COMPLETED, and for `stable` with its running = desired, or with as many as
 * `earlySuccessCriteria` asks for. Behind a Classic Load Balancer AWS gives no rolloutState; there it is done when it
 * is the only one left and complete.
 */
export function hasReached(until: WaitUntil, service: ServiceSnapshot, primary: Deployment): boolean {
  if (until !== "stable" && primary.rolloutState === "COMPLETED") return true;
  if (primary.rolloutState !== undefined) return primary.rolloutState === "COMPLETED" && runsEnough(service, primary);
  return primary.runningCount === primary.desiredCount && liveDeployments(service).length === 1 &&
    primary.pendingCount === 0 &&
    primary.desiredCount === service.desiredCount;
}

/**
 * Whether a completed deployment has enough tasks. With `earlySuccessCriteria` ECS completes it with a share of them,
 * so that nothing has to wait for the rest, and starts the rest afterwards, as in scaling out; but without any task
 * nothing has shown that it works.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 */
function runsEnough({ deploymentSettings }: ServiceSnapshot, primary: Deployment): boolean {
  const { runningCount, desiredCount } = primary;
  const { earlySuccessPercent } = deploymentSettings;
  if (earlySuccessPercent === undefined || desiredCount === 0) return runningCount === desiredCount;
  return runningCount >= Math.max(1, Math.ceil((desiredCount * earlySuccessPercent) / 100));
}

/** ECS's own words that it is rolling back; `undefined` where it said no such thing about `own`. */
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
 * because it has failed, which is an end, but no success.
 */
export type Goal = "success" | "rollback" | "reversal";

/** Where production traffic must end up. A reversal is reported as the failure that caused it. */
const AIMS: Readonly<Record<Goal, ProductionTraffic | undefined>> = {
  success: "new",
  rollback: "old",
  reversal: undefined,
};

export interface Destination {
  readonly goal: Goal;
  readonly until: WaitUntil;
  /** The ARN of the task definition that the service must have in the end. */
  readonly taskDefinition: string;
  /** The ids of earlier deployments: a read that lags behind a write still shows one of them as PRIMARY. */
  readonly predecessors: ReadonlySet<string>;
}

/**
 * Judges a service deployment: the record of blue/green, linear and canary strategies, and of a deployment that was
 * ordered to stop; `rolloutState` is documented for rolling deployments only.
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
  // A PRIMARY deployment that was not there before, and is not of the target, is somebody else's.
  const isNew = primary !== undefined && primary.taskDefinition !== taskDefinition && !predecessors.has(primary.id);
  if (isNew) return { kind: "superseded", by: primary };
  // Even where another deployment took its place: this read of the service may lag behind and not show it.
  if (deployment.status === "STOPPED") return { kind: "failed", reason };
  if (deployment.status === "SUCCESSFUL" && goal !== "success") {
    return { kind: "failed", reason: { code: "completedBeforeStop" } };
  }
  if (until === "traffic-shifted" && trafficAfter(undefined, deployment) === AIMS[goal]) return { kind: "succeeded" };
  const hasEnded = deployment.status === "SUCCESSFUL" || deployment.status === "ROLLBACK_SUCCESSFUL";
  // The read of the service may lag behind ECS's record: then a later one is waited for.
  const isThere = primary?.taskDefinition === taskDefinition && (until !== "stable" || runsEnough(service, primary));
  if (!hasEnded || !isThere) return { kind: "progressing" };
  return goal === "reversal" ? { kind: "rolledBackByEcs", to: primary, reason } : { kind: "succeeded" };
}

/** What ends a deployment before its success, and can roll a deploy back: in CodeDeploy's names, which users know. */
export const ROLLBACK_EVENTS = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
] as const;

export type RollbackEvent = (typeof ROLLBACK_EVENTS)[number];

/**
 * Finds what ended a deployment, or made ECS go back: by what ECS's own record says was triggered; where it names
 * nothing, by the texts of the record, and by `reason`, which ECS has given elsewhere.
 */
export function findStopCause(record: ServiceDeployment | undefined, reason: string | undefined): RollbackEvent {
  if (record?.triggered.includes("alarm")) return "DEPLOYMENT_STOP_ON_ALARM";
  if (record?.triggered.includes("circuitBreaker")) return "DEPLOYMENT_FAILURE";
  const text = withoutNames([record?.statusReason, record?.rollback?.reason, reason].join(" "));
  // Not as part of a longer name, such as the service `alarm-api` in an ARN.
  if (/(?<![\w.:/-])alarms?(?![\w/-])/i.test(text)) return "DEPLOYMENT_STOP_ON_ALARM";
  if (/circuit breaker|lifecycle hook/i.test(text) || namesAFault(text)) return "DEPLOYMENT_FAILURE";
  const isRequest = record !== undefined && /^(STOP|ROLLBACK)/.test(record.status);
  return isRequest ? "DEPLOYMENT_STOP_ON_REQUEST" : "DEPLOYMENT_FAILURE";
}

/** `Service deployment rolled back because of invalid networking configuration: ...` names a fault, and no request. */
function namesAFault(text: string): boolean {
  return /\brolled back because\b/i.test(text) && !/\b(?:requested|user|StopServiceDeployment)\b/i.test(text);
}

/** Removes names, because they may be anything: `(service cpu-alarm) rolling back to deployment ecs-svc/1.` */
function withoutNames(text: string): string {
  return text.replace(/\([^()]*\)/g, "").replace(/\bservice ["'`]?[\w-]+/gi, "");
}
