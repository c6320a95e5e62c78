import type { Ecs } from "../aws/ecs.ts";
import { AwsError, failureOf, StoppedError } from "../errors.ts";
import type { Files, Output } from "../host.ts";
import type { ScalingPort } from "../model/ports.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import { CommonPace } from "../rollout/common_pace.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import { ALL_AT_ONCE, run as runRollout } from "../rollout/run.ts";
import type { Policy } from "../rollout/outcome.ts";
import type { PlannedService } from "../rollout/planned_service.ts";
import type { LogReading } from "../rollout/run_context.ts";
import { addNearest, explainMissing } from "./add_nearest.ts";
import { type Context, isCi } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import type { RunLimits } from "./run_limits.ts";
import type { Session } from "./session.ts";

/** An action; where a file names its services, that is read first. */
export interface ActionOnFile {
  /** The time limit of the file counts where the command line gives none. Throws a ConfigError. */
  readonly readSet?: ((files: Files) => Promise<Pick<GlobalOptions, "set" | "timeoutMs">>) | undefined;
  readonly run: ActionOnAll;
}

/** What a command does with the sessions of all its services: one or more. Returns the exit code. */
export type ActionOnAll = (sessions: readonly Session[]) => Promise<number>;

/**
 * Opens a session for each service, runs a command's action in them, and leaves the exit code in the context. Reports a stop
 * signal or timeout that ends a read before anything was changed.
 *
 * @param writes the files that the action is to write
 */
export async function runInSessions(
  context: Context,
  options: GlobalOptions,
  { readSet, run }: ActionOnFile,
  writes: readonly string[] = [],
): Promise<void> {
  // Loaded only now, so that help and completion do without what reads configs.
  const [{ openSessions }, { startRun, stoppableFiles }] = await Promise.all([
    import("./session.ts"),
    import("./run_limits.ts"),
  ]);
  const limits = startRun(context, options);
  let sessions: readonly Session[] = [];
  let hasResult = false;
  const mayHaveChanged = () => sessions[0]?.changes.mayHaveBegun === true;
  try {
    const read = await readSet?.(stoppableFiles(context.host.files, limits));
    const timeoutMs = options.timeoutMs ?? read?.timeoutMs;
    sessions = await openSessions(context, { ...options, ...read, timeoutMs }, limits, writes);
    const exitCode = await run(sessions);
    context.exitCode = exitCode;
    hasResult = !mayHaveChanged() && (exitCode === EXIT.ok || exitCode === EXIT.differences);
  } catch (error) {
    const isOfStop = error instanceof AwsError || error instanceof StoppedError;
    // What is gone since something was changed, nobody has mistyped.
    if (mayHaveChanged()) throw error;
    if (!isOfStop || !limits.signal.aborted) throw await explain(error, sessions);
    context.exitCode = await reportEarlyStop(error, limits, context);
  } finally {
    // The result of a command that changes nothing, such as a diff in a pager, may be read without a limit, unless one is
    // given.
    context.patience = hasResult && options.timeoutMs === undefined ? limits.stop : limits.signal;
    if (!mayHaveChanged()) context.cutOffBy = limits.stoppedBy;
  }
}

/** A service or its cluster may have been mistyped; which one of many it is, its own message says. */
async function explain(error: unknown, [session, ...others]: readonly Session[]): Promise<unknown> {
  return session !== undefined && others.length === 0 ? await explainMissing(error, session) : error;
}

/** Stopped, or out of time, before anything was changed. */
async function reportEarlyStop(
  error: Error,
  { timeLimit, stoppedBy }: RunLimits,
  { reporter }: Context,
): Promise<number> {
  const signal = stoppedBy();
  const waitedFor = error instanceof StoppedError ? error.waitedFor : undefined;
  await reporter.openLog();
  const by = signal === undefined ? "timeLimit" : "signal";
  reporter.emit({ kind: "stoppedEarly", by, timeoutMs: timeLimit.ms, waitedFor });
  return signal === undefined ? EXIT.timedOut : exitCodeOfSignal(signal);
}

