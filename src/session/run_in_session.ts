import type { Ecs } from "../aws/ecs.ts";
import { AwsError, failureOf, StoppedError } from "../errors.ts";
import type { Files, Output } from "../host.ts";
import type { ScalingPort } from "../model/ports.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import { endOf } from "../report/ending.ts";
import { type Ending, hasWholeResult } from "../report/exit_code.ts";
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

/** An action; if a file names its services, the file is read first. */
export interface ActionOnFile {
  /** The file's time limit applies where the command line gives none. Throws a ConfigError. */
  readonly readSet?: ((files: Files) => Promise<Pick<GlobalOptions, "set" | "timeoutMs">>) | undefined;
  readonly run: ActionOnAll;
}

/** What a command does with the sessions of its services, one or more. Returns the ending. */
export type ActionOnAll = (sessions: readonly Session[]) => Promise<Ending>;

/**
 * Opens a session for each service, runs a command's action in them, and sets the context's exit code. Reports a stop
 * signal or timeout that ends a read before anything was changed.
 *
 * @param writes the files that the action will write
 */
export async function runInSessions(
  context: Context,
  options: GlobalOptions,
  { readSet, run }: ActionOnFile,
  writes: readonly string[] = [],
): Promise<void> {
  // Loaded only now: help and completion do not need what reads configs.
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
    context.ending = await run(sessions);
    hasResult = !mayHaveChanged() && hasWholeResult(context.ending);
  } catch (error) {
    const isOfStop = error instanceof AwsError || error instanceof StoppedError;
    // After a change, something that is missing was not mistyped.
    if (mayHaveChanged()) throw error;
    if (!isOfStop || !limits.signal.aborted) throw await explain(error, sessions);
    context.ending = await reportEarlyStop(error, limits, context);
  } finally {
    // There is no limit for reading the result of a command that changes nothing, such as a diff in a pager, unless one
    // is given.
    context.patience = hasResult && options.timeoutMs === undefined ? limits.stop : limits.signal;
    if (!mayHaveChanged()) context.cutOffBy = limits.stoppedBy;
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
  return signal === undefined ? "timedOut" : "stopped";
}

/**
 * Prepares all services side by side, then reports each in turn; returns what to carry out. Where there are many, a
 * service that AWS refuses or cannot answer for is reported and left out. Where there is one, the error ends the run,
 * and so does a stop signal.
 *
 * @param report says why nothing is done, or what is planned; returns what to carry out
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

/** A plan for a session's service, and what carrying it out needs. */
export interface SessionPlan extends Omit<PlannedService, "context"> {
  readonly session: Session;
  readonly ecs: Ecs;
  /** Only plans with scaling steps need it. */
  readonly scaling?: ScalingPort | undefined;
}

/**
 * Carries plans out, if there are any, and reports what happens. Returns how the run ended.
 *
 * @param sessions all sessions of the run
 * @param logs the value of `--logs`
 */
export async function runPlans(
  sessions: readonly Session[],
  plans: readonly SessionPlan[],
  { logs, ...policy }: Partial<Policy> & { readonly logs?: number | undefined },
): Promise<Ending> {
  const [{ reporter, limits, changes, host }] = sessions as [Session];
  if (plans.length === 0) return endOf(reporter.state);
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
    // The actor goes into the record of a suspension, which people read.
    return { ...planned, context: { ...own, actor: findActor(env), commonPace, ...limits } };
  });
  changes.mayHaveBegun = true;
  await runRollout(services, { ...ALL_AT_ONCE, ...policy }, limits, reporter.emit);
  return endOf(reporter.state);
}

/** How many lines of a failed container's log a person sees, unless `--logs` says otherwise. */
const USUAL_LINES = 10;

/**
 * How to read the logs of containers that fail; `undefined`: not at all. Without `--logs`, they are read only for a
 * person at a terminal: they may hold anything, and a CI system keeps what is printed.
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
  return lines === 0 ? undefined : { connect: connectLogs, lines, isAskedFor: asked !== undefined };
}

/**
 * Says why nothing is done. Returns the ending.
 *
 * @param service as it was read, if it was
 */
export async function reportRefusal(refused: AnyRefusal, session: Session, service?: ServiceSnapshot): Promise<Ending> {
  const { scope, log, emit } = session;
  const refusal = await addNearest(refused, session);
  if (scope.service !== undefined) {
    emit({ kind: "refused", refusal, ...(service && { deployments: service.deployments }) });
  } else for (const line of describeRefusal(refusal)) log.error(line);
  return "refused";
}

/** Who runs the program, as far as the machine knows. */
export function findActor(env: Session["host"]["env"]): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}
