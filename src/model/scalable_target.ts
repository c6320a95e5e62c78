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

/** The key of the tag that records a scalable target's earlier flags while this program has changed them. */
export const SUSPENSION_RECORD_KEY = "ecspresso:auto-scaling-suspended";

/** Why the flags of auto scaling cannot be recorded in a tag; `denial`: the refused read or write, in AWS's words. */
export type Unrecordable = Readonly<
  | { code: "tagsDenied"; denial: AwsFailure }
  /** A scalable target that was registered before 2023-03-20. */
  | { code: "takesNoTags" }
  /** The tag has a value that this program has not written. */
  | { code: "foreignTag" }
>;

/** What this program sets during a rollback. */
export const ALL_SUSPENDED = stateOf(true);
/** What `--resume-auto-scaling` sets when no earlier flags are on record. */
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

/** What the program asks of Application Auto Scaling; the rules are those of `ports.ts`. */
export interface ScalingPort {
  /** `undefined` when the service is not a scalable target. */
  describeScalableTarget(resourceId: string, signal: AbortSignal): Promise<ScalableTarget | undefined>;
  /** Sends all three flags, never a capacity. Sent once. */
  setSuspendedState(resourceId: string, state: SuspendedState, signal: AbortSignal): Promise<void>;
  /** Changes the limits of a registered target, and nothing else; a limit that is `undefined` stays. */
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
