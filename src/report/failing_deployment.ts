import { type Cause, isOfAnyTask, isOfNetwork, isOfPlatform } from "../diagnosis/cause.ts";
import { parseTaskDefinitionArn, type Revision } from "../model/arn.ts";
import { type Deployment, primaryDeployment, type ServiceRef, sharesNetwork } from "../model/service.ts";
import { lastSeen } from "./live_now.ts";
import type { ServiceState } from "./state.ts";

/** The revision that a service can go back to after a failed deployment. */
export interface Fallback {
  readonly to: Revision;
  /** The revision of the failed deployment. */
  readonly from: Revision;
  /** Whether tasks of `to` run. */
  readonly isLive: boolean;
  /** Whether both have the same subnets and security groups; `undefined` if that is not known. */
  readonly sharesNetwork: boolean | undefined;
}

/** What the advice about a failing deployment depends on, at the end of a run and in `status`. */
export interface FailingDeployment {
  readonly ref: ServiceRef;
  /** The primary cause. */
  readonly cause: Cause | undefined;
  /** Whether an alarm has ended the deployment, which says more than why single tasks stopped. */
  readonly isAlarmed: boolean;
  readonly primary: Deployment | undefined;
  readonly fallback: Fallback | undefined;
}

export function failingDeploymentOf(service: ServiceState): FailingDeployment {
  const { ref, main, alarms } = service;
  const { plan, replaced, causes: [cause] = [] } = main ?? {};
  const before = plan?.intent === "wait" ? replaced && parseTaskDefinitionArn(replaced.taskDefinition) : plan?.from;
  const cameFrom = plan?.intent === "rollback" ? undefined : before;
  return { ...failingDeploymentIn(ref, lastSeen(service), cause, cameFrom), isAlarmed: alarms.length > 0 };
}

/** `cameFrom`: what the PRIMARY deployment was to replace. */
export function failingDeploymentIn(
  ref: ServiceRef,
  deployments: readonly Deployment[],
  cause: Cause | undefined,
  cameFrom?: Revision,
): FailingDeployment {
  const primary = primaryDeployment({ deployments });
  return { ref, cause, isAlarmed: false, primary, fallback: primary && findFallback(primary, deployments, cameFrom) };
}

/**
 * The revision to go back to: the one that is live beside the failed deployment; if there is none, the one that it was to
 * replace, unless that had failed, too. `undefined` if neither is known, or it is the same revision.
 */
function findFallback(
  primary: Deployment,
  deployments: readonly Deployment[],
  cameFrom: Revision | undefined,
): Fallback | undefined {
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
export function restoresNetwork({ sharesNetwork }: Fallback, cause: Cause | undefined): boolean {
  return cause !== undefined && isOfNetwork(cause) && sharesNetwork === false;
}

/** Whether the cause is neither the release nor a setting that a rollback restores: new tasks would fail, too. */
export function rollbackWouldFail({ cause, isAlarmed, fallback }: FailingDeployment): boolean {
  if (cause === undefined || isAlarmed) return false;
  return isOfPlatform(cause) || (isOfAnyTask(cause) && fallback?.sharesNetwork === true);
}
