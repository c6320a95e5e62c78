import { AwsError, StoppedError } from "../errors.ts";
import type { Context } from "./context.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { GlobalOptions } from "./global_options.ts";
import type { RunLimits } from "./run_limits.ts";
import type { Session } from "./session.ts";

/**
 * Opens a session, runs a command's action in it, and leaves the exit code in the context. Reports a stop signal or timeout
 * that ends a read before anything was changed.
 *
 * @param writes the files that the action is to write
 */
export async function runInSession(
  context: Context,
  options: GlobalOptions,
  action: (session: Session) => Promise<number>,
  writes: readonly string[] = [],
): Promise<void> {
  // Loaded only now, so that help and completion do without what reads configs.
  const [{ openSession }, { startRun }] = await Promise.all([import("./session.ts"), import("./run_limits.ts")]);
  const limits = startRun(context, options);
  let session: Session | undefined;
  let hasResult = false;
  try {
    session = await openSession(context, options, writes, limits);
    const exitCode = await action(session);
    context.exitCode = exitCode;
    hasResult = !session.changes.mayHaveBegun && (exitCode === EXIT.ok || exitCode === EXIT.differences);
  } catch (error) {
    const isOfStop = error instanceof AwsError || error instanceof StoppedError;
    if (!isOfStop || !limits.signal.aborted || session?.changes.mayHaveBegun) throw error;
    context.exitCode = await reportEarlyStop(error, limits, context);
  } finally {
    context.patience = patienceOf(hasResult, limits, options);
    if (!session?.changes.mayHaveBegun) context.cutOffBy = limits.stoppedBy;
  }
}

// Aborted when the program waits no longer for readers of its outputs. The result of a command that changes nothing, such as
// a diff in a pager, may be read without a limit, unless one is given.
function patienceOf(hasResult: boolean, { signal, stop }: RunLimits, { timeoutMs }: GlobalOptions): AbortSignal {
  return hasResult && timeoutMs === undefined ? stop : signal;
}

/** Stopped, or out of time, before anything was changed. */
async function reportEarlyStop(
  error: Error,
  { deadline, stoppedBy }: RunLimits,
  { reporter }: Context,
): Promise<number> {
  const signal = stoppedBy();
  const waitedFor = error instanceof StoppedError ? error.message : undefined;
  await reporter.openLog();
  const by = signal === undefined ? "timeLimit" : "signal";
  reporter.emit({ kind: "stoppedEarly", by, timeoutMs: deadline.ms, waitedFor });
  return signal === undefined ? EXIT.timedOut : exitCodeOfSignal(signal);
}
