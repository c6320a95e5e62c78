import { restoreScalingCommand } from "../ecs/aws_cli.ts";
import type { ScalingPort } from "../ecs/ports.ts";
import { sameSuspendedState, SUSPENSION_RECORD_KEY } from "../ecs/scalable_target.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import type { Clock } from "../host.ts";
import { dropRecord, restoreScaling, type ScalingTools, suspendScaling } from "./change_scaling.ts";
import type { Leftover, RolloutEvent } from "./events.ts";
import type { Plan, RestoreScaling, SuspendScaling } from "./plan.ts";

export interface ScalingGuardOptions {
  readonly plan: Plan;
  /** Needed only by plans with scaling steps. */
  readonly scaling: ScalingPort | undefined;
  readonly clock: Clock;
  /** Who runs this, for the record of a suspension. */
  readonly actor: string;
  /** Aborted when the command's time is up, or the user wants to stop. */
  readonly signal: AbortSignal;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
}

/** Restoring must not be cut short by the very timeout that made it necessary; with what else comes last, 5 s are allowed. */
const RESTORE_WITHIN_MS = 3_500;
/** Whoever presses Ctrl-C waits for 2 s at most. */
const RESTORE_AFTER_STOP_WITHIN_MS = 1_500;
/** A change of scaling that is on its way when the user stops gets so long for its answer: unanswered, it is uncertain. */
const GRACE_MS = 400;

/** Whether scaling has been suspended: `uncertain` from sending to the answer, which may never come. */
type Suspension = "none" | "uncertain" | "sent";

/** Knows at every moment what is to be given back of auto scaling, and gives it back on every way out. */
export class ScalingGuard {
  /** From the moment on when something may have changed that the plan gives back. */
  #isOwed = false;
  /** The permission to record the suspension was missing. */
  #isUnrecorded = false;
  /** Somebody has set other flags while it was suspended: these stay. */
  #isLeftAlone = false;
  #suspension: Suspension = "none";

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
      const now = await this.#tools.scaling.describeScalableTarget(resourceId, this.options.signal);
      return now === undefined || !sameSuspendedState(now.suspendedState, suspendedState);
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
    const { unrecorded, leftAlone } = await suspendScaling(step, this.#tools, this.#graceful()).catch((error) => {
      if (error instanceof AwsError && !mayHaveBeenApplied(error)) this.#suspension = "none";
      throw error;
    });
    this.#isLeftAlone = leftAlone !== undefined;
    this.#suspension = this.#isLeftAlone ? "none" : "sent";
    this.#isUnrecorded = unrecorded !== undefined;
    for (const message of [unrecorded, leftAlone]) if (message !== undefined) yield { kind: "notice", message };
  }

  /** Gives back what is owed. Never throws an `AwsError`: answers with what is left to do by hand. */
  async *giveBack(): AsyncGenerator<RolloutEvent, Leftover | undefined, void> {
    if (!this.#isOwed) return undefined;
    const step = this.options.plan.steps.find((candidate) => candidate.kind === "restoreScaling");
    if (step === undefined) return yield* this.#tellSuspension();
    yield { kind: "stepStarted", step };
    // An uncertain suspension may yet come into force after the restoring: then the record is what the next run needs.
    const hasRecord = step.hasRecord && !this.#isUnrecorded && this.#suspension !== "uncertain";
    const hasSuspended = this.#suspension !== "none";
    const restoring = restoreScaling({ ...step, hasRecord }, hasSuspended, this.#tools, this.#deadline());
    const { notice, leftover } = await restoring;
    if (step.hasRecord && this.#suspension === "uncertain" && leftover === undefined) yield keptRecord(step);
    if (notice !== undefined) yield { kind: "notice", message: notice };
    if (leftover === undefined) yield { kind: "scalingRestored" };
    return leftover;
  }

  /** Suspended and not to be restored, as the user wanted it; where somebody wanted it otherwise, the record says what is not so. */
  async *#tellSuspension(): AsyncGenerator<RolloutEvent, Leftover | undefined, void> {
    const step = this.options.plan.steps.find((candidate) => candidate.kind === "suspendScaling");
    if (step === undefined) return undefined;
    const isRecorded = step.record !== "none" && !this.#isUnrecorded;
    if (this.#isLeftAlone && isRecorded && step.target.arn !== undefined) {
      return await dropRecord(step.target.arn, this.#tools.scaling, this.#deadline());
    }
    if (this.#suspension === "none") return undefined;
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
    const { scaling, clock, actor } = this.options;
    if (scaling === undefined) throw new Error("a plan with scaling steps needs the scaling port");
    return { scaling, clock, actor };
  }
}

function keptRecord({ target, to }: RestoreScaling): RolloutEvent {
  const command = restoreScalingCommand(target, to, SUSPENSION_RECORD_KEY);
  const message =
    "whether AWS has taken the suspension is not known: should it come into force late, its record is kept; " +
    `to make sure: ${command}`;
  return { kind: "notice", message };
}
