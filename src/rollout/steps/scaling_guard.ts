import type { ScalingPort } from "../../model/ports.ts";
import { sameSuspendedState } from "../../model/scalable_target.ts";
import { AwsError, mayHaveBeenApplied, unlessFails } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import {
  dropRecord,
  findOtherRestorer,
  leaveSuspension,
  readScalingRecord,
  type ScalingRecord,
  type ScalingTools,
} from "../scaling_record.ts";
import { restoreScaling, suspendScaling } from "./change_scaling.ts";
import type { Leftover, PlanEvent, ScalingNotice } from "../events.ts";
import type { Plan, RestoreScaling, SuspendScaling } from "../plan/plan.ts";

export interface ScalingGuardOptions {
  readonly plan: Plan;
  /** Needed only by plans with scaling steps. */
  readonly scaling: ScalingPort | undefined;
  readonly clock: Clock;
  /** Who runs this, for the record of a suspension. */
  readonly actor: string;
  /** The ID of this run, for the record, too. */
  readonly run: string;
  /** Aborted when the command's time is up, or the user wants to stop. */
  readonly signal: AbortSignal;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
}

/** Restoring must not be cut short by the very timeout that made it necessary; with what else comes last, 5 s are allowed. */
const RESTORE_WITHIN_MS = 3_500;
/** Ctrl-C ends the program within 2 s. */
const RESTORE_AFTER_STOP_WITHIN_MS = 1_500;
/** A call of scaling that is on its way when the user stops gets so long for its answer: a change is uncertain then. */
const GRACE_MS = 400;

/** A read that shows no target may lag behind. */
const MISSING_READS_BELIEVED = 3;
const LOOK_EVERY_MS = 1_000;

/** How long the record is waited for until this run restores without it; when the time is up, for the grace only. */
const LOOK_WITHIN_MS = 3_000;

/** Whether scaling has been suspended: `uncertain` from sending to the answer, which may never come. */
type Suspension = "none" | "uncertain" | "sent";

type Leaving = Pick<RestoreScaling, "target" | "to" | "runs">;

/** Knows at every moment what is to be restored of auto scaling, and restores it on every way out. */
export class ScalingGuard {
  /** From the moment on when something may have changed that the plan restores. */
  #isScheduled = false;
  /** The permission to record the suspension was missing. */
  #isUnrecorded = false;
  /** Somebody has set other flags while it was suspended: these stay. */
  #isLeftAlone = false;
  #suspension: Suspension = "none";
  /** What other runs had on record when this one suspended. */
  #found: ScalingRecord | undefined;

  constructor(private readonly options: ScalingGuardOptions) {}

  /** What the plan restores is restored at the end, whatever happens from now on. */
  scheduleRestore(): void {
    this.#isScheduled = true;
  }

