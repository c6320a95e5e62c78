import type { EcsReader } from "../../model/ports.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { OutcomeKind } from "../events.ts";
import type { Plan } from "../plan/plan.ts";

/** What a plan was made for, as it is just before the first write. */
export type Precondition =
  /** As it was; `service` is `undefined` where the plan is to create it. */
  | { readonly kind: "holds"; readonly service: ServiceSnapshot | undefined }
  | { readonly kind: "broken"; readonly end: OutcomeKind };

/**
 * Reads the service once more: the plan holds while the same deployment is in place, or there is still no service.
 *
 * @param hasWritten something has been changed by now: then what somebody has done since has superseded the plan
 * @throws AwsError
 */
export async function readPrecondition(
  plan: Plan,
  ecs: EcsReader,
  signal: AbortSignal,
  hasWritten = false,
): Promise<Precondition> {
  const service = await ecs.describeService(plan.subject, signal);
  const primary = service && primaryDeployment(service);
  if (plan.from === undefined) {
    return isGone(service) ? { kind: "holds", service: undefined } : broken({ kind: "stalePlan", by: primary });
  }
  if (service?.status === "ACTIVE" && primary?.id === plan.basedOn) return { kind: "holds", service };
  // `wait` refuses nothing: what has happened is how the deployment ended.
  const isRefused = plan.intent !== "wait" && !hasWritten;
  if (isRefused) return broken({ kind: "stalePlan", by: service?.status === "ACTIVE" ? primary : undefined });
  return primary === undefined || service?.status !== "ACTIVE"
    ? broken({ kind: "gone", status: service?.status ?? "MISSING" })
    : broken({ kind: "superseded", by: primary, ordered: "no" });
}

function broken(end: OutcomeKind): Precondition {
  return { kind: "broken", end };
}

/** ECS shows a deleted service for a while; one of the same name can be created then. */
function isGone(service: ServiceSnapshot | undefined): boolean {
  return service === undefined || service.status === "INACTIVE";
}
