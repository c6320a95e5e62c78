import { AwsError, failureOf } from "../errors.ts";
import type { Revision } from "../model/arn.ts";
import type { Outcome, RolloutEvent, RunEvent } from "./events.ts";
import type { Plan } from "./plan/plan.ts";
import { type OnFailure, rollBackOnFailure } from "./rollback_on_failure.ts";
import type { PlannedFrom, RunContext } from "./run_context.ts";
import { runPlan } from "./run_plan.ts";

/** A service's plan, and for a deploy what follows where it fails. */
export interface PlannedService {
  readonly plan: Plan;
  readonly onFailure?: OnFailure;
  /** Left out: the service is read again in any case before the first write. */
  readonly plannedFrom?: PlannedFrom | undefined;
}

/** While a failed deploy waits for its rollback, the bad revision is live: auto scaling may take no longer than this. */
const RESTORE_BEFORE_ROLLBACK_WITHIN_MS = 30_000;

/**
 * Carries out the plans of one or many services, side by side, and rolls back the deploys that fail where that is wanted.
 * An error of AWS's is an event of its service, and keeps no other service from its end.
 */
export function run(services: readonly PlannedService[], context: RunContext): AsyncGenerator<RunEvent, void, void> {
  return merge(services.map((planned) => runService(planned, context)));
}

async function* runService(
  planned: PlannedService,
  context: RunContext,
): AsyncGenerator<RunEvent, void, void> {
  const service = planned.plan.subject;
  try {
    for await (const event of runToTheEnd(planned, context)) yield { ...event, service };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    yield { kind: "failed", failure: failureOf(error), service, region: service.region };
  }
}

async function* runToTheEnd(
  { plan, onFailure, plannedFrom }: PlannedService,
  context: RunContext,
): AsyncGenerator<RolloutEvent, void, void> {
  const mayRollBack = onFailure !== undefined && onFailure.rollbackEvents.size > 0;
  const restoreAfterFailureWithinMs = mayRollBack ? RESTORE_BEFORE_ROLLBACK_WITHIN_MS : undefined;
  const how = { plannedFrom, restoreAfterFailureWithinMs, deregistersFailed: onFailure?.deregistersFailed === true };
  let registered: Revision | undefined;
  let outcome: Outcome | undefined;
  for await (const event of runPlan(plan, context, how)) {
    if (event.kind === "registered") registered = event.taskDefinition;
    if (event.kind === "rolloutEnded") outcome = event.outcome;
    yield event;
  }
  if (outcome === undefined) throw new Error(`the ${plan.intent} ended without an outcome`);
  if (onFailure !== undefined) yield* rollBackOnFailure({ plan, outcome, registered, onFailure }, context);
}

/** The events of all sources as they come. What one source throws is thrown when all have ended. */
async function* merge<Event>(sources: readonly AsyncGenerator<Event, void, void>[]): AsyncGenerator<Event, void, void> {
  const next = async (source: AsyncGenerator<Event, void, void>) => {
    try {
      return { source, result: await source.next() };
    } catch (error) {
      return { source, error };
    }
  };
  const pending = new Map(sources.map((source) => [source, next(source)]));
  const errors: unknown[] = [];
  while (pending.size > 0) {
    const { source, result, error } = await Promise.race(pending.values());
    if (result === undefined) errors.push(error);
    if (result === undefined || result.done) pending.delete(source);
    else {
      // Nothing goes on before what came of it was seen: should the program end now, that is what it leaves.
      yield result.value;
      pending.set(source, next(source));
    }
  }
  if (errors.length > 0) throw errors[0];
}
