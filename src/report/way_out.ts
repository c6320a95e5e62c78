import { type Cause, isOfAnyTask, isOfNetwork, isOfPlatform } from "../diagnosis/cause.ts";
import { parseTaskDefinitionArn, type Revision } from "../model/arn.ts";
import { type Deployment, primaryDeployment, type ServiceRef, sharesNetwork } from "../model/service.ts";
import { lastSeen } from "./live_now.ts";
import type { ServiceState } from "./state.ts";

/** Where a service can go back to after a failed deployment. */
export interface WayOut {
  readonly to: Revision;
  /** The revision of the failed deployment. */
  readonly from: Revision;
  /** Whether tasks of `to` run. */
  readonly isLive: boolean;
  /** Whether both have the same subnets and security groups; `undefined` if that is not known. */
  readonly sharesNetwork: boolean | undefined;
}

/** What decides about a deployment that fails, at the end of a run and where `status` has read it. */
export interface Trouble {
  readonly ref: ServiceRef;
  /** The primary cause. */
  readonly cause: Cause | undefined;
  /** Whether an alarm has ended the deployment, which says more than why single tasks stopped. */
  readonly isAlarmed: boolean;
  readonly primary: Deployment | undefined;
  readonly way: WayOut | undefined;
}

export function troubleOf(service: ServiceState): Trouble {
  const { ref, main, alarms } = service;
  const { plan, replaced, causes: [cause] = [] } = main ?? {};
  const before = plan?.intent === "wait" ? replaced && parseTaskDefinitionArn(replaced.taskDefinition) : plan?.from;
  const cameFrom = plan?.intent === "rollback" ? undefined : before;
  return { ...troubleIn(ref, lastSeen(service), cause, cameFrom), isAlarmed: alarms.length > 0 };
}

/** `cameFrom`: what the PRIMARY deployment was to replace. */
export function troubleIn(
  ref: ServiceRef,
  deployments: readonly Deployment[],
  cause: Cause | undefined,
  cameFrom?: Revision,
): Trouble {
  const primary = primaryDeployment({ deployments });
  return { ref, cause, isAlarmed: false, primary, way: primary && findWayOut(primary, deployments, cameFrom) };
}

/**
 * Where to go back to: the revision that is live beside the failed deployment; if there is none, the one that it was to
 * replace, unless that had failed, too. `undefined` if neither is known, or it is the same revision.
 */
function findWayOut(
  primary: Deployment,
  deployments: readonly Deployment[],
  cameFrom: Revision | undefined,
): WayOut | undefined {
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

/** Whether the rollback has to restore the network: that is the cause, and the earlier revision ran in another. */
export function restoresNetwork({ sharesNetwork }: WayOut, cause: Cause | undefined): boolean {
  return cause !== undefined && isOfNetwork(cause) && sharesNetwork === false;
}

/** Whether the cause is neither the release nor a setting that a rollback restores: new tasks would fail, too. */
export function isNotMendedByGoingBack({ cause, isAlarmed, way }: Trouble): boolean {
  if (cause === undefined || isAlarmed) return false;
  return isOfPlatform(cause) || (isOfAnyTask(cause) && way?.sharesNetwork === true);
}
