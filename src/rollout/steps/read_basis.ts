import type { EcsReader } from "../../model/ports.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { OutcomeKind } from "../events.ts";
import type { Plan } from "../plan/plan.ts";

/** What a plan was made for, as it is just before the first write. */
export type Basis =
  /** As it was; `service` is `undefined` where the plan is to create it. */
  | { readonly kind: "holds"; readonly service: ServiceSnapshot | undefined }
  | { readonly kind: "lost"; readonly end: OutcomeKind };

/**
 * Reads the service once more, and tells whether the plan still holds: the same deployment is in place, or there is still
 * no service. Throws an `AwsError`.
 *
 * @param hasWritten something has been changed by now: then what somebody has done since has superseded the plan
 */
export async function readBasis(
  plan: Plan,
  ecs: EcsReader,
  signal: AbortSignal,
  hasWritten = false,
): Promise<Basis> {
  const service = await ecs.describeService(plan.subject, signal);
  const primary = service && primaryDeployment(service);
  if (plan.from === undefined) {
    return isGone(service) ? { kind: "holds", service: undefined } : lost({ kind: "outdated", by: primary });
  }
  if (service?.status === "ACTIVE" && primary?.id === plan.basedOn) return { kind: "holds", service };
  // Who only waits refuses nothing: what has happened is how it ended.
  const isRefused = plan.intent !== "wait" && !hasWritten;
  if (isRefused) return lost({ kind: "outdated", by: service?.status === "ACTIVE" ? primary : undefined });
  return primary === undefined || service?.status !== "ACTIVE"
    ? lost({ kind: "gone", status: service?.status ?? "MISSING" })
    : lost({ kind: "superseded", by: primary, ordered: "no" });
}

function lost(end: OutcomeKind): Basis {
  return { kind: "lost", end };
}

/** ECS shows a deleted service for a while; one of the same name can be created then. */
function isGone(service: ServiceSnapshot | undefined): boolean {
  return service === undefined || service.status === "INACTIVE";
}
