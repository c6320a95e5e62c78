import { readWhile } from "../../host/retry.ts";
import { soonAfterAbort } from "../../host/sleep.ts";
import type { ScalingPort } from "../../model/ports.ts";
import { ALL_SUSPENDED, sameSuspendedState } from "../../model/scalable_target.ts";
import { asAwsError, AwsError, mayHaveBeenApplied, unlessFails } from "../../errors.ts";
import { readScalingRecord, type ScalingRecord } from "../read/scaling_record.ts";
import { MAX_MISSING_READS } from "../watch.ts";
import { restoreSuspendedState, setSuspendedState } from "./change_scaling.ts";
import type { Leftover } from "../outcome.ts";
import type { Plan, RestoreScaling, SetCapacity, SuspendScaling } from "../plan/plan.ts";
import type { RunContext } from "../run_context.ts";
import {
  dropRecord,
  findOtherRestorer,
  joinSuspension,
  leaveSuspension,
  rejoinSuspension,
} from "./share_suspension.ts";
import type { ScalingNotice } from "../run_notice.ts";

/** Restoring must not be cut short by the very timeout that made it necessary; the end of a run as a whole has 5 s. */
const RESTORE_WITHIN_MS = 3_500;
/** Ctrl-C ends the program within 2 s. */
const RESTORE_AFTER_STOP_WITHIN_MS = 1_500;

/** How long a scaling call waits for its answer once the user stops: without one, a change is uncertain. */
const GRACE_MS = 400;

/** The pause before a target that a read has not shown is read again. */
const READ_AGAIN_AFTER_MS = 1_000;

/** How long the record is waited for before this run restores without it; when the time is up, for the grace only. */
const RECORD_WITHIN_MS = 3_000;

/** Restoring has all of the command's time, and a little more once that is up or the user stops. */
export function restoreDeadline({ signal, clock, stop }: RunContext): AbortSignal {
  const graceMs = () => stop.aborted ? RESTORE_AFTER_STOP_WITHIN_MS : RESTORE_WITHIN_MS;
  // The time may be up first, and the user stop after that.
  return AbortSignal.any([signal, stop].map((limit) => soonAfterAbort(limit, graceMs, clock)));
}

/** Tracks what is to be restored of auto scaling, and restores it however the run ends. */
export class ScalingGuard {
  /** Whether something may have changed that the plan restores. */
  #isScheduled = false;
  /** The permission to record the suspension was missing. */
  #isUnrecorded = false;
  /** Somebody has set other flags while it was suspended: these stay. */
  #isLeftAlone = false;
  /** Whether scaling has been suspended: `uncertain` from sending to the answer, which may never come. */
  #suspension: "none" | "uncertain" | "sent" = "none";
  /** What other runs had on record when this one suspended. */
  #found: ScalingRecord | undefined;

  constructor(private readonly plan: Plan, private readonly context: RunContext) {}

  /** From now on, what the plan restores is restored at the end, whatever happens. */
  scheduleRestore(): void {
    this.#isScheduled = true;
  }

  /**
   * Whether somebody has changed the flags since suspending was planned. Returns the error where that cannot be read:
   * it is no reason to refuse, because suspending itself reports what it meets.
   */
  async hasChanged(): Promise<boolean | AwsError> {
    const step = this.plan.steps.find((candidate) => candidate.kind === "suspendScaling");
    if (step === undefined) return false;
    const { resourceId, suspendedState } = step.target;
    const { clock, signal } = this.context;
    const now = await readWhile(
      (seen) => seen === undefined,
      () => this.#scaling.describeScalableTarget(resourceId, signal).catch(asAwsError),
      { clock, maxReads: MAX_MISSING_READS, everyMs: READ_AGAIN_AFTER_MS },
      signal,
    );
    if (now instanceof AwsError) return now;
    return now === undefined || !sameSuspendedState(now.suspendedState, suspendedState);
  }

  /** Changes the limits of auto scaling. Throws an `AwsError`. */
  async setCapacity({ target, min, max }: SetCapacity): Promise<undefined> {
    await this.#scaling.setCapacity(target.resourceId, { min, max }, this.context.signal);
  }

  /** Suspends as planned. Throws an `AwsError` where that fails; what may have happened all the same is restored. */
  async suspend(step: SuspendScaling): Promise<undefined> {
    // Scheduled before it is done: a suspension whose answer was lost must be undone, too.
    this.scheduleRestore();
    this.#suspension = "uncertain";
    try {
      await this.#suspend(step);
    } catch (error) {
      if (error instanceof AwsError && !mayHaveBeenApplied(error)) this.#suspension = "none";
      throw error;
    }
  }

