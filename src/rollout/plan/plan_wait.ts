import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import { type Deployment, primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, isGoingBack, type ServiceDeployment } from "../../model/service_deployment.ts";
import { AwsError } from "../../errors.ts";
import { hasReached, type Milestone } from "../assess.ts";
import type { OutcomeKind } from "../events.ts";
import type { PlanNotice, WaitNotice } from "./notice.ts";
import type { AwaitDeployment, Planned } from "./plan.ts";
import { type NewestDeployment, readNewestDeployment } from "../read/read_situation.ts";
import { findServiceReason } from "./find_service_reason.ts";
import { refuse } from "./refusal.ts";
import { whyEnded } from "../why_ended.ts";

/** What planning to wait needs to know of the world. */
export interface WaitSituation {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot | undefined;
  /** ECS's own record of the newest deployment, whether it is under way or not. */
  readonly newest: NewestDeployment | undefined;
  /** The ARN of what the newest deployment was to bring, where it has ended without success. */
  readonly brought: string | undefined;
  /** The optional things that may not be read, in AWS's words. */
  readonly denied: readonly string[];
}

/** Reads what waiting is planned from: the service, and by one to three calls more ECS's record of its newest deployment. */
export async function readWaitSituation(ref: ServiceRef, ecs: EcsReader, signal: AbortSignal): Promise<WaitSituation> {
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return { ref, service, newest: undefined, brought: undefined, denied: [] };
  let newest: NewestDeployment | undefined;
  try {
    newest = await readNewestDeployment(ref, service, ecs, signal) ?? await readIdle(ref, service, ecs, signal);
    const target = newest && hasFailed(newest.deployment) ? newest.deployment.targetRevisionArn : undefined;
    const [brought] = target === undefined ? [] : await ecs.describeServiceRevisions([target], signal);
    return { ref, service, newest, brought: brought?.taskDefinition, denied: [] };
  } catch (error) {
    // Not every partition of AWS has these records: what it does not know it rejects.
    if (!(error instanceof AwsError) || (error.kind !== "denied" && error.kind !== "rejected")) throw error;
    return { ref, service, newest, brought: undefined, denied: [error.message] };
  }
}

