import type { ScalingPort } from "../../model/ports.ts";
import {
  ALL_SUSPENDED,
  sameSuspendedState,
  type ScalableTarget,
  SUSPENSION_RECORD_KEY,
} from "../../model/scalable_target.ts";
import { AwsError, optional, unlessFails } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { Leftover, ScalingNotice } from "../events.ts";
import type { RestoreScaling, SuspendScaling } from "../plan/plan.ts";
import { formatScalingRecord, type ScalingRecord } from "../scaling_record.ts";
import { readScalingRecord } from "../scaling_record.ts";
import { type ChangeOfSuspension, setSuspendedState } from "./set_suspended_state.ts";
import { joinRecord, leaveRecord } from "../scaling_record.ts";

export interface ScalingTools {
  readonly scaling: ScalingPort;
  readonly clock: Clock;
  /** Who runs this, for the record. */
  readonly actor: string;
  /** The ID of this run, for the record. */
  readonly run: string;
}

/** What came of suspending. */
export interface Suspended {
  /** Why no record could be kept, where none could. */
  readonly unrecorded: ScalingNotice | undefined;
  /** Why scaling is left as somebody has set it meanwhile, where it is. */
  readonly leftAlone: ScalingNotice | undefined;
  /** What other runs had on record just before. */
  readonly found: ScalingRecord | undefined;
}

/** Two runs that join the record at the same moment have seen each other by then. */
const MOST_JOINS = 3;

/**
 * Suspends all scaling, and before that, records on the scalable target what was there, and that this run counts on it.
 * Throws an `AwsError` when that does not work.
 */