  /**
   * Whether somebody has changed the flags since the plan to suspend was made. Returns the error where that cannot be seen:
   * it is no reason to refuse, for suspending itself reports what it meets.
   */
  async hasChanged(): Promise<boolean | AwsError> {
    const step = this.options.plan.steps.find((candidate) => candidate.kind === "suspendScaling");
    if (step === undefined) return false;
    const { resourceId, suspendedState } = step.target;
    try {
      for (let reads = 1;; reads++) {
        const now = await this.#tools.scaling.describeScalableTarget(resourceId, this.options.signal);
        if (now !== undefined) return !sameSuspendedState(now.suspendedState, suspendedState);
        if (reads === MISSING_READS_BELIEVED) return true;
        await this.options.clock.sleep(LOOK_EVERY_MS, this.options.signal);
      }
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
  }

  /** Suspends as planned. Throws an `AwsError` when that does not work; what may have happened all the same is restored. */
  async *suspend(step: SuspendScaling): AsyncGenerator<PlanEvent, undefined, void> {
    // Scheduled before it is done: a suspension whose answer was lost has to be undone, too.
    this.scheduleRestore();
    this.#suspension = "uncertain";
    const { unrecorded, leftAlone, found } = await suspendScaling(step, this.#tools, this.#graceful()).catch(
      (error) => {
        if (error instanceof AwsError && !mayHaveBeenApplied(error)) this.#suspension = "none";
        throw error;
      },
    );
    this.#found = found;
    this.#isLeftAlone = leftAlone !== undefined;
    this.#suspension = this.#isLeftAlone ? "none" : "sent";
    this.#isUnrecorded = unrecorded !== undefined;
    for (const notice of [unrecorded, leftAlone]) if (notice !== undefined) yield { kind: "notice", notice };
    return undefined;
  }

  /**
   * Restores what is scheduled, or leaves it to another run that counts on the suspension (`isBeaten`: somebody else's
   * deployment is in place, or under way). Returns what is left to do by hand; never throws an `AwsError`.
   */
  async *restore(isBeaten: boolean, withinMs?: number): AsyncGenerator<PlanEvent, Leftover | undefined, void> {
    if (!this.#isScheduled) return undefined;
    const planned = this.options.plan.steps.find((candidate) => candidate.kind === "restoreScaling");
    if (planned === undefined) return yield* this.#noticeSuspension();
    const step = { ...planned, to: this.#found?.prior ?? planned.to };
    const { clock } = this.options;
    const limits = withinMs === undefined ? [] : [clock.deadline(withinMs)];
    const deadline = AbortSignal.any([this.#deadline(), ...limits]);
    const left = await this.#leaveToOther(step, isBeaten, deadline);
    if (left !== undefined) {
      yield { kind: "notice", notice: left };
      return undefined;
    }
    yield { kind: "stepStarted", step };
    // An uncertain suspension may yet come into force after the restoring: then the record is what the next run needs.
    const hasRecord = step.hasRecord && !this.#isUnrecorded && this.#suspension !== "uncertain";
    const hasSuspended = this.#suspension !== "none";
    const restoring = restoreScaling({ ...step, hasRecord }, hasSuspended, this.#tools, deadline);
    const { notice, leftover } = await restoring;
    if (step.hasRecord && this.#suspension === "uncertain" && leftover === undefined) {
      yield { kind: "notice", notice: { code: "suspensionRecordKept", target: step.target, to: step.to } };
    }
    if (notice !== undefined) yield { kind: "notice", notice };
    if (leftover === undefined) yield { kind: "scalingRestored" };
    return leftover;
  }

  /**
   * Leaves the restoring to the run that has beaten this one, or has come after it. Returns `undefined` where this run
   * restores, also because the record cannot be read in time.
   */
  async #leaveToOther(step: Leaving, isBeaten: boolean, deadline: AbortSignal): Promise<ScalingNotice | undefined> {
    const { arn } = step.target;
    if (arn === undefined) return undefined;
    const { clock, signal, run } = this.options;
    const late = signal.aborted ? clock.deadline(GRACE_MS) : this.#graceful();
    const limit = AbortSignal.any([deadline, clock.deadline(LOOK_WITHIN_MS), late]);
    const record = await unlessFails(readScalingRecord(arn, this.#tools.scaling, limit));
    const known = [...step.runs, ...(this.#found?.runs ?? [])];
    const other = findOtherRestorer({ run, known, record: record?.record, isBeaten });
    if (other === undefined || record?.record === undefined) return undefined;
    await unlessFails(leaveSuspension(step.target, record.record, this.#tools, deadline));
    // The other run may have left it to this one at the same moment, by a read from before.
    const now = await unlessFails(readScalingRecord(arn, this.#tools.scaling, deadline));
    if (now?.record !== undefined && !findOtherRestorer({ run, known, record: now.record, isBeaten })) return undefined;
    const { target, to } = step;
    const began = other === "newer" ? "later" : "earlier";
    return { code: "restoredByOtherRun", target, to, run: record.record.runs.find((id) => id !== run), began };
  }

  /**
   * Suspended and not to be restored, as the user wanted it; where somebody wanted it otherwise, the record says what
   * is not so.
   */
  async *#noticeSuspension(): AsyncGenerator<PlanEvent, Leftover | undefined, void> {
    const step = this.options.plan.steps.find((candidate) => candidate.kind === "suspendScaling");
    if (step === undefined) return undefined;
    const isRecorded = step.record !== "none" && !this.#isUnrecorded;
    const hasOthers = (this.#found?.runs ?? []).length > 0;
    if (this.#isLeftAlone && isRecorded && !hasOthers && step.target.arn !== undefined) {
      return await dropRecord(step.target.arn, this.#tools.scaling, this.#deadline());
    }
    if (this.#suspension === "none") return undefined;
    const restoring = { target: step.target, to: this.#found?.prior ?? step.prior, runs: [] };
    const left = isRecorded ? await this.#leaveToOther(restoring, false, this.#deadline()) : undefined;
    if (left !== undefined) {
      yield { kind: "notice", notice: left };
      return undefined;
    }
    const { target, prior } = step;
    yield { kind: "notice", notice: { code: "staysSuspended", target, prior, isRecorded } };
    return undefined;
  }

  /** Restoring has all of the command's time, and a little more when that is up or the user stops. */
  #deadline(): AbortSignal {
    const { signal, clock, stop } = this.options;
    const controller = new AbortController();
    const abort = () => controller.abort();
    const abortSoon = () =>
      clock.deadline(stop.aborted ? RESTORE_AFTER_STOP_WITHIN_MS : RESTORE_WITHIN_MS).addEventListener("abort", abort);
    if (signal.aborted) abortSoon();
    else signal.addEventListener("abort", abortSoon);
    // The time may be up first, and the user stop then.
    if (!stop.aborted) stop.addEventListener("abort", abortSoon);
    return controller.signal;
  }

  /** Aborted a little after the limits are: for a call whose answer decides what is to be restored. */
  #graceful(): AbortSignal {
    const { signal, clock } = this.options;
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener("abort", () => clock.deadline(GRACE_MS).addEventListener("abort", abort));
    return controller.signal;
  }

  get #tools(): ScalingTools {
    const { scaling, clock, actor, run } = this.options;
    if (scaling === undefined) throw new Error("a plan with scaling steps needs the scaling port");
    return { scaling, clock, actor, run };
  }
}
