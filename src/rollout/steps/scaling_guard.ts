import { restoreScalingCommand } from "../../model/aws_cli.ts";
import type { ScalingPort } from "../../model/ports.ts";
import { sameSuspendedState, SUSPENSION_RECORD_KEY } from "../../model/scalable_target.ts";
import { AwsError, mayHaveBeenApplied, unlessFails } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import { dropRecord, leaveSuspension, restoreScaling, type ScalingTools, suspendScaling } from "./change_scaling.ts";
import type { Leftover, RolloutEvent } from "../events.ts";
import type { Plan, RestoreScaling, SuspendScaling } from "../plan/plan.ts";
import { readScalingRecord } from "../read/read_scaling_record.ts";
import type { ScalingRecord } from "../scaling_record.ts";
import { findOtherRestorer } from "./share_suspension.ts";

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
/** Whoever presses Ctrl-C waits for 2 s at most. */
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

/** Knows at every moment what is to be given back of auto scaling, and gives it back on every way out. */
export class ScalingGuard {
  /** From the moment on when something may have changed that the plan gives back. */
  #isOwed = false;
  /** The permission to record the suspension was missing. */
  #isUnrecorded = false;
  /** Somebody has set other flags while it was suspended: these stay. */
  #isLeftAlone = false;
  #suspension: Suspension = "none";
  /** What other runs had on record when this one suspended. */
  #found: ScalingRecord | undefined;

  constructor(private readonly options: ScalingGuardOptions) {}

  /** What the plan gives back is due at the end, whatever happens from now on. */
  owe(): void {
    this.#isOwed = true;
  }

  /**
   * Whether somebody has changed the flags since the plan to suspend was made. Answers with the error where that cannot be
   * seen: it is no reason to refuse, for what suspending itself may meet is told then.
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

  /** Suspends as planned. Throws an `AwsError` when that does not work; what may have happened all the same is owed. */
  async *suspend(step: SuspendScaling): AsyncGenerator<RolloutEvent, void, void> {
    // Owed before it is done: a suspension whose answer was lost has to be taken back, too.
    this.owe();
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
    for (const message of [unrecorded, leftAlone]) if (message !== undefined) yield { kind: "notice", message };
  }

  /**
   * Gives back what is owed, or leaves it to another run that counts on the suspension. Never throws an `AwsError`.
   *
   * @param isBeaten somebody else's deployment is in place, or under way
   * @param withinMs how long it may take; all the time there is when left out
   * @returns what is left to do by hand
   */
  async *giveBack(isBeaten: boolean, withinMs?: number): AsyncGenerator<RolloutEvent, Leftover | undefined, void> {
    if (!this.#isOwed) return undefined;
    const planned = this.options.plan.steps.find((candidate) => candidate.kind === "restoreScaling");
    if (planned === undefined) return yield* this.#tellSuspension();
    const step = { ...planned, to: this.#found?.prior ?? planned.to };
    const { clock } = this.options;
    const limits = withinMs === undefined ? [] : [clock.deadline(withinMs)];
    const deadline = AbortSignal.any([this.#deadline(), ...limits]);
    const message = await this.#leaveToOther(step, isBeaten, deadline);
    if (message !== undefined) {
      yield { kind: "notice", message };
      return undefined;
    }
    yield { kind: "stepStarted", step };
    // An uncertain suspension may yet come into force after the restoring: then the record is what the next run needs.
    const hasRecord = step.hasRecord && !this.#isUnrecorded && this.#suspension !== "uncertain";
    const hasSuspended = this.#suspension !== "none";
    const restoring = restoreScaling({ ...step, hasRecord }, hasSuspended, this.#tools, deadline);
    const { notice, leftover } = await restoring;
    if (step.hasRecord && this.#suspension === "uncertain" && leftover === undefined) yield keptRecord(step);
    if (notice !== undefined) yield { kind: "notice", message: notice };
    if (leftover === undefined) yield { kind: "scalingRestored" };
    return leftover;
  }

  /**
   * Leaves the restoring to the run that has beaten this one, or has come after it.
   *
   * @returns what to say of that; `undefined` where this run restores, also because the record cannot be read in time
   */
  async #leaveToOther(step: Leaving, isBeaten: boolean, deadline: AbortSignal): Promise<string | undefined> {
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
    return describeLeft(step, other, record.record.runs.find((id) => id !== run));
  }

  /**
   * Suspended and not to be restored, as the user wanted it; where somebody wanted it otherwise, the record says what
   * is not so.
   */
  async *#tellSuspension(): AsyncGenerator<RolloutEvent, Leftover | undefined, void> {
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
      yield { kind: "notice", message: left };
      return undefined;
    }
    const command = restoreScalingCommand(step.target, step.prior, isRecorded ? SUSPENSION_RECORD_KEY : undefined);
    yield {
      kind: "notice",
      message: `auto scaling of ${step.target.resourceId} stays suspended; to resume it: ${command}`,
    };
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

function keptRecord({ target, to }: RestoreScaling): RolloutEvent {
  const command = restoreScalingCommand(target, to, SUSPENSION_RECORD_KEY);
  const message =
    "whether AWS has taken the suspension is not known: should it come into force late, its record is kept; " +
    `to make sure: ${command}`;
  return { kind: "notice", message };
}

/** Why auto scaling stays suspended, and what to type should the other run not restore it: killed, or not asked to. */
function describeLeft({ target, to }: Leaving, which: "newer" | "winner", other: string | undefined): string {
  const why = which === "newer" ? "began later" : "began earlier";
  const command = restoreScalingCommand(target, to, SUSPENSION_RECORD_KEY);
  return `auto scaling of ${target.resourceId} stays suspended for run ${other}, which ${why} and is to restore it ` +
    `when it ends; if status shows it suspended once no deployment is under way: ${command}`;
}