/**
 * Prepares all services side by side, then reports each in turn; returns what is to be carried out. Of many, one that AWS
 * refuses or cannot say anything of keeps no other from being prepared: it is reported, and left out. Of one alone, the error
 * is the end of the run, and so is a stop signal.
 *
 * @param report says why nothing is done, or what is planned, of which it returns what is carried out
 */
export async function prepareAll<Prepared, Planned>(
  sessions: readonly Session[],
  prepare: (session: Session) => Promise<Prepared>,
  report: (prepared: Prepared) => Promise<Planned | undefined>,
): Promise<Planned[]> {
  const prepared = await Promise.all(sessions.map(async (session) => {
    try {
      return await prepare(session);
    } catch (error) {
      if (!(error instanceof AwsError) || session.signal.aborted || sessions.length === 1) throw error;
      const { ref } = session;
      const failure = failureOf(await explainMissing(error, session));
      session.reporter.emit({ kind: "failed", failure, service: ref, region: ref.region });
      return undefined;
    }
  }));
  const planned: Planned[] = [];
  for (const one of prepared) {
    const reported = one && await report(one);
    if (reported !== undefined) planned.push(reported);
  }
  return planned;
}

/** A plan of a session's service, and what it is carried out with. */
export interface SessionPlan extends Omit<PlannedService, "context"> {
  readonly session: Session;
  readonly ecs: Ecs;
  /** Only plans with scaling steps need it. */
  readonly scaling?: ScalingPort | undefined;
}

/**
 * Carries plans out, where there are any, and reports what happens. Returns the exit code of the run.
 *
 * @param sessions all of the run
 * @param logs the value of `--logs`
 */
export async function runPlans(
  sessions: readonly Session[],
  plans: readonly SessionPlan[],
  { logs, ...policy }: Partial<Policy> & { readonly logs?: number | undefined },
): Promise<number> {
  const [{ reporter, limits, changes, host }] = sessions as [Session];
  if (plans.length === 0) return exitCodeOfRun(reporter.state);
  const commonPace = plans.length > 1 ? new CommonPace(host.clock) : undefined;
  const services = plans.map(({ session, ecs, scaling, ...planned }) => {
    const { host: { clock, random, env }, openChecker, limits, runId } = session;
    const own = {
      ecs,
      scaling,
      logs: readLogsFor(logs, session),
      bakeSources: session,
      openChecker,
      clock,
      random,
      runId,
    };
    // The actor is for the record of a suspension, which people read.
    return { ...planned, context: { ...own, actor: findActor(env), commonPace, ...limits } };
  });
  changes.mayHaveBegun = true;
  await runRollout(services, { ...ALL_AT_ONCE, ...policy }, limits, reporter.emit);
  return exitCodeOfRun(reporter.state);
}

/** What a person sees of the log of a container that failed, unless `--logs` says otherwise. */
const USUAL_LINES = 10;

/**
 * How the logs of containers are read that fail; `undefined`: they are not. Unasked, only for a person at a terminal: they can
 * hold anything, and what a CI system prints is kept.
 *
 * @param asked the value of `--logs`
 * @param output where they are written
 */
export function readLogsFor(
  asked: number | undefined,
  { host: { stderr, env }, reporter, connectLogs }: Session,
  output: Pick<Output, "isTerminal"> = stderr,
): LogReading | undefined {
  const isForPerson = output.isTerminal && !isCi(env) && reporter.logSettings.format === "text";
  const lines = asked ?? (isForPerson ? USUAL_LINES : 0);
  return lines === 0 ? undefined : { connect: connectLogs, lines, isAsked: asked !== undefined };
}

/**
 * Says why nothing is done. Returns the exit code.
 *
 * @param service as it was read, if it was
 */
export async function reportRefusal(refused: AnyRefusal, session: Session, service?: ServiceSnapshot): Promise<number> {
  const { scope, log, emit } = session;
  const refusal = await addNearest(refused, session);
  if (scope.service !== undefined) {
    emit({ kind: "refused", refusal, ...(service && { deployments: service.deployments }) });
  } else for (const line of describeRefusal(refusal)) log.error(line);
  return EXIT.refused;
}

/** Who runs the program, as far as the machine knows. */
export function findActor(env: Session["host"]["env"]): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}