export async function suspendScaling(
  { target, prior, record }: SuspendScaling,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<Suspended> {
  const { arn, resourceId, suspendedState: from } = target;
  const own = { prior, by: tools.actor, atMs: tools.clock.now() };
  const isRecordable = record !== "none" && arn !== undefined;
  const joined = isRecordable ? await join(arn, own, tools, signal) : NOT_JOINED;
  const { refusal: why } = joined;
  const unrecorded: ScalingNotice | undefined = why !== undefined && joined.found === undefined
    ? { code: "suspensionNotRecorded", why, target, prior }
    : undefined;
  let leftAlone: ScalingNotice | undefined;
  if (!sameSuspendedState(from, ALL_SUSPENDED)) {
    const change = { resourceId, from, to: ALL_SUSPENDED, isBackwards: false };
    leftAlone = await setSuspendedState(change, tools, signal);
  }
  const mayBeOverwritten = isRecordable && joined.refusal === undefined && leftAlone === undefined;
  const found = mayBeOverwritten ? await joinAgain(arn, own, joined.found, tools, signal) : joined.found;
  return { unrecorded, leftAlone, found };
}

interface Joined {
  /** What was on record just before. */
  readonly found: ScalingRecord | undefined;
  /** Why this run is not on record, where it is not. */
  readonly refusal: string | undefined;
}

const NOT_JOINED: Joined = { found: undefined, refusal: undefined };

/** Puts this run onto the record. */
async function join(
  arn: string,
  own: Omit<ScalingRecord, "runs">,
  { scaling, run }: ScalingTools,
  signal: AbortSignal,
): Promise<Joined> {
  const { record: found, unrecordable } = await readScalingRecord(arn, scaling, signal);
  if (unrecordable !== undefined) return { found, refusal: unrecordable };
  const value = formatScalingRecord(joinRecord(found, own, run));
  const { denied } = await optional(scaling.tag(arn, SUSPENSION_RECORD_KEY, value, signal));
  return { found, refusal: denied?.message };
}

/**
 * Looks whether this run is still on record, and puts it there again where another run, which joined at the same moment,
 * has overwritten that.
 *
 * @returns what other runs have on record
 */
async function joinAgain(
  arn: string,
  own: Omit<ScalingRecord, "runs">,
  found: ScalingRecord | undefined,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<ScalingRecord | undefined> {
  for (let joins = 1; joins < MOST_JOINS; joins++) {
    const read = await unlessFails(readScalingRecord(arn, tools.scaling, signal));
    if (read?.record === undefined || read.record.runs.includes(tools.run)) return found;
    found = read.record;
    await unlessFails(join(arn, own, tools, signal));
  }
  return found;
}

/** What came of restoring. */
export interface Restored {
  readonly notice?: ScalingNotice;
  readonly leftover?: Leftover;
}

/**
 * Restores auto scaling as planned, then removes the record: a run that is killed between the two leaves a record that
 * says what is true already. Never throws an `AwsError`: what is left to do by hand is part of the result.
 *
 * @param hasSuspended whether this run has suspended: then a read that shows the flags as they were before may lag behind
 */
export async function restoreScaling(
  step: RestoreScaling,
  hasSuspended: boolean,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<Restored> {
  const { target, to, hasRecord } = step;
  let notice: ScalingNotice | undefined;
  try {
    notice = await setBack(step, hasSuspended, tools, signal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { leftover: { code: "scalingMayBeSuspended", target, to, hasRecord, error: error.message } };
  }
  const done = notice === undefined ? {} : { notice };
  if (!hasRecord || target.arn === undefined) return done;
  const leftover = await dropRecord(target.arn, tools.scaling, signal);
  return leftover === undefined ? done : { ...done, leftover };
}

/** Removes the record of a suspension that is none any more. Returns what is left to do by hand. */
export async function dropRecord(
  arn: string,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<Leftover | undefined> {
  try {
    await scaling.untag(arn, SUSPENSION_RECORD_KEY, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Somebody has deregistered the target: its tags went with it.
    if (error.code === "ResourceNotFoundException") return undefined;
    return { code: "suspensionRecordRemains", arn, error: error.message };
  }
}

/** Sets the flags, unless they are so already, or are neither ours nor the earlier ones. */
async function setBack(
  { target, to, onlyIfOurs }: RestoreScaling,
  hasSuspended: boolean,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<ScalingNotice | undefined> {
  const { resourceId } = target;
  const now = (await tools.scaling.describeScalableTarget(resourceId, signal))?.suspendedState;
  if (now === undefined) {
    const isGone = !hasSuspended ||
      await isRefused({ resourceId, from: ALL_SUSPENDED, to, isBackwards: false }, tools, signal);
    return isGone ? { code: "scalingTargetGone", resourceId, order: "restore" } : undefined;
  }
  const isBack = sameSuspendedState(now, to);
  if (isBack && !hasSuspended) return undefined;
  if (onlyIfOurs && !isBack && !sameSuspendedState(now, ALL_SUSPENDED)) {
    return { code: "suspensionChangedByOthers", resourceId };
  }
  const from = onlyIfOurs ? ALL_SUSPENDED : now;
  const hasSeenFrom = sameSuspendedState(now, from);
  return await setSuspendedState({ resourceId, from, to, isBackwards: hasSuspended, hasSeenFrom }, tools, signal);
}

/**
 * Sets the flags of a target that a read has not shown: one read is no proof that it has gone. Returns whether AWS refuses,
 * as it does where there is no target, for one cannot be registered without its limits.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 *
 * @throws AwsError of any other kind
 */
async function isRefused(change: ChangeOfSuspension, tools: ScalingTools, signal: AbortSignal): Promise<boolean> {
  try {
    await setSuspendedState(change, tools, signal);
    return false;
  } catch (error) {
    if (error instanceof AwsError && error.kind === "rejected") return true;
    throw error;
  }
}

/**
 * Leaves the restoring to the other runs on record. A record from which another run has restored meanwhile is not written
 * again.
 *
 * @throws AwsError
 */
export async function leaveSuspension(
  { resourceId, arn }: ScalableTarget,
  record: ScalingRecord,
  { scaling, run }: ScalingTools,
  signal: AbortSignal,
): Promise<void> {
  if (arn === undefined || !record.runs.includes(run)) return;
  await scaling.tag(arn, SUSPENSION_RECORD_KEY, formatScalingRecord(leaveRecord(record, run)), signal);
  const now = await scaling.describeScalableTarget(resourceId, signal);
  if (now === undefined || sameSuspendedState(now.suspendedState, ALL_SUSPENDED)) return;
  await scaling.untag(arn, SUSPENSION_RECORD_KEY, signal);
}
