import { restoreScalingCommand } from "../model/aws_cli.ts";
import type { ScalableTarget, SuspendedState } from "../model/scalable_target.ts";

/**
 * The note on a scalable target that this program has suspended its scaling, and what was there before. It is a tag, for
 * a tag outlives the machine: a run that is killed leaves it behind, and the next one restores from it.
 */
export interface ScalingRecord {
  /** The flags before the suspension: what is to be given back. */
  readonly prior: SuspendedState;
  /** Who suspended, as far as the machine knew. */
  readonly by: string;
  /** When, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The IDs of the runs that count on the suspension, the newest first; none where an older version wrote the record. */
  readonly runs: readonly string[];
}

const VALUE =
  /^v1 in=([01]) out=([01]) scheduled=([01]) at=([0-9TZ:.-]{20,24}) by=([A-Za-z0-9+\-=._:/@]*)(?: runs=([a-z0-9/]+))?$/;
const LONGEST_NAME = 100;
/** More runs at once than a person can follow; the oldest ones that are too many are forgotten. */
const MOST_RUNS = 6;

/** The tag's value: within AWS's 256 characters of letters, digits, spaces and `+ - = . _ : / @`. */
export function formatScalingRecord({ prior, by, atMs, runs }: ScalingRecord): string {
  const flag = (suspended: boolean) => suspended ? "1" : "0";
  const name = by.replace(/[^A-Za-z0-9+\-=._:/@]/g, "_").slice(0, LONGEST_NAME);
  return `v1 in=${flag(prior.dynamicScalingInSuspended)} out=${flag(prior.dynamicScalingOutSuspended)} ` +
    `scheduled=${flag(prior.scheduledScalingSuspended)} at=${new Date(atMs).toISOString()} by=${name}` +
    (runs.length === 0 ? "" : ` runs=${runs.slice(0, MOST_RUNS).join("/")}`);
}

/** Reads a tag's value; `undefined` when it is none that this program wrote. */
export function parseScalingRecord(value: string): ScalingRecord | undefined {
  const match = VALUE.exec(value);
  if (match === null) return undefined;
  const [, scaleIn, scaleOut, scheduled, at, by, runs] = match;
  const atMs = Date.parse(at!);
  if (Number.isNaN(atMs)) return undefined;
  return {
    prior: {
      dynamicScalingInSuspended: scaleIn === "1",
      dynamicScalingOutSuspended: scaleOut === "1",
      scheduledScalingSuspended: scheduled === "1",
    },
    by: by!,
    atMs,
    runs: runs?.split("/") ?? [],
  };
}

/** What a user should know when nothing but this process remembers the earlier flags. */
export function describeMissingRecord(why: string, target: ScalableTarget, prior: SuspendedState): string {
  return `the earlier state of auto scaling is kept in memory only (${why}); should this run be killed, restore it with: ` +
    restoreScalingCommand(target, prior, undefined);
}
