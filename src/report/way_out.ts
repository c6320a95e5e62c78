import { type Cause, isOfAnyTask, isOfNetwork, isOfPlatform } from "../diagnosis/cause.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../model/arn.ts";
import { type Deployment, sharesNetwork } from "../model/service.ts";
import type { Outcome } from "../rollout/outcome.ts";
import type { Named } from "./cases.ts";
import { targetOf } from "./ending.ts";
import { lastSeen, nameOf, primarySeen } from "./live_now.ts";
import { capitalize } from "./log.ts";
import { nameFrom } from "./messages/phrases.ts";
import { currentPlan, intentOf, type ServiceState } from "./state.ts";

/** What a service can go back to from a deployment that has failed. */
interface WayOut {
  readonly to: Revision;
  /** What it leaves, as the service names it. */
  readonly from: Revision;
  /** Its tasks run. */
  readonly isLive: boolean;
  /** Whether it has the subnets and security groups of what has failed; `undefined` where that is not known. */
  readonly sharesNetwork: boolean | undefined;
}

/**
 * What is live beside the failed deployment; where nothing is, what it was to replace, unless that had failed before.
 * `undefined` where neither is known, or is the same revision.
 */
export function findWayOut(service: ServiceState): WayOut | undefined {
  const primary = primarySeen(service);
  if (primary === undefined) return undefined;
  const { plan, replaced } = service.main ?? {};
  const before = plan?.intent === "wait" ? replaced && parseTaskDefinitionArn(replaced.taskDefinition) : plan?.from;
  return wayOutOf(lastSeen(service), plan?.intent === "rollback" ? undefined : before);
}

/** The same of deployments. `cameFrom`: what the PRIMARY one was to replace. */
export function wayOutOf(deployments: readonly Deployment[], cameFrom?: Revision): WayOut | undefined {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  if (primary === undefined) return undefined;
  const from = parseTaskDefinitionArn(primary.taskDefinition);
  const others = deployments.filter(({ taskDefinition }) => taskDefinition !== from.arn);
  const [live, ...more] = others.filter(({ runningCount }) => runningCount > 0);
  if (live !== undefined && more.length === 0) {
    const to = parseTaskDefinitionArn(live.taskDefinition);
    return { to, from, isLive: true, sharesNetwork: sharesNetwork(primary, live) };
  }
  if (cameFrom === undefined || cameFrom.arn === from.arn) return undefined;
  const before = others.find(({ taskDefinition }) => taskDefinition === cameFrom.arn);
  if (before?.rolloutState === "FAILED") return undefined;
  return { to: cameFrom, from, isLive: false, sharesNetwork: before && sharesNetwork(primary, before) };
}

/** `rollback --revision 2 --from 3`: given late, it leaves alone what somebody has deployed meanwhile. */
export function renderWayOut(way: WayOut, cause?: Cause): string {
  const { to, from } = way;
  return `rollback --revision ${nameFrom(from, to)} --from ${nameFrom(to, from)}${
    restoresNetwork(way, cause) ? " --restore service" : ""
  }`;
}

/** Whether going back is to restore the network, too: the cause lies in it, and the revision to go back to had another. */
export function restoresNetwork({ sharesNetwork }: WayOut, cause: Cause | undefined): boolean {
  return cause !== undefined && isOfNetwork(cause) && sharesNetwork === false;
}

/**
 * Whether going back helps against a network in which tasks do not start; empty where the cause is another one. A rollback
 * starts new tasks, and of the network it restores only what the service had.
 */
export function describeNetwork(service: ServiceState): string {
  const [cause] = service.main?.causes ?? [];
  const way = findWayOut(service);
  if (cause === undefined || way === undefined || !isOfNetwork(cause)) return "";
  const name = shortName(way.to);
  const network = primarySeen(service)?.network;
  const which = network === undefined ? "subnets and security groups" : `subnets (${network.subnets.join(", ")}) and ` +
    `security groups (${network.securityGroups.join(", ") || "none named"})`;
  if (way.sharesNetwork === true) {
    if (!isOfAnyTask(cause)) return "";
    return `do not roll back, and leave the running tasks alone: ${name} is in the same ${which}`;
  }
  return way.sharesNetwork === false
    ? `${name} is in other subnets or security groups, and the rollback restores them`
    : "a rollback helps only if the subnets or security groups were changed";
}

/** Neither the release nor a setting that a rollback restores is to blame: its new tasks would meet the same. */
export function isNotMendedByGoingBack(service: ServiceState): boolean {
  const [cause] = service.main?.causes ?? [];
  if (cause === undefined || service.alarms.length > 0) return false;
  return isOfPlatform(cause) || (isOfAnyTask(cause) && findWayOut(service)?.sharesNetwork === true);
}

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
  return [
    isWhole
      ? describeReplacement(nameOf(old!), name, service)
      : `ECS starts no more tasks of ${name}, but the service is still set to it.`,
  ];
}

/** How urgent it is. Of a rollback, nobody knows how bad what it was to leave is. */
function describeReplacement(old: string, failed: string, service: ServiceState): string {
  const stays = `ECS starts no more tasks of ${failed}`;
  if (isNotMendedByGoingBack(service)) {
    return `${stays}, but the service is still set to it. If a task of ${old} stops, its replacement may fail in the ` +
      "same way.";
  }
  const what = `if a task of ${old} stops, ECS starts another of it.`;
  const urgency = intentOf(service) === "rollback" ? capitalize(what) : `Not urgent, users are on ${old}: ${what}`;
  return `${stays}. ${urgency}`;
}