  /** Suspends all scaling; before that, records the flags, and that this run counts on the suspension. */
  async #suspend({ target, prior, record }: SuspendScaling): Promise<undefined> {
    const { arn, resourceId, suspendedState: from } = target;
    const { clock, actor, runId, emit } = this.context;
    const signal = soonAfterAbort(this.context.signal, () => GRACE_MS, clock);
    const own = { prior, by: actor, atMs: clock.now(), runs: [runId] };
    const tagged = record === "none" ? undefined : arn;
    const joined = tagged === undefined ? undefined : await joinSuspension(tagged, own, this.#scaling, signal);
    let leftAlone: ScalingNotice | undefined;
    if (!sameSuspendedState(from, ALL_SUSPENDED)) {
      const change = { resourceId, from, to: ALL_SUSPENDED, isBackwards: false };
      leftAlone = await setSuspendedState(change, { scaling: this.#scaling, clock }, signal);
    }
    const { record: found, unrecordable: why } = joined ?? {};
    const mayBeOverwritten = tagged !== undefined && why === undefined && leftAlone === undefined;
    this.#found = mayBeOverwritten ? await rejoinSuspension(tagged, own, found, this.#scaling, signal) : found;
    this.#isLeftAlone = leftAlone !== undefined;
    this.#suspension = this.#isLeftAlone ? "none" : "sent";
    this.#isUnrecorded = why !== undefined && found === undefined;
    if (this.#isUnrecorded) {
      emit({ kind: "notice", notice: { code: "suspensionNotRecorded", why: why!, target, prior } });
    }
    if (leftAlone !== undefined) emit({ kind: "notice", notice: leftAlone });
  }

  /**
   * Restores what is scheduled, or leaves it to another run that counts on the suspension (`isOvertaken`: somebody else's
   * deployment is in place, or under way). Returns what is left to do by hand; never throws an `AwsError`.
   */
  async restore(isOvertaken: boolean, limit: AbortSignal, withinMs?: number): Promise<Leftover | undefined> {
    if (!this.#isScheduled) return undefined;
    const planned = this.plan.steps.find((candidate) => candidate.kind === "restoreScaling");
    if (planned === undefined) return await this.#noticeSuspension(limit);
    const step = { ...planned, to: this.#found?.prior ?? planned.to };
    const limits = withinMs === undefined ? [] : [this.context.clock.deadline(withinMs)];
    const deadline = AbortSignal.any([limit, ...limits]);
    const notice = await this.#leaveToOther(step, isOvertaken, deadline);
    if (notice === undefined) return await this.#restore(step, deadline);
    this.context.emit({ kind: "notice", notice });
    return undefined;
  }

  /** Restores, then removes the record: where a run is killed between the two, the record that it leaves is true. */
  async #restore(step: RestoreScaling, deadline: AbortSignal): Promise<Leftover | undefined> {
    const { clock, emit } = this.context;
    emit({ kind: "stepStarted", step });
    const { target, to } = step;
    const isUncertain = this.#suspension === "uncertain";
    // An uncertain suspension may yet take effect after the restoring: then the next run needs the record.
    const hasRecord = step.hasRecord && !this.#isUnrecorded && !isUncertain;
    const tools = { scaling: this.#scaling, clock };
    const notice = await restoreSuspendedState(step, this.#suspension !== "none", tools, deadline).catch(asAwsError);
    if (notice instanceof AwsError) {
      return { code: "scalingMayBeSuspended", target, to, hasRecord, error: notice.failure };
    }
    const leftover = hasRecord && target.arn !== undefined
      ? await dropRecord(target.arn, this.#scaling, deadline)
      : undefined;
    if (step.hasRecord && isUncertain) emit({ kind: "notice", notice: { code: "suspensionRecordKept", target, to } });
    if (notice !== undefined) emit({ kind: "notice", notice });
    if (leftover === undefined) emit({ kind: "scalingRestored" });
    return leftover;
  }

  /**
   * Leaves restoring to another run: one that overtook this one, or that began later. Returns `undefined` where this
   * run restores, also where the record cannot be read in time.
   */
  async #leaveToOther(
    { target, to, runs }: Pick<RestoreScaling, "target" | "to" | "runs">,
    isOvertaken: boolean,
    deadline: AbortSignal,
  ): Promise<ScalingNotice | undefined> {
    const { clock, signal, runId } = this.context;
    const scaling = this.#scaling;
    const grace = soonAfterAbort(signal, () => GRACE_MS, clock);
    const limit = AbortSignal.any([deadline, clock.deadline(RECORD_WITHIN_MS), grace]);
    const { record } = await unlessFails(readScalingRecord(target.arn, scaling, limit)) ?? {};
    const known = [...runs, ...(this.#found?.runs ?? [])];
    const began = findOtherRestorer({ runId, known, record, isOvertaken });
    if (began === undefined || record === undefined) return undefined;
    await unlessFails(leaveSuspension(target, record, runId, scaling, deadline));
    // The other run may have left it to this one at the same moment, because its read was older.
    const now = await unlessFails(readScalingRecord(target.arn, scaling, deadline));
    if (now?.record !== undefined && !findOtherRestorer({ runId, known, record: now.record, isOvertaken })) {
      return undefined;
    }
    return { code: "restoredByOtherRun", target, to, run: record.runs.find((id) => id !== runId), began };
  }

  /**
   * Reports that auto scaling stays suspended, as the user wanted. Where somebody has set other flags, removes the
   * record, which is not true any more.
   */
  async #noticeSuspension(deadline: AbortSignal): Promise<Leftover | undefined> {
    const step = this.plan.steps.find((candidate) => candidate.kind === "suspendScaling");
    if (step === undefined) return undefined;
    const { target, prior } = step;
    const isRecorded = step.record !== "none" && !this.#isUnrecorded;
    const { runs: others = [], prior: to = prior } = this.#found ?? {};
    if (this.#isLeftAlone && isRecorded && others.length === 0 && target.arn !== undefined) {
      return await dropRecord(target.arn, this.#scaling, deadline);
    }
    if (this.#suspension === "none") return undefined;
    const left = isRecorded ? await this.#leaveToOther({ target, to, runs: [] }, false, deadline) : undefined;
    this.context.emit({ kind: "notice", notice: left ?? { code: "staysSuspended", target, prior, isRecorded } });
    return undefined;
  }

  get #scaling(): ScalingPort {
    const { scaling } = this.context;
    if (scaling === undefined) throw new Error("a plan with scaling steps needs the scaling port");
    return scaling;
  }
}
