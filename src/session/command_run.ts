import { AwsError, StoppedError } from "../errors.ts";
import type { Files } from "../host.ts";
import { type Ending, endOfStop, hasWholeResult } from "../report/exit_code.ts";
import { explainMissing } from "./add_nearest.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import type { RunLimits } from "./run_limits.ts";
import type { Session } from "./session.ts";

/** Opens the sessions of a command's services. */
export interface SessionOpener {
  /** Starts the time limit. Returns the user's files, which are read no longer than that. */
  readonly start: () => Promise<Files>;
  /**
   * Opens a session for each service that is meant.
   *
   * @param fromFile what a plan file says instead of the command line; its time limit applies if the command line has none
   */
  readonly open: (fromFile?: Pick<GlobalOptions, "services" | "timeoutMs">) => Promise<readonly Session[]>;
}

/** One run of a command: opens its sessions, and reports how it ended. */
export class CommandRun implements SessionOpener {
  #limits: RunLimits | undefined;
  #sessions: readonly Session[] = [];

  /** @param writes the files that the command will write */
  constructor(
    private readonly context: Context,
    private readonly options: GlobalOptions,
    private readonly writes: readonly string[],
  ) {}

  readonly start: SessionOpener["start"] = async () => {
    // Loaded only now: help and completion do not need what reads configs.
    const { startRun, stoppableFiles } = await import("./run_limits.ts");
    this.#limits ??= startRun(this.context, this.options);
    return stoppableFiles(this.context.host.files, this.#limits);
  };

  readonly open: SessionOpener["open"] = async (fromFile) => {
    const [{ openSessions }] = await Promise.all([import("./session.ts"), this.start()]);
    const timeoutMs = this.options.timeoutMs ?? fromFile?.timeoutMs;
    const options = { ...this.options, ...fromFile, timeoutMs };
    return this.#sessions = await openSessions(this.context, options, this.#limits!, this.writes);
  };

  /**
   * Sets the context's ending, once the command has come to it. Reports a stop signal or timeout that ended a read before
   * anything was changed.
   */
  async end(ending: Promise<Ending>): Promise<void> {
    const { context } = this;
    let hasResult = false;
    try {
      context.ending = await ending;
      hasResult = !this.#mayHaveChanged && hasWholeResult(context.ending);
    } catch (error) {
      const isOfStop = error instanceof AwsError || error instanceof StoppedError;
      const limits = this.#limits;
      // If something was changed, the names were right, so a missing service was not mistyped.
      if (this.#mayHaveChanged) throw error;
      if (!isOfStop || !limits?.signal.aborted) throw await explain(error, this.#sessions);
      context.ending = await reportEarlyStop(error, limits, context);
    } finally {
      this.#setOutputDeadline(hasResult);
    }
  }

  get #mayHaveChanged(): boolean {
    return this.#sessions[0]?.changes.mayHaveBegun === true;
  }

  /**
   * How long readers of the outputs may take. There is no limit for reading the result of a command that changes
   * nothing, such as a diff in a pager, unless one is given.
   */
  #setOutputDeadline(hasResult: boolean): void {
    const limits = this.#limits;
    if (limits === undefined) return;
    this.context.outputDeadline = hasResult && this.options.timeoutMs === undefined ? limits.stop : limits.signal;
    if (!this.#mayHaveChanged) this.context.cutOffBy = limits.stoppedBy;
  }
}

/** One service or its cluster may have been mistyped. Of many services, each reports this itself. */
async function explain(error: unknown, [session, ...others]: readonly Session[]): Promise<unknown> {
  return session !== undefined && others.length === 0 ? await explainMissing(error, session) : error;
}

/** Reports a stop signal or a timeout before anything was changed. */
async function reportEarlyStop(
  error: Error,
  { timeLimit, stoppedBy }: RunLimits,
  { reporter }: Context,
): Promise<Ending> {
  const signal = stoppedBy();
  const waitedFor = error instanceof StoppedError ? error.waitedFor : undefined;
  await reporter.openLog();
  const by = signal === undefined ? "timeLimit" : "signal";
  reporter.emit({ kind: "stoppedEarly", by, timeoutMs: timeLimit.ms, waitedFor });
  return endOfStop(signal);
}
