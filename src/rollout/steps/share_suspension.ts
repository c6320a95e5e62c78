import { asAwsError, optional, unlessFails } from "../../errors.ts";
import type { ScalingPort } from "../../model/ports.ts";
import {
  ALL_SUSPENDED,
  sameSuspendedState,
  type ScalableTarget,
  SUSPENSION_RECORD_KEY,
} from "../../model/scalable_target.ts";
import type { Leftover } from "../outcome.ts";
import { formatScalingRecord, readScalingRecord, type RecordRead, type ScalingRecord } from "../read/scaling_record.ts";

// Several runs may count on one suspension of auto scaling: its record names them, and the last one restores.

/**
 * The record with this run (`own`) added. What an earlier run has recorded stays. A record that names this run alone may
 * be from a read before this run removed it: it is replaced.
 */
export function joinRecord(earlier: ScalingRecord | undefined, own: ScalingRecord): ScalingRecord {
  const others = earlier?.runs.filter((id) => !own.runs.includes(id)) ?? [];
  const isOfOthers = earlier !== undefined && (others.length > 0 || earlier.runs.length === 0);
  return isOfOthers ? { ...earlier, runs: [...own.runs, ...others] } : own;
}

/** Adds this run (`own`) to the record. Returns what was on record before, and why it could not be added, if so. */
export async function joinSuspension(
  arn: string,
  own: ScalingRecord,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<RecordRead> {
  const read = await readScalingRecord(arn, scaling, signal);
  if (read.unrecordable !== undefined) return read;
  const value = formatScalingRecord(joinRecord(read.record, own));
  const { denied } = await optional(scaling.tag(arn, SUSPENSION_RECORD_KEY, value, signal));
  return { ...read, unrecordable: denied && { code: "tagsDenied", denial: denied.failure } };
}

/** How often a run may join the record: two that join at the same moment have seen each other by then. */
const MAX_JOINS = 3;

/**
 * Adds this run (`own`) to the record again, where another one that joined at the same moment has overwritten it.
 * Returns what other runs have on record.
 */
export async function rejoinSuspension(
  arn: string,
  own: ScalingRecord,
  found: ScalingRecord | undefined,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<ScalingRecord | undefined> {
  for (let joins = 1; joins < MAX_JOINS; joins++) {
    const read = await unlessFails(readScalingRecord(arn, scaling, signal));
    if (read?.record === undefined || read.record.runs.includes(own.runs[0]!)) return found;
    found = read.record;
    await unlessFails(joinSuspension(arn, own, scaling, signal));
  }
  return found;
}

interface Sharing {
  /** The ID of this run. */
  readonly runId: string;
  /** The runs that were on record when this one joined, or was planned. */
  readonly known: readonly string[];
  /** What is on record now; `undefined` also where that could not be read. */
  readonly record: ScalingRecord | undefined;
  /** Somebody else's deployment is in place, or under way. */
  readonly isOvertaken: boolean;
}

/** Which other run restores auto scaling, by when it began; `undefined` where this run has to. */
export function findOtherRestorer({ runId, known, record, isOvertaken }: Sharing): "later" | "earlier" | undefined {
  const newest = record?.runs[0];
  // A record without this run, that names known runs only, is a read from before this run joined.
  if (newest !== undefined && newest !== runId && !known.includes(newest)) return "later";
  const hasOthers = record?.runs.some((id) => id !== runId) ?? false;
  return isOvertaken && hasOthers ? "earlier" : undefined;
}

/** Leaves the restoring to the other runs on record. Where one of them has restored meanwhile, removes the record. */
export async function leaveSuspension(
  { resourceId, arn }: ScalableTarget,
  record: ScalingRecord,
  runId: string,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<void> {
  if (arn === undefined || !record.runs.includes(runId)) return;
  const value = formatScalingRecord({ ...record, runs: record.runs.filter((id) => id !== runId) });
  await scaling.tag(arn, SUSPENSION_RECORD_KEY, value, signal);
  const now = await scaling.describeScalableTarget(resourceId, signal);
  if (now === undefined || sameSuspendedState(now.suspendedState, ALL_SUSPENDED)) return;
  await scaling.untag(arn, SUSPENSION_RECORD_KEY, signal);
}

/** Removes the record of a suspension that is no longer in force. Returns what is left to do by hand. */
export async function dropRecord(
  arn: string,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<Leftover | undefined> {
  const error = await scaling.untag(arn, SUSPENSION_RECORD_KEY, signal).catch(asAwsError);
  // Where it is not found, somebody has deregistered the target: its tags went with it.
  if (error === undefined || error.code === "ResourceNotFoundException") return undefined;
  return { code: "suspensionRecordRemains", error: error.failure };
}
