import { asAwsError } from "../../errors.ts";
import { formatHold, HOLD_KEY } from "../../model/hold.ts";
import type { HoldService } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";

/** Holds the service, by AWS's clock. That the tag may not be written undoes no rollback: it is left to do. */
// deno-lint-ignore require-yield -- a step has events, and this one has none
export async function* holdStep({ arn, forMs, reason }: HoldService, run: PlanRun): StepRun {
  const { ecs, actor, signal } = run.context;
  const atMs = ecs.now();
  const hold = formatHold({ untilMs: atMs + forMs, atMs, by: actor, reason });
  const error = await ecs.tagService(arn, HOLD_KEY, hold, signal).catch(asAwsError);
  if (error !== undefined) run.leftovers.push({ code: "notHeld", forMs, error: error.failure });
  return undefined;
}
