import type { ScalingPort } from "../ecs/ports.ts";
import { restoreScalingCommand, untagCommand } from "../ecs/aws_cli.ts";
import { ALL_SUSPENDED, sameSuspendedState, SUSPENSION_RECORD_KEY } from "../ecs/scalable_target.ts";
import { AwsError } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { Leftover } from "./events.ts";
import type { RestoreScaling, SuspendScaling } from "./plan.ts";
import { describeMissingRecord, formatScalingRecord } from "./scaling_record.ts";
import { leftAsItIs, setSuspendedState } from "./set_suspended_state.ts";

export interface ScalingTools {
  readonly scaling: ScalingPort;
  readonly clock: Clock;
  /** Who runs this, for the record. */
  readonly actor: string;
}

/** What came of suspending. */
export interface Suspended {
  /** Says that the record was not allowed. */
  readonly unrecorded: string | undefined;
  /** Says why scaling is left as somebody has set it meanwhile. */
  readonly leftAlone: string | undefined;
}

/**
 * Suspends all scaling, and before that, records on the scalable target what was there. Throws an `AwsError` when that does
 * not work.
 */
export async function suspendScaling(
  { target, prior, record }: SuspendScaling,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<Suspended> {
  const { scaling, clock, actor } = tools;
  let unrecorded: string | undefined;
  if (record === "write" && target.arn !== undefined) {
    const { arn } = target;
    const value = formatScalingRecord({ prior, by: actor, atMs: clock.now() });
    try {
      await scaling.tag(arn, SUSPENSION_RECORD_KEY, value, signal);
    } catch (error) {
      if (!(error instanceof AwsError) || error.kind !== "denied") throw error;
      unrecorded = describeMissingRecord(error.message, target, prior);
    }
  }
  if (sameSuspendedState(target.suspendedState, ALL_SUSPENDED)) return { unrecorded, leftAlone: undefined };
  const { resourceId, suspendedState: from } = target;
  const change = { resourceId, from, to: ALL_SUSPENDED, isBackwards: false };
  return { unrecorded, leftAlone: await setSuspendedState(change, tools, signal) };
}

/** What came of restoring. */
export interface Restored {
  readonly notice?: string;
  readonly leftover?: Leftover;
}

/**
 * Gives auto scaling back as planned, then removes the record: a run that is killed between the two leaves a record that
 * says what is true already. Never throws an `AwsError`: it answers with what is left to do by hand.
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
  let notice: string | undefined;
  try {
    notice = await setBack(step, hasSuspended, tools, signal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const problem = `auto scaling of ${target.resourceId} may still be suspended (${error.message})`;
    return {
      leftover: { problem, command: restoreScalingCommand(target, to, hasRecord ? SUSPENSION_RECORD_KEY : undefined) },
    };
  }
  const said = notice === undefined ? {} : { notice };
  if (!hasRecord || target.arn === undefined) return said;
  const leftover = await dropRecord(target.arn, tools.scaling, signal);
  return leftover === undefined ? said : { ...said, leftover };
}

/** Removes the record of a suspension that is none any more. Answers with what is left to do by hand. */
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
    const problem =
      `auto scaling is given back, but its record, the tag ${SUSPENSION_RECORD_KEY}, is still there (${error.message})`;
    return { problem, command: untagCommand(arn, SUSPENSION_RECORD_KEY) };
  }
}

/** Sets the flags, unless they are so already, or are neither ours nor the earlier ones. */
async function setBack(
  { target, to, onlyIfOurs }: RestoreScaling,
  hasSuspended: boolean,
  tools: ScalingTools,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { resourceId } = target;
  const now = (await tools.scaling.describeScalableTarget(resourceId, signal))?.suspendedState;
  if (now === undefined) return `${resourceId} is no longer registered for auto scaling: nothing to restore`;
  const isBack = sameSuspendedState(now, to);
  if (isBack && !hasSuspended) return undefined;
  if (onlyIfOurs && !isBack && !sameSuspendedState(now, ALL_SUSPENDED)) return leftAsItIs(resourceId);
  const from = onlyIfOurs ? ALL_SUSPENDED : now;
  const hasSeenFrom = sameSuspendedState(now, from);
  return await setSuspendedState({ resourceId, from, to, isBackwards: hasSuspended, hasSeenFrom }, tools, signal);
}
