import { asAwsError, AwsError } from "../errors.ts";
import type { PlanEvent } from "./events.ts";
import type { Outcome } from "./outcome.ts";
import type { Plan } from "./plan/plan.ts";
import type { PlanAgain } from "./planned_service.ts";
import type { PlannedFrom, RunContext } from "./run_context.ts";
import { type HowToRun, runPlan } from "./run_plan.ts";

// Somebody who has deployed before a run's order may have been another run of the same.

/** A plan that orders nothing, for the service as it is by now. */
interface Followed {
  readonly plan: Plan;
  readonly plannedFrom: PlannedFrom;
}

/** What is followed: a service at the plan's own target, or on its way there; `undefined` where there is more to do, or less. */
export async function findFollowed(planAgain: PlanAgain | undefined): Promise<Followed | undefined> {
  const again = await planAgain?.().catch(asAwsError);
  if (again === undefined || again instanceof AwsError) return undefined;
  const { planned, plannedFrom } = again;
  if (planned.kind === "refused" || plannedFrom === undefined) return undefined;
  const { plan } = planned;
  return plan.steps.some(({ kind }) => !FOLLOWING.includes(kind)) ? undefined : { plan, plannedFrom };
}

const FOLLOWING = ["suspendScaling", "awaitDeployment", "restoreScaling", "deregister"];

/** Follows what another run has ordered. What the first plan has left of auto scaling, this one restores. */
export async function* followOthers(
  { plan, plannedFrom }: Followed,
  context: RunContext,
  how: HowToRun,
): AsyncGenerator<PlanEvent, Outcome, void> {
  const { isReached, to: taskDefinition } = plan;
  yield { kind: "notice", notice: { code: "orderedByOtherRun", taskDefinition, isReached } };
  const { deployments } = plannedFrom.service;
  // Nothing else would show what runs.
  if (isReached) yield { kind: "progress", progress: { events: [], deployments, serviceDeployment: undefined } };
  return yield* runPlan(plan, context, { ...how, plannedFrom, registered: undefined });
}
