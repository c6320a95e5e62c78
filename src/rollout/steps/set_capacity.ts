import type { SetCapacity } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";

/** Changes the limits of auto scaling. Throws an `AwsError`. */
// deno-lint-ignore require-yield -- a step has events, and this one has none
export async function* setCapacity({ target, min, max }: SetCapacity, { context }: PlanRun): StepRun {
  await context.scaling!.setCapacity(target.resourceId, { min, max }, context.signal);
  return undefined;
}
