import {
  ALL_SUSPENDED,
  sameSuspendedState,
  type ScalableTarget,
  type SuspendedState,
  SUSPENSION_RECORD_KEY,
  type Unrecordable,
} from "../model/scalable_target.ts";
import { asAwsError, optional, unlessFails } from "../errors.ts";
import type { Leftover } from "./outcome.ts";
import type { ScalingPort } from "../model/ports.ts";

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
const MOST_RUNS = 6;

/** The tag's value: within AWS's 256 characters of letters, digits, spaces and `+ - = . _ : / @`. */
export function formatScalingRecord({ prior, by, atMs, runs }: ScalingRecord): string {
  const flag = (suspended: boolean) => suspended ? "1" : "0";
  const name = by.replace(/[^A-Za-z0-9+\-=._:/@]/g, "_").slice(0, LONGEST_NAME);
  return `v1 in=${flag(prior.dynamicScalingInSuspended)} out=${flag(prior.dynamicScalingOutSuspended)} ` +
    `scheduled=${flag(prior.scheduledScalingSuspended)} at=${new Date(atMs).toISOString()} by=${name}` +
    (runs.length === 0 ? "" : ` runs=${runs.slice(0, MOST_RUNS).join("/")}`);
}

/** Reads a tag's value; `undefined` where this program did not write it. */
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

/**
 * The record once this run (`own`) counts on the suspension, too. What an earlier run has recorded stays. A record that
 * names this run alone may be from a read before this run removed it: it is replaced.
 */
export function joinRecord(earlier: ScalingRecord | undefined, own: ScalingRecord): ScalingRecord {
  const others = earlier?.runs.filter((id) => !own.runs.includes(id)) ?? [];
  const isOfOthers = earlier !== undefined && (others.length > 0 || earlier.runs.length === 0);
  return isOfOthers ? { ...earlier, runs: [...own.runs, ...others] } : own;
}

/** Adds this run (`own`) to the record. Returns what was on record before, and why it could not be added, if so. */
export async function join(
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
const MOST_JOINS = 3;

/**
 * Adds this run (`own`) to the record again, where another one that joined at the same moment has overwritten it.
 * Returns what other runs have on record.
 */
export async function joinAgain(
  arn: string,
  own: ScalingRecord,
  found: ScalingRecord | undefined,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<ScalingRecord | undefined> {
  for (let joins = 1; joins < MOST_JOINS; joins++) {
    const read = await unlessFails(readScalingRecord(arn, scaling, signal));
    if (read?.record === undefined || read.record.runs.includes(own.runs[0]!)) return found;
    found = read.record;
    await unlessFails(join(arn, own, scaling, signal));
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

/** What the user should know of auto scaling on the way. */
export type ScalingNotice = Readonly<
  /** The state before the suspension is in this run's memory only. */
  | { code: "suspensionNotRecorded"; why: Unrecordable; target: ScalableTarget; prior: SuspendedState }
  | { code: "scalingTargetGone"; resourceId: string; order: "suspend" | "restore" }
  | { code: "suspensionChangedByOthers"; resourceId: string }
  /** It is not known whether AWS has taken the suspension. */
  | { code: "suspensionRecordKept"; target: ScalableTarget; to: SuspendedState }
  /** Another run on the same service restores auto scaling. */
  | {
    code: "restoredByOtherRun";
    target: ScalableTarget;
    to: SuspendedState;
    run: string | undefined;
    began: "later" | "earlier";
  }
  | { code: "staysSuspended"; target: ScalableTarget; prior: SuspendedState; isRecorded: boolean }
>;
