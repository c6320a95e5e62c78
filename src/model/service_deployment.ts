import type { ContainerImage } from "./images.ts";
import type { JsonObject } from "./json.ts";

/** ECS's own record of a deployment, kept for 90 days. It has no `ecs-svc/...` id: it is followed by its ARN. */
export interface ServiceDeployment {
  readonly arn: string;
  /** `PENDING`, `IN_PROGRESS`, `STOP_REQUESTED`, `ROLLBACK_REQUESTED`, `ROLLBACK_IN_PROGRESS`, or a terminal one. */
  readonly status: string;
  readonly statusReason: string | undefined;
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR` or `CANARY`; `undefined` when AWS leaves it out, which means rolling. */
  readonly strategy: string | undefined;
  readonly bakeTimeInMinutes: number | undefined;
  /** `SCALE_UP`, `PRODUCTION_TRAFFIC_SHIFT`, `BAKE_TIME`, ... */
  readonly lifecycleStage: string | undefined;
  /** The service revisions that it replaces, by ARN. */
  readonly sourceRevisionArns: readonly string[];
  readonly targetRevisionArn: string | undefined;
  /** Why and to which service revision ECS is going back; `undefined` while it is not. */
  readonly rollback:
    | Readonly<{ reason: string | undefined; revisionArn: string | undefined; startedAtMs?: number | undefined }>
    | undefined;
  /** What made ECS go back by itself; empty when somebody ordered it. */
  readonly triggered: readonly ("circuitBreaker" | "alarm")[];
  readonly triggeredAlarms: readonly string[];
  /** AWS's names of the lifecycle hooks that wait for an answer (`AWAITING_ACTION`). */
  readonly awaitingHooks: readonly string[];
  readonly createdAtMs: number;
  /** `undefined` while it is under way. */
  readonly finishedAtMs: number | undefined;
}

const TERMINAL = new Set(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]);

/** Whether the deployment is over: ECS will do nothing more for it. */
export function hasEnded({ status }: Pick<ServiceDeployment, "status">): boolean {
  return TERMINAL.has(status);
}

/** Whether it has ended without success. */
export function hasFailed(deployment: Pick<ServiceDeployment, "status">): boolean {
  return hasEnded(deployment) && deployment.status !== "SUCCESSFUL";
}

/** Whether ECS is rolling the deployment back. */
export function isBeingRolledBack({ status }: Pick<ServiceDeployment, "status">): boolean {
  return status === "STOP_REQUESTED" || status === "ROLLBACK_REQUESTED" || status === "ROLLBACK_IN_PROGRESS";
}

/** Whether a rollback would have to shift production traffic back. A rollback in CLEAN_UP has done so already. */
export function hasProductionTraffic(deployment: Pick<ServiceDeployment, "status" | "lifecycleStage">): boolean {
  const { lifecycleStage = "" } = deployment;
  const isOver = lifecycleStage === "CLEAN_UP" && isBeingRolledBack(deployment);
  return !isOver && (BY_STAGE[lifecycleStage] ?? "old") !== "old";
}

/** Whether ECS has rolled the deployment back. */
export function hasBeenRolledBack({ status }: Pick<ServiceDeployment, "status">): boolean {
  return status === "ROLLBACK_SUCCESSFUL";
}

/** Whether ECS is rolling the deployment back, has done so, or has failed to. */
export function hasRollbackStarted(deployment: Pick<ServiceDeployment, "status">): boolean {
  return isBeingRolledBack(deployment) || hasBeenRolledBack(deployment) || deployment.status === "ROLLBACK_FAILED";
}

/** Which tasks get the production traffic where a deployment shifts it (blue/green, linear, canary). */
export type ProductionTraffic = "old" | "new" | "moving" | "unknown";

/** API reference, ServiceDeployment, lifecycleStage: "handling 100% of the production traffic", "is shifting", "is complete". */
const BY_STAGE: Readonly<Record<string, ProductionTraffic>> = {
  PRE_SCALE_UP: "old",
  SCALE_UP: "old",
  POST_SCALE_UP: "old",
  TEST_TRAFFIC_SHIFT: "old",
  POST_TEST_TRAFFIC_SHIFT: "old",
  PRE_PRODUCTION_TRAFFIC_SHIFT: "old",
  PRODUCTION_TRAFFIC_SHIFT: "moving",
  POST_PRODUCTION_TRAFFIC_SHIFT: "new",
  BAKE_TIME: "new",
  CLEAN_UP: "new",
};

/**
 * Where the production traffic is, after one more poll of the deployment; `undefined` where none is shifted.
 *
 * @param known after the poll before
 */
export function trafficAfter(
  known: ProductionTraffic | undefined,
  deployment: Pick<ServiceDeployment, "status" | "strategy" | "lifecycleStage" | "sourceRevisionArns">,
): ProductionTraffic | undefined {
  const { status, strategy = "ROLLING", lifecycleStage = "", sourceRevisionArns } = deployment;
  if (strategy === "ROLLING" || sourceRevisionArns.length === 0) return undefined;
  if (hasBeenRolledBack(deployment)) return "old";
  // Traffic that was not shifted need not be shifted back. AWS's pages do not say at which stage the rest is.
  if (isBeingRolledBack(deployment)) {
    if (known === "old" || lifecycleStage === "CLEAN_UP") return "old";
    return known === "new" || known === "moving" ? "moving" : "unknown";
  }
  if (status === "ROLLBACK_FAILED" || status === "STOPPED") return known ?? "unknown";
  // A linear or canary deployment has this stage before every step.
  if (lifecycleStage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && strategy !== "BLUE_GREEN") return known ?? "unknown";
  return BY_STAGE[lifecycleStage] ?? known ?? "unknown";
}

/** What a service deployment ships: a task definition, and the service's settings at that moment. */
export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: string;
  readonly createdAtMs: number;
  readonly images: readonly ContainerImage[];
  /** AWS's whole description, in the names of the API. */
  readonly raw: JsonObject;
}

/** How many past deployments of a service are read at most. ECS keeps 90 days of them. */
export const MAX_PAST_DEPLOYMENTS = 100;

export interface ListedDeployment extends Pick<ServiceDeployment, "arn" | "status" | "createdAtMs" | "finishedAtMs"> {
  /** The ARN of the service revision that it was to ship. */
  readonly revisionArn: string | undefined;
}

/** A past or present deployment, with what it was to ship. */
export interface PastDeployment extends Omit<ListedDeployment, "revisionArn"> {
  /** The ARN of the task definition that it was to ship; `undefined`, as `revision`, when AWS no longer knows. */
  readonly taskDefinition: string | undefined;
  readonly revision?: ServiceRevision | undefined;
}

export function newestFirst<One extends { readonly createdAtMs: number }>(all: readonly One[]): One[] {
  return all.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}

export function oldestFirst<One extends { readonly createdAtMs: number }>(all: readonly One[]): One[] {
  return all.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
}
