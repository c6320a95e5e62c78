import type { Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import type { Release, WayBack } from "../read/find_release.ts";
import { makePlan, type Planned } from "./plan.ts";

/** Why a rollback with a condition does nothing. */
export type SkipReason = Readonly<
  /** `beganAtMs`: when the release began that runs, by AWS's clock. */
  | { code: "deployedEarlier"; running: Revision; beganAtMs: number; withinMs: number }
  /** What runs is no release, but what ECS, or somebody, goes back to, or has gone back to. */
  | ({ code: "goesBackAlready"; running: Revision } & WayBack)
>;

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
