import type { EcsReader } from "../model/ports.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { assess, type FollowedDeployment, type Milestone, type Phase, wentBack } from "./assess.ts";
import { assessServiceDeployment, type Destination } from "./assess_service_deployment.ts";

/** One look at what is being followed. */
export interface Look {
  readonly service: ServiceSnapshot;
  /** Where a service deployment is followed. */
  readonly serviceDeployment: ServiceDeployment | undefined;
  readonly phase: Phase;
}

/** Looks once; `undefined` when ECS does not know the service. Throws an `AwsError`. */
export type Follow = (signal: AbortSignal) => Promise<Look | undefined>;

/** Reads may lag behind even what an earlier one has shown; so many in a row take half a minute and more. */
const READS_BELIEVED = 12;

/**
 * Follows a rolling deployment by its `ecs-svc/...` id: one call a look. A count from before the order is taken for a read
 * that lags behind until another one was seen, or for as many reads: auto scaling may have set the old one again.
 */
export function followDeployment(
  ref: ServiceRef,
  followed: FollowedDeployment,
  until: Milestone,
  ecs: EcsReader,
): Follow {
  let hasSeenOwn = false;
  let readsWithoutIt = 0;
  let { outdatedCount } = followed;
  let readsOfOutdatedCount = 0;
  return async (signal) => {
    const service = await ecs.describeService(ref, signal);
    if (service === undefined) return undefined;
    const own = service.deployments.find(({ id }) => id === followed.own.id);
    const isListed = own !== undefined;
    if (isListed && (own.desiredCount !== outdatedCount || ++readsOfOutdatedCount >= READS_BELIEVED)) {
      outdatedCount = undefined;
    }
    hasSeenOwn ||= isListed;
    // After a service was created, a read that lags behind shows the deleted one of the same name: as good as none.
    const isEarlier = service.status === "INACTIVE" && !isListed && followed.predecessors.size === 0;
    if (isEarlier) return undefined;
    readsWithoutIt = hasSeenOwn && !isListed ? readsWithoutIt + 1 : 0;
    const phase = assess(service, { ...followed, outdatedCount }, until);
    const primary = primaryDeployment(service);
    const isGone = phase.kind === "progressing" && readsWithoutIt >= READS_BELIEVED && primary !== undefined;
    return { service, serviceDeployment: undefined, phase: isGone ? wentBack(followed.own, primary) : phase };
  };
}

/** Follows a service deployment by its ARN: two calls a look, at the same time. */
export function followServiceDeployment(
  ref: ServiceRef,
  arn: string,
  destination: Destination,
  ecs: EcsReader,
): Follow {
  return async (signal) => {
    const [service, serviceDeployment] = await Promise.all([
      ecs.describeService(ref, signal),
      ecs.describeServiceDeployment(arn, signal),
    ]);
    if (service === undefined) return undefined;
    // A service deployment that is not shown says nothing about the service: reads lag behind writes.
    const phase: Phase = serviceDeployment === undefined
      ? { kind: "progressing" }
      : assessServiceDeployment(service, serviceDeployment, destination);
    return { service, serviceDeployment, phase };
  };
}
