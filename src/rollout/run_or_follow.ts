import { asAwsError, AwsError } from "../errors.ts";
import type { Revision } from "../model/arn.ts";
import type { PlanEvent } from "./events.ts";
import { isOvertaken, type Outcome } from "./outcome.ts";
import type { PlanAgain, PlannedService } from "./planned_service.ts";
import { type HowToRun, runPlan } from "./run_plan.ts";

interface Ended {
  readonly outcome: Outcome | undefined;
  /** What this run has registered. */
  readonly registered: Revision | undefined;
  /** Another run has given the order. */
  readonly isOthers: boolean;
}

/**
 * Carries out the plan of a service as `runPlan` does. Where somebody has deployed before its order, that may have been
 * another run of the same: a service that is at the plan's own target by now, or on its way there, is followed.
 */
export async function* runOrFollow(
  { plan, context, planAgain }: PlannedService,
  how: HowToRun,
): AsyncGenerator<PlanEvent, Ended, void> {
  let { registered } = how;
  let end: Extract<PlanEvent, { kind: "rolloutEnded" }> | undefined;
  for await (const event of runPlan(plan, context, how)) {
    if (event.kind === "registered") registered = event.taskDefinition;
    if (event.kind === "rolloutEnded") end = event;
    else yield event;
  }
  const followed = end && isOvertaken(end.outcome) ? await findFollowed(planAgain) : undefined;
  if (end === undefined || followed === undefined) {
    if (end !== undefined) yield end;
    return { outcome: end?.outcome, registered, isOthers: false };
  }
  const { plan: { isReached, to: taskDefinition }, plannedFrom } = followed;
  yield { kind: "notice", notice: { code: "orderedByOtherRun", taskDefinition, isReached } };
  const { deployments } = plannedFrom.service;
  // Nothing else would show what runs.
  if (isReached) yield { kind: "progress", progress: { events: [], deployments, serviceDeployment: undefined } };
  // What the first plan has left of auto scaling, this one restores.
  const outcome = yield* runPlan(followed.plan, context, { ...how, plannedFrom, registered: undefined });
  return { outcome, registered, isOthers: true };
}

/** A plan that orders nothing, for the service as it is by now; `undefined` where it would order something, or be refused. */
async function findFollowed(planAgain: PlanAgain | undefined) {
  const again = await planAgain?.().catch(asAwsError);
  if (again === undefined || again instanceof AwsError) return undefined;
  const { planned, plannedFrom } = again;
  if (planned.kind === "refused" || plannedFrom === undefined) return undefined;
  const { plan } = planned;
  return plan.steps.some(({ kind }) => !FOLLOWING.includes(kind)) ? undefined : { plan, plannedFrom };
}

const FOLLOWING = ["suspendScaling", "awaitDeployment", "restoreScaling", "deregister"];
