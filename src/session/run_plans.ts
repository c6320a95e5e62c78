import type { Ecs } from "../aws/ecs.ts";
import { AwsError, failureOf } from "../errors.ts";
import type { Output } from "../host.ts";
import type { ScalingPort } from "../model/ports.ts";
import { endOf } from "../report/ending.ts";
import type { Ending } from "../report/exit_code.ts";
import { PollSchedule } from "../rollout/poll_schedule.ts";
import { ALL_AT_ONCE, run as runRollout } from "../rollout/run/run.ts";
import type { Policy } from "../rollout/outcome.ts";
import type { PlannedService } from "../rollout/run/planned_service.ts";
import { explainMissing } from "./add_nearest.ts";
import { isCi } from "./context.ts";
import type { Session } from "./session.ts";
import type { LogReading } from "../rollout/read/log_reader.ts";

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
      session.emit({ kind: "failed", failure, region: ref.region });
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
  const pollSchedule = plans.length > 1 ? new PollSchedule(host.clock) : undefined;
  const services = plans.map(({ session, ecs, scaling, ...planned }) => {
    const { host: { clock, random, env }, openChecker, limits, runId } = session;
    const context = {
      ...{ ecs, scaling, openChecker, clock, random, runId, pollSchedule, ...limits },
      logs: readLogsFor(logs, session),
      bakeSources: session,
      emit: session.emit,
      // Goes into the record of a suspension, which people read.
      actor: findActor(env),
    };
    return { ...planned, context };
  });
  changes.mayHaveBegun = true;
  await runRollout(services, { ...ALL_AT_ONCE, ...policy }, limits);
  return endOf(reporter.state);
}

/** How many lines of a failed container's log a person sees, unless `--logs` says otherwise. */
const DEFAULT_LOG_LINES = 10;

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
  const lines = asked ?? (isForPerson ? DEFAULT_LOG_LINES : 0);
  return lines === 0 ? undefined : { connect: connectLogs, lines, isAskedFor: asked !== undefined };
}

/** The user who runs the program, as far as the machine knows. */
export function findActor(env: Session["host"]["env"]): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}
