import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import { makePlan, type Planned } from "./plan.ts";
import type { Release, SkipReason } from "./skip_reason.ts";

/**
 * Why what runs is not to be left automatically; `undefined` where it is. A way back is never left, however young: of two
 * runs for one bad release the second one would go one step too far. Pure.
 *
 * @param nowMs by AWS's clock
 */
export function findSkip(
  { running, beganAtMs, wayBack }: Release,
  withinMs: number,
  nowMs: number,
): SkipReason | undefined {
  if (wayBack !== undefined) return { code: "goesBackAlready", running, ...wayBack };
  return nowMs - beganAtMs > withinMs ? { code: "deployedEarlier", running, beganAtMs, withinMs } : undefined;
}

/** The plan that leaves all as it is. Pure. */
export function planSkip(subject: ServiceRef, service: ServiceSnapshot, skipped: SkipReason): Planned {
  const { running } = skipped;
  const basedOn = primaryDeployment(service)?.id;
  return makePlan({
    intent: "rollback",
    subject,
    from: running,
    to: running,
    skipped,
    steps: [],
    notices: [],
    basedOn,
  });
}
