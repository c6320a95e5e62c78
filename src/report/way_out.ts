import { type Cause, isOfAnyTask, isOfNetwork, isOfPlatform } from "../diagnosis/cause.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../model/arn.ts";
import { type Deployment, sharesNetwork } from "../model/service.ts";
import type { Outcome } from "../rollout/outcome.ts";
import type { Named } from "./messages/cases.ts";
import { targetOf } from "./ending.ts";
import { lastSeen, nameOf, primarySeen } from "./live_now.ts";
import { capitalize } from "./messages/log.ts";
import { nameFrom } from "./messages/phrases.ts";
import { currentPlan, intentOf, type ServiceState } from "./state.ts";

/** Where a service can go back to after a failed deployment. */
interface WayOut {
  readonly to: Revision;
  /** The revision of the failed deployment. */
  readonly from: Revision;
  /** Whether tasks of `to` run. */
  readonly isLive: boolean;
  /** Whether both have the same subnets and security groups; `undefined` if that is not known. */
  readonly sharesNetwork: boolean | undefined;
}

/**
 * Where to go back to: the revision that is live beside the failed deployment; if there is none, the one that it was to
 * replace, unless that had failed, too. `undefined` if neither is known, or it is the same revision.
 */
export function findWayOut(service: ServiceState): WayOut | undefined {
  const primary = primarySeen(service);
  if (primary === undefined) return undefined;
  const { plan, replaced } = service.main ?? {};
  const before = plan?.intent === "wait" ? replaced && parseTaskDefinitionArn(replaced.taskDefinition) : plan?.from;
  return wayOutOf(lastSeen(service), plan?.intent === "rollback" ? undefined : before);
}

/** The same for a list of deployments. `cameFrom`: what the PRIMARY one was to replace. */
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

/** `rollback --revision 2 --from 3`: refused if somebody has deployed meanwhile. */
export function renderWayOut(way: WayOut, cause?: Cause): string {
  const { to, from } = way;
  return `rollback --revision ${nameFrom(from, to)} --from ${nameFrom(to, from)}${
    restoresNetwork(way, cause) ? " --restore service" : ""
  }`;
}

/** Whether the rollback has to restore the network: that is the cause, and the earlier revision ran in another. */
export function restoresNetwork({ sharesNetwork }: WayOut, cause: Cause | undefined): boolean {
  return cause !== undefined && isOfNetwork(cause) && sharesNetwork === false;
}

/**
 * Whether a rollback helps if tasks do not start because of the network; empty for other causes. A rollback starts new
 * tasks, and restores only the service's earlier network.
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

/** Whether the cause is neither the release nor a setting that a rollback restores: new tasks would fail, too. */
export function isNotMendedByGoingBack(service: ServiceState): boolean {
  const [cause] = service.main?.causes ?? [];
  if (cause === undefined || service.alarms.length > 0) return false;
  return isOfPlatform(cause) || (isOfAnyTask(cause) && findWayOut(service)?.sharesNetwork === true);
}

/**
 * What the service stays set to. "A deployment in FAILED state doesn't launch any new tasks" (API reference,
 * Deployment, rolloutState), until there is another order. For rolling deployments, since November 2025 "ECS now
 * replaces unhealthy or terminated tasks using the same service revision they belong to".
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

/** How urgent it is. After a rollback nobody knows: the release that it was to leave may be bad. */
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
