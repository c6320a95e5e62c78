import type { ScalableTarget, SuspendedState } from "../../model/scalable_target.ts";

export interface SuspendScaling {
  readonly kind: "suspendScaling";
  readonly target: ScalableTarget;
  /** The flags to restore later. */
  readonly prior: SuspendedState;
  /** Whether `prior` is written into a tag first, stands there already, or is kept in memory only. */
  readonly record: "write" | "keep" | "none";
}

/** Changes the limits of auto scaling; what is `undefined` stays. */
export interface SetCapacity {
  readonly kind: "setCapacity";
  /** As it is before. */
  readonly target: ScalableTarget;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface RestoreScaling {
  readonly kind: "restoreScaling";
  readonly target: ScalableTarget;
  readonly to: SuspendedState;
  /** Leave flags alone that are neither `to` nor as this program sets them: somebody has decided otherwise. */
  readonly onlyIfOurs: boolean;
  /** Whether there is a record to remove afterwards. */
  readonly hasRecord: boolean;
  /** The runs that were on record when this was planned. */
  readonly runs: readonly string[];
}
