import type { Outcome } from "../rollout/outcome.ts";
import type { Named } from "./cases.ts";
import { targetOf } from "./ending.ts";
import { lastSeen, nameOf, primarySeen } from "./live_now.ts";
import { isNotMendedByGoingBack } from "./next_steps.ts";
import { currentPlan, intentOf, type ServiceState } from "./state.ts";
import { findWayOut } from "./way_out.ts";

/**
 * What stays as it is. "A deployment in FAILED state doesn't launch any new tasks" (API reference, Deployment, rolloutState):
 * only another order changes that. Of rolling deployments, since November 2025 "ECS now replaces unhealthy or terminated
 * tasks using the same service revision they belong to".
 * https://aws.amazon.com/about-aws/whats-new/2025/11/amazon-ecs-service-availability-rolling-deployments
 */
export function describeSetting({ of }: Named<Outcome, "kind", "failed">, service: ServiceState): string[] {
  const primary = primarySeen(service);
  const planned = currentPlan(service);
  const failed = of ?? (planned && targetOf(planned)?.arn);
  if (primary === undefined || primary.taskDefinition !== failed) return [];
  const name = nameOf(primary);
  if (primary.rolloutState !== "FAILED") return [`The service is still set to ${name}.`];
  const way = findWayOut(service);
  const old = lastSeen(service).find(({ taskDefinition }) => taskDefinition === way?.to.arn);
  const isWhole = way?.isLive === true && (old?.runningCount ?? 0) >= primary.desiredCount;
  const rest = isWhole ? ` ${describeReplacement(nameOf(old!), service)}` : "";
  return [`ECS starts no more tasks of ${name}, but the service is still set to it.${rest}`];
}

/** How urgent it is. Of a rollback, nobody knows how bad what it was to leave is. */
function describeReplacement(old: string, service: ServiceState): string {
  if (isNotMendedByGoingBack(service)) return `If a task of ${old} stops, its replacement may fail in the same way.`;
  const what = `if a task of ${old} stops, ECS starts another of ${old}.`;
  return intentOf(service) === "rollback" ? `I${what.slice(1)}` : `Not urgent: ${what}`;
}
