import { targetOf } from "./ending.ts";
import { lastSeen, nameOf, primarySeen } from "./live_now.ts";
import { capitalize } from "./messages/log.ts";
import { failingDeploymentOf, rollbackWouldFail } from "./failing_deployment.ts";
import { currentPlan, intentOf, type ServiceState } from "./state.ts";
import type { Outcome } from "../rollout/outcome.ts";
import type { Named } from "./messages/cases.ts";

/**
 * What the service stays set to. "A deployment in FAILED state doesn't launch any new tasks" (API reference,
 * Deployment, rolloutState), until there is another order. For rolling deployments, since November 2025 "ECS now
 * replaces unhealthy or terminated tasks using the same service revision they belong to".
 * https://aws.amazon.com/about-aws/whats-new/2025/11/amazon-ecs-service-availability-rolling-deployments
 */
export function describeSetTo({ of }: Named<Outcome, "kind", "failed">, service: ServiceState): string[] {
  const primary = primarySeen(service);
  const planned = currentPlan(service);
  const failed = of ?? (planned && targetOf(planned)?.arn);
  if (primary === undefined || primary.taskDefinition !== failed) return [];
  const name = nameOf(primary);
  if (primary.rolloutState !== "FAILED") return [`The service is still set to ${name}.`];
  const { fallback } = failingDeploymentOf(service);
  const old = lastSeen(service).find(({ taskDefinition }) => taskDefinition === fallback?.to.arn);
  const isWhole = fallback?.isLive === true && (old?.runningCount ?? 0) >= primary.desiredCount;
  return [
    isWhole
      ? describeReplacement(nameOf(old!), name, service)
      : `ECS starts no more tasks of ${name}, but the service is still set to it.`,
  ];
}

/** How urgent it is. After a rollback nobody knows: the release that it was to leave may be bad. */
function describeReplacement(old: string, failed: string, service: ServiceState): string {
  const stays = `ECS starts no more tasks of ${failed}`;
  if (rollbackWouldFail(failingDeploymentOf(service))) {
    return `${stays}, but the service is still set to it. If a task of ${old} stops, its replacement may fail in the ` +
      "same way.";
  }
  const what = `if a task of ${old} stops, ECS starts another of it.`;
  const urgency = intentOf(service) === "rollback" ? capitalize(what) : `Not urgent, users are on ${old}: ${what}`;
  return `${stays}. ${urgency}`;
}
