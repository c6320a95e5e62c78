import { asAwsError } from "../../errors.ts";
import { formatHold, formatLastRollback, HOLD_KEY, LAST_ROLLBACK_KEY } from "../../model/service_notes.ts";
import type { TagService } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";

/** The deployment is not watched meanwhile. */
const TAGS_WITHIN_MS = 10_000;

/**
 * Notes on the service, by AWS's clock, that it is held, and why it was rolled back. That the tags may not be written undoes
 * no rollback: a hold is left to do, and a reason is in the log all the same.
 */
export async function* tagStep({ arn, holdForMs, left, reason }: TagService, run: PlanRun): StepRun {
  const { ecs, actor: by, signal, clock } = run.context;
  // Of a service that is there already, this may be the only step.
  run.scaling.scheduleRestore();
  const atMs = ecs.now();
  const note = { atMs, by, reason };
  const tags = {
    ...(holdForMs !== undefined && { [HOLD_KEY]: formatHold({ ...note, untilMs: atMs + holdForMs }) }),
    ...(left && { [LAST_ROLLBACK_KEY]: formatLastRollback(left, run.registered ?? run.target, note) }),
  };
  const brief = AbortSignal.any([signal, clock.deadline(TAGS_WITHIN_MS)]);
  const error = await ecs.tagService(arn, tags, brief).catch(asAwsError);
  if (error === undefined) return undefined;
  yield { kind: "notice", notice: { code: "notTagged", keys: Object.keys(tags), error: error.failure } };
  if (holdForMs !== undefined) run.leftovers.push({ code: "notHeld", forMs: holdForMs, reason, error: error.failure });
  return undefined;
}
