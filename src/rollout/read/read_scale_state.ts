import { optional, unlessDenied } from "../../errors.ts";
import type { ScalingPort } from "../../model/ports.ts";
import { scalableResourceId } from "../../model/scalable_target.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { ScaleState } from "../plan/plan_scale.ts";
import { noteTo, type Unread } from "../plan/unread.ts";
import { readNewestDeployment, readScaling, type ScalingState, type ServiceReading } from "./read_service.ts";

/**
 * Reads what scaling is planned from: the service, its scalable target, and what is under way.
 *
 * @param changesScaling whether auto scaling is to be changed: then it has to be known
 */
export async function readScaleState(
  reading: ServiceReading,
  scalingPort: ScalingPort,
  changesScaling: boolean,
): Promise<ScaleState> {
  const { ref, ecs, signal } = reading;
  const denied: Unread[] = [];
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    changesScaling
      ? readScaling(ref, scalingPort, signal).then((value) => ({ value, denied: undefined }))
      : optional(readTarget(ref, scalingPort, signal), () => !signal.aborted),
  ]);
  const newest = service &&
    await unlessDenied(readNewestDeployment(service, reading), noteTo(denied, "underWay"));
  const scalingDenial = scaling.denied?.failure;
  return { ref, service, scaling: scaling.value, ...(scalingDenial && { scalingDenial }), newest, denied };
}

/** Its limits are all that counts where nothing of it is changed. */
async function readTarget(ref: ServiceRef, port: ScalingPort, signal: AbortSignal): Promise<ScalingState | undefined> {
  const target = await port.describeScalableTarget(scalableResourceId(ref), signal);
  return target && { target, record: undefined, unrecordable: undefined };
}
