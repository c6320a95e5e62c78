import type { Revision } from "../model/arn.ts";
import type { PlanEvent } from "./events.ts";
import { PlanRun } from "./plan_run.ts";
import type { PlannedService } from "./planned_service.ts";
import { leaveUnordered } from "./run_plan.ts";
import { registerStep } from "./steps/register.ts";
import { ScalingGuard } from "./steps/scaling_guard.ts";

/** Whether a plan registers what the user's files say. */
export function registersFile({ plan }: PlannedService): boolean {
  return plan.steps.some(({ kind }) => kind === "register");
}

/** Registers what a plan of a deploy registers, before any of many services is changed. Throws an `AwsError`. */
export async function* registerAhead(planned: PlannedService): AsyncGenerator<PlanEvent, Revision | undefined, void> {
  const step = planned.plan.steps.find((step) => step.kind === "register");
  if (step === undefined || planned.context.signal.aborted) return undefined;
  const run = begin(planned);
  yield { kind: "stepStarted", step };
  yield* registerStep(step, run);
  return run.registered;
}

/** What becomes of what was registered for a service that was not begun then. */
export async function* leaveRegistered(
  planned: PlannedService,
  registered: Revision,
): AsyncGenerator<PlanEvent, void, void> {
  const run = begin(planned);
  run.registered = registered;
  const deregistersFailed = planned.onFailure?.deregistersFailed === true;
  yield* leaveUnordered(run, { kind: "interrupted", ordered: "no" }, { deregistersFailed });
}

function begin({ plan, context }: PlannedService): PlanRun {
  return new PlanRun(plan, context, new ScalingGuard(plan, context));
}