/** Nothing is under way: then by its record alone the newest deployment shows that ECS has turned it back. */
async function readIdle(
  ref: ServiceRef,
  service: ServiceSnapshot,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<NewestDeployment | undefined> {
  if (service.status !== "ACTIVE" || service.deploymentController !== "ECS") return undefined;
  const deployment = await ecs.findNewestServiceDeployment(ref, signal);
  return deployment && { deployment, cameFrom: undefined };
}

/** What waiting comes to: a plan, a refusal, or the end that there was before anybody waited. */
export type PlannedWait = Planned | {
  readonly kind: "ended";
  readonly end: Extract<OutcomeKind, { readonly kind: "failed" | "rolledBackByEcs" }>;
  /** Since when, and how the service is now: what had ended may be long ago. */
  readonly notice: WaitNotice;
};

/** Decides what is to be waited for, how it has ended already, or why there is nothing that could be waited for. Pure. */
export function planWait(situation: WaitSituation, until: Milestone): PlannedWait {
  const { ref, service, newest, brought, denied } = situation;
  const unfit = findServiceReason(service);
  if (unfit !== undefined) return refuse("wait", ref, unfit);
  const primary = service && primaryDeployment(service);
  if (service?.taskDefinition === undefined || primary === undefined) {
    return refuse("wait", ref, { code: "noDeployment" });
  }
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const failed = newest && isStillTrue(newest.deployment, primary) ? newest.deployment : undefined;
  const wasRequested = failed?.status === "ROLLBACK_SUCCESSFUL" && whyEnded(failed, undefined) === "request";
  // One that is FAILED is followed instead: that tells why its tasks stopped.
  if (failed !== undefined && !wasRequested && primary.rolloutState !== "FAILED") {
    const end = describeEnd(failed, brought, running, primary);
    const { runningCount, desiredCount } = service;
    const { finishedAtMs } = failed;
    return { kind: "ended", end, notice: { code: "endedBefore", finishedAtMs, running, runningCount, desiredCount } };
  }
  const broughtRevision = brought === undefined ? undefined : parseTaskDefinitionArn(brought);
  const reason = failed?.statusReason ?? failed?.rollback?.reason;
  const follows = chooseFollowed(service, newest, primary);
  const isReached = follows.kind === "deployment" && hasReached(until, service, primary);
  const heading = follows.kind === "serviceDeployment" && follows.goal !== "success"
    ? newest?.cameFrom ?? service.taskDefinition
    : service.taskDefinition;
  const taskDefinition = parseTaskDefinitionArn(heading);
  const notRead = (denial: string): PlanNotice =>
    isReached ? { code: "reversalNotRead", denial } : { code: "notRead", denial, intent: "wait" };
  return {
    kind: "plan",
    plan: {
      version: 1,
      intent: "wait",
      subject: ref,
      from: running,
      to: taskDefinition,
      reason: undefined,
      changes: [],
      steps: isReached ? [] : [{ kind: "awaitDeployment", taskDefinition, follows }],
      until,
      isReached,
      notices: [
        ...denied.map(notRead),
        ...(wasRequested ? [{ code: "stoppedOnRequest", brought: broughtRevision, running, reason } as const] : []),
      ],
      basedOn: primary.id,
    },
  };
}

function hasFailed(deployment: ServiceDeployment): boolean {
  return hasEnded(deployment) && deployment.status !== "SUCCESSFUL";
}

/**
 * A deployment that began when this one had ended has left its failure behind, also where a list does not show it yet. One
 * that is under way may be what has stopped this one.
 */
function isStillTrue(deployment: ServiceDeployment, { createdAtMs, rolloutState }: Deployment): boolean {
  if (rolloutState === "IN_PROGRESS" && deployment.status !== "ROLLBACK_SUCCESSFUL") return false;
  return hasFailed(deployment) && createdAtMs < (deployment.finishedAtMs ?? Infinity);
}

function describeEnd(
  failed: ServiceDeployment,
  brought: string | undefined,
  running: Revision,
  primary: Deployment,
): Extract<PlannedWait, { readonly kind: "ended" }>["end"] {
  const reason = failed.statusReason ?? failed.rollback?.reason ?? "ECS gives no reason";
  if (failed.status === "ROLLBACK_SUCCESSFUL") {
    return { kind: "rolledBackByEcs", to: primary, reason, of: brought };
  }
  const what = failed.status === "ROLLBACK_FAILED" ? "ECS did not succeed in going back" : `it is ${failed.status}`;
  return { kind: "failed", of: brought, reason: `${reason} (${what}; the service is at ${shortName(running)})` };
}

/**
 * The deployment in progress, by ECS's record of it where `rolloutState` does not tell: it goes back, or shifts traffic.
 */
export function chooseFollowed(
  { deploymentStrategy }: ServiceSnapshot,
  newest: NewestDeployment | undefined,
  primary: Deployment,
): NonNullable<AwaitDeployment["follows"]> {
  const isUnderWay = newest !== undefined && !hasEnded(newest.deployment);
  if (isUnderWay && isGoingBack(newest.deployment)) {
    const goal = whyEnded(newest.deployment, undefined) === "request" ? "rollback" : "reversal";
    return { kind: "serviceDeployment", arn: newest.deployment.arn, goal };
  }
  // Of what has failed, too, the PRIMARY deployment itself does not tell.
  const hasItsState = newest !== undefined &&
    (isUnderWay || (isStillTrue(newest.deployment, primary) && newest.deployment.status !== "ROLLBACK_SUCCESSFUL"));
  return hasItsState && deploymentStrategy !== "ROLLING"
    ? { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" }
    : { kind: "deployment", id: primary.id };
}
