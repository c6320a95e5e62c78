import { type SuspendedState, SUSPENSION_RECORD_KEY, type Unrecordable } from "../../model/scalable_target.ts";
import { optional } from "../../errors.ts";
import type { ScalingPort } from "../../model/ports.ts";

/**
 * A tag on the scalable target that says that this program has suspended its scaling, and what was there before. A tag
 * outlives the machine: a run that is killed leaves it behind, and the next one restores from it.
 */
export interface ScalingRecord {
  /** The flags to restore: those before the suspension. */
  readonly prior: SuspendedState;
  /** Who suspended, as far as the machine knew. */
  readonly by: string;
  /** When, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The IDs of the runs that count on the suspension, newest first; empty where an older version wrote the record. */
  readonly runs: readonly string[];
}

const VALUE =
  /^v1 in=([01]) out=([01]) scheduled=([01]) at=([0-9TZ:.-]{20,24}) by=([A-Za-z0-9+\-=._:/@]*)(?: runs=([a-z0-9/]+))?$/;
const LONGEST_NAME = 100;
/** More runs at once than a person can follow; the oldest ones beyond that are dropped. */
const MAX_RUNS = 6;

/** The tag's value: within AWS's 256 characters of letters, digits, spaces and `+ - = . _ : / @`. */
export function formatScalingRecord({ prior, by, atMs, runs }: ScalingRecord): string {
  const flag = (suspended: boolean) => suspended ? "1" : "0";
  const name = by.replace(/[^A-Za-z0-9+\-=._:/@]/g, "_").slice(0, LONGEST_NAME);
  return `v1 in=${flag(prior.dynamicScalingInSuspended)} out=${flag(prior.dynamicScalingOutSuspended)} ` +
    `scheduled=${flag(prior.scheduledScalingSuspended)} at=${new Date(atMs).toISOString()} by=${name}` +
    (runs.length === 0 ? "" : ` runs=${runs.slice(0, MAX_RUNS).join("/")}`);
}

/** Reads a tag's value; `undefined` where this program did not write it. */
function parseScalingRecord(value: string): ScalingRecord | undefined {
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

export interface RecordRead {
  readonly record: ScalingRecord | undefined;
  readonly unrecordable: Unrecordable | undefined;
}

/** Reads the record of a suspension. A missing permission for tags is part of the result. Throws an `AwsError`. */
export async function readScalingRecord(
  arn: string | undefined,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<RecordRead> {
  if (arn === undefined) return { record: undefined, unrecordable: { code: "takesNoTags" } };
  const { value: tags, denied } = await optional(scaling.listTags(arn, signal));
  if (denied !== undefined) return { record: undefined, unrecordable: { code: "tagsDenied", denial: denied.failure } };
  const value = tags.get(SUSPENSION_RECORD_KEY);
  const record = value === undefined ? undefined : parseScalingRecord(value);
  const isForeign = value !== undefined && record === undefined;
  return { record, unrecordable: isForeign ? { code: "foreignTag" } : undefined };
}
