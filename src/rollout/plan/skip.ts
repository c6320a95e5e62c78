import type { Revision } from "../../model/arn.ts";

/** What a rollback would leave. */
export interface Release {
  readonly running: Revision;
  /** When the first of the deployments began that have brought it, by AWS's clock. */
  readonly beganAtMs: number;
  /** Given where it is no new release, but what the service goes back to, or has gone back to. */
  readonly wayBack: WayBack | undefined;
}

/** `from`: `undefined` where nothing shows it any more. */
export interface WayBack {
  readonly from: Revision | undefined;
  readonly state: "underWay" | "done" | "failed";
}

/** Why a rollback with a condition does nothing. */
export type SkipReason = Readonly<
  /** `beganAtMs`: when the release began that runs, by AWS's clock. */
  | { code: "deployedEarlier"; running: Revision; beganAtMs: number; withinMs: number }
  /** What runs is no release, but what ECS, or somebody, goes back to, or has gone back to. */
  | ({ code: "goesBackAlready"; running: Revision } & WayBack)
  /** Between the plan and the order another deployment began, of `running`; `deployment`: its id. */
  | { code: "overtaken"; running: Revision; deployment: string }
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
