import { clusterName, serviceName } from "./arn.ts";
import type { ServiceRef, Tags } from "./service.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/** The three suspensions of Application Auto Scaling; AWS's `SuspendedState`, always complete. */
export interface SuspendedState {
  readonly dynamicScalingInSuspended: boolean;
  readonly dynamicScalingOutSuspended: boolean;
  readonly scheduledScalingSuspended: boolean;
}

export interface ScalableTarget {
  /** `service/<cluster name>/<service name>` */
  readonly resourceId: string;
  /** Missing on targets made before 2023-03-20: those can carry no tags. */
  readonly arn: string | undefined;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly suspendedState: SuspendedState;
}

/** The key of the tag in which a scalable target's earlier suspension is recorded while this program has changed it. */
export const SUSPENSION_RECORD_KEY = "ecspresso:auto-scaling-suspended";

/** Why the state of auto scaling cannot be recorded in a tag; `denial`: what may not be read or written, in AWS's words. */
export type Unrecordable = Readonly<
  | { code: "tagsDenied"; denial: AwsFailure }
  /** A scalable target that was registered before 2023-03-20. */
  | { code: "takesNoTags" }
  /** The tag has a value that this program has not written. */
  | { code: "foreignTag" }
>;

/** What this program sets for the time of a rollback. */
export const ALL_SUSPENDED = stateOf(true);
/** What `--resume-auto-scaling` orders when no earlier state is on record. */
export const NONE_SUSPENDED = stateOf(false);

function stateOf(isSuspended: boolean): SuspendedState {
  return {
    dynamicScalingInSuspended: isSuspended,
    dynamicScalingOutSuspended: isSuspended,
    scheduledScalingSuspended: isSuspended,
  };
}

/** The service's resource id in Application Auto Scaling, which takes names, never ARNs. */
export function scalableResourceId({ cluster, service }: ServiceRef): string {
  return `service/${clusterName(cluster)}/${serviceName(service)}`;
}

export function sameSuspendedState(a: SuspendedState, b: SuspendedState): boolean {
  const names = ["dynamicScalingInSuspended", "dynamicScalingOutSuspended", "scheduledScalingSuspended"] as const;
  return names.every((name) => a[name] === b[name]);
}

/** Application Auto Scaling, as the program asks it; the rules are those of `ports.ts`. */
export interface ScalingPort {
  /** `undefined` when the service is no scalable target. */
  describeScalableTarget(resourceId: string, signal: AbortSignal): Promise<ScalableTarget | undefined>;
  /** Sends all three flags and never a capacity, once. */
  setSuspendedState(resourceId: string, state: SuspendedState, signal: AbortSignal): Promise<void>;
  /** Changes the limits, and nothing else; what is `undefined` stays. Of a target that is there only. */
  setCapacity(
    resourceId: string,
    limits: Readonly<{ min: number | undefined; max: number | undefined }>,
    signal: AbortSignal,
  ): Promise<void>;
  /** The tags of a scalable target, by its ARN. */
  listTags(arn: string, signal: AbortSignal): Promise<Tags>;
  tag(arn: string, key: string, value: string, signal: AbortSignal): Promise<void>;
  untag(arn: string, key: string, signal: AbortSignal): Promise<void>;
}
