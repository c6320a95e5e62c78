import type { Ecs } from "../aws/ecs.ts";
import type { ScalingPort } from "../model/ports.ts";
import { endOf } from "../report/ending.ts";
import type { Ending } from "../report/exit_code.ts";
import { PollSchedule } from "../rollout/poll_schedule.ts";
import { ALL_AT_ONCE, run as runRollout } from "../rollout/run/run.ts";
import type { Policy } from "../rollout/outcome.ts";
import type { PlannedService } from "../rollout/run/planned_service.ts";
import { findActor } from "./find_actor.ts";
import { readLogsFor } from "./read_logs_for.ts";
import type { Session } from "./session.ts";

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
