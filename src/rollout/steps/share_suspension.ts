import type { ScalingRecord } from "../scaling_record.ts";

/**
 * Several runs may count on one suspension of auto scaling at the same time. The record names them, the newest first, and
 * the newest gives scaling back. A run that was beaten leaves that to the others. Pure.
 */

/** The record once `run` counts on the suspension as well. What an earlier run has recorded stays as it is. */
export function joinRecord(
  earlier: ScalingRecord | undefined,
  own: Omit<ScalingRecord, "runs">,
  run: string,
): ScalingRecord {
  if (earlier === undefined || isOnlyOf(earlier, run)) return { ...own, runs: [run] };
  return { ...earlier, runs: [run, ...earlier.runs.filter((id) => id !== run)] };
}

/** Whether nobody else is on record: an answer that shows such a record may be from before this run removed it. */
function isOnlyOf({ runs }: ScalingRecord, run: string): boolean {
  return runs.length > 0 && runs.every((id) => id === run);
}

/** The same record without `run`. */
export function leaveRecord(record: ScalingRecord, run: string): ScalingRecord {
  return { ...record, runs: record.runs.filter((id) => id !== run) };
}

export interface Sharing {
  /** The ID of this run. */
  readonly run: string;
  /** The runs that were on record when this one joined them, or planned. */
  readonly known: readonly string[];
  /** What is on record now; `undefined` also where that could not be read. */
  readonly record: ScalingRecord | undefined;
  /** Somebody else's deployment is in place, or under way. */
  readonly isBeaten: boolean;
}

/** Which other run gives auto scaling back; `undefined` where this run has to. */
export function findOtherRestorer({ run, known, record, isBeaten }: Sharing): "newer" | "winner" | undefined {
  const newest = record?.runs[0];
  // A record without this run that names known ones only is an answer from before it joined.
  if (newest !== undefined && newest !== run && !known.includes(newest)) return "newer";
  const hasOthers = record?.runs.some((id) => id !== run) ?? false;
  return isBeaten && hasOthers ? "winner" : undefined;
}
