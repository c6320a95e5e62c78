import type { ScalableTarget, SuspendedState } from "./scalable_target.ts";
import type { Tags } from "./service.ts";

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
