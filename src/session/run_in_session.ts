import type { Ecs } from "../aws/ecs.ts";
import { AwsError, StoppedError } from "../errors.ts";
import type { ScalingPort } from "../model/ports.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import { type PlannedService, run } from "../rollout/run.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { readLogsFor } from "./log_reading.ts";
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
    session = await openSession(context, options, limits, writes);
    const exitCode = await action(session);
    context.exitCode = exitCode;
    hasResult = !session.changes.mayHaveBegun && (exitCode === EXIT.ok || exitCode === EXIT.differences);
  } catch (error) {
    const isOfStop = error instanceof AwsError || error instanceof StoppedError;
    if (!isOfStop || !limits.signal.aborted || session?.changes.mayHaveBegun) throw error;
    context.exitCode = await reportEarlyStop(error, limits, context);
  } finally {
    // The result of a command that changes nothing, such as a diff in a pager, may be read without a limit, unless one is
    // given.
    context.patience = hasResult && options.timeoutMs === undefined ? limits.stop : limits.signal;
    if (!session?.changes.mayHaveBegun) context.cutOffBy = limits.stoppedBy;
  }
}

/** Stopped, or out of time, before anything was changed. */
async function reportEarlyStop(
  error: Error,
  { timeLimit, stoppedBy }: RunLimits,
  { reporter }: Context,
): Promise<number> {
  const signal = stoppedBy();
  const waitedFor = error instanceof StoppedError ? error.message : undefined;
  await reporter.openLog();
  const by = signal === undefined ? "timeLimit" : "signal";
  reporter.emit({ kind: "stoppedEarly", by, timeoutMs: timeLimit.ms, waitedFor });
  return signal === undefined ? EXIT.timedOut : exitCodeOfSignal(signal);
}

/** What plans are carried out with. */
interface Connected {
  readonly ecs: Ecs;
  readonly scaling: ScalingPort | undefined;
  /** The value of `--logs`. */
  readonly logs: number | undefined;
}

/** Carries plans out and reports what happens. Only plans with scaling steps need `scaling`. Returns the exit code. */
export async function runPlans(
  services: readonly PlannedService[],
  { logs, ...connected }: Connected,
  session: Session,
): Promise<number> {
  const { host: { clock, random, env }, openChecker, reporter, limits, runId, changes } = session;
  // For the record of a suspension, which people read.
  const actor = env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
  const context = {
    ...connected,
    logs: readLogsFor(logs, session),
    openChecker,
    clock,
    random,
    actor,
    runId,
    ...limits,
  };
  changes.mayHaveBegun = true;
  for await (const event of run(services, context)) reporter.emit(event);
  return exitCodeOfRun(reporter.state);
}

/** Says why nothing is done. Returns the exit code. */
export function reportRefusal(refusal: AnyRefusal, { scope, log, emit }: Session): number {
  if (scope.service !== undefined) emit({ kind: "refused", refusal });
  else for (const line of describeRefusal(refusal)) log.error(line);
  return EXIT.refused;
}
