import type { ScalingPort } from "../../model/ports.ts";
import type { Clock } from "../../host.ts";

/** How long the way back of a failed deploy waits for auto scaling: the bad revision is live meanwhile. */
const PATIENCE_MS = 30_000;

/**
 * A port whose calls fail when the patience is over, also where trouble may pass. Calls that begin later have their own
 * time.
 */
export function impatientScaling(scaling: ScalingPort, clock: Clock): ScalingPort {
  const patience = clock.deadline(PATIENCE_MS);
  const within = (signal: AbortSignal) => patience.aborted ? signal : AbortSignal.any([signal, patience]);
  return {
    describeScalableTarget: (resourceId, signal) => scaling.describeScalableTarget(resourceId, within(signal)),
    setSuspendedState: (resourceId, state, signal) => scaling.setSuspendedState(resourceId, state, within(signal)),
    listTags: (arn, signal) => scaling.listTags(arn, within(signal)),
    tag: (arn, key, value, signal) => scaling.tag(arn, key, value, within(signal)),
    untag: (arn, key, signal) => scaling.untag(arn, key, within(signal)),
  };
}
