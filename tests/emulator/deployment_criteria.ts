/** What a deployment configuration says of when a rolling deployment has failed, and of when it has succeeded. */
import type { JsonObject, Service } from "./model.ts";

const SMALLEST_THRESHOLD = 3;
const LARGEST_THRESHOLD = 200;
const DEFAULT_THRESHOLD = { type: "BOUNDED_PERCENT", value: 50 };

/** `deploymentConfiguration.deploymentCircuitBreaker` */
export function breakerOf(service: Service): { enable: boolean; rollback: boolean; resetsOnHealthyTask: boolean } {
  const { enable, rollback, resetOnHealthyTask } = breakerIn(service);
  return { enable: enable === true, rollback: rollback === true, resetsOnHealthyTask: resetOnHealthyTask !== false };
}

/**
 * The number of failures that trips the circuit breaker. Unless it is configured: half the latest desired count, at least 3,
 * at most 200. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
 */
export function breakerThreshold(service: Service): number {
  const { thresholdConfiguration } = breakerIn(service);
  const { type, value } = { ...DEFAULT_THRESHOLD, ...thresholdConfiguration as JsonObject | undefined };
  if (type === "COUNT") return Math.max(1, value);
  const share = Math.ceil((service.desiredCount * value) / 100);
  if (type === "UNBOUNDED_PERCENT") return Math.max(1, share);
  return Math.min(LARGEST_THRESHOLD, Math.max(SMALLEST_THRESHOLD, share));
}

function breakerIn({ deploymentConfiguration }: Service): JsonObject {
  return (deploymentConfiguration.deploymentCircuitBreaker ?? {}) as JsonObject;
}

/**
 * When a deployment is complete before all of its tasks are healthy, where that was configured.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 */
export function earlySuccessOf({ deploymentConfiguration, desiredCount }: Service):
  | { healthyTasks: number; waitsForCleanup: boolean }
  | undefined {
  const criteria = (deploymentConfiguration.earlySuccessCriteria ?? {}) as JsonObject;
  if (criteria.enable !== true) return undefined;
  return {
    healthyTasks: Math.ceil((desiredCount * Number(criteria.healthyPercent)) / 100),
    waitsForCleanup: criteria.sourceServiceRevisionCleanup !== "DEFERRED",
  };
}
