import type { Revision } from "../../model/arn.ts";
import { asAwsError, type AwsError, mayHaveBeenApplied } from "../../errors.ts";
import { formatHold, formatLastRollback, HOLD_KEY, LAST_ROLLBACK_KEY } from "../../model/service_notes.ts";
import type { Leftover, OutcomeKind } from "../outcome.ts";
import type { Plan, TagService } from "../plan/plan.ts";
import type { PlanExecution, StepRun } from "./plan_execution.ts";
import type { RunContext } from "../run_context.ts";

/** Short, because the deployment is not watched meanwhile. */
const TAGS_WITHIN_MS = 10_000;

/**
 * Writes in tags on the service, by AWS's clock, that it is held, and why it was rolled back. Where tags may not be
 * written, the rollback stands: a hold is left to do, and a reason is in the log all the same.
 */
export async function tagStep({ arn, holdForMs, left, reason }: TagService, run: PlanExecution): StepRun {
  const { ecs, actor: by, signal, clock, emit } = run.context;
  // For a service that has the target already, this may be the only step.
  run.scaling.scheduleRestore();
  const atMs = ecs.now();
  const note = { atMs, by, reason };
  const tags = {
    ...(holdForMs !== undefined && { [HOLD_KEY]: formatHold({ ...note, untilMs: atMs + holdForMs }) }),
    ...(left && { [LAST_ROLLBACK_KEY]: formatLastRollback(left, run.registered ?? run.target, note) }),
  };
  const brief = AbortSignal.any([signal, clock.deadline(TAGS_WITHIN_MS)]);
  const error = await ecs.tagService(arn, tags, brief).then(() => undefined, asAwsError);
  const keys = Object.keys(tags);
  if (error === undefined) emit({ kind: "serviceTagged", keys });
  else {
    // A hold that was not written is left to do, which reports why.
    const unsaid = keys.filter((key) => key !== HOLD_KEY);
    const why = unsaid.length < keys.length ? { ...describe(error), error: undefined } : describe(error);
    if (unsaid.length > 0) emit({ kind: "notice", notice: { code: "notTagged", keys: unsaid, ...why } });
  }
  run.tagging = { error, hasRollbackTag: error === undefined && left !== undefined };
  return undefined;
}

/** Corrects the tag of a service whose rollback was undone: it would still name the rollback's target as live. */
export async function tagUndone(
  { steps }: Pick<Plan, "steps">,
  left: Revision,
  to: Revision,
  { ecs, actor: by, stop, clock, emit }: RunContext,
): Promise<void> {
  const step = steps.find((one) => one.kind === "tagService");
  if (step === undefined) return;
  const tags = { [LAST_ROLLBACK_KEY]: formatLastRollback(left, to, { atMs: ecs.now(), by, reason: undefined }) };
  const brief = AbortSignal.any([stop, clock.deadline(TAGS_WITHIN_MS)]);
  const error = await ecs.tagService(step.arn, tags, brief).then(() => undefined, asAwsError);
  const keys = Object.keys(tags);
  if (error === undefined) emit({ kind: "serviceTagged", keys });
  else emit({ kind: "notice", notice: { code: "notTagged", keys, ...describe(error) } });
}

/**
 * The hold that was not written although ECS has the order, or may have it: it was refused, or the run ended before.
 *
 * @param end `undefined`: an error was the end
 */
export function findMissingHold(
  { plan, tagging, ordered }: PlanExecution,
  end: OutcomeKind | undefined,
): Leftover | undefined {
  const step = plan.steps.find((one) => one.kind === "tagService");
  if (step?.holdForMs === undefined) return undefined;
  const error = tagging?.error;
  if (tagging !== undefined && error === undefined) return undefined;
  const isCutShort = end === undefined || end.kind === "interrupted" || end.kind === "timedOut";
  if (error === undefined && (ordered === "no" || !isCutShort)) return undefined;
  return { code: "notHeld", forMs: step.holdForMs, reason: step.reason, ...describe(error) };
}

/** Why the tags are missing, and whether they may be there all the same. */
function describe(error: AwsError | undefined) {
  return { mayBe: error !== undefined && mayHaveBeenApplied(error), error: error?.failure };
}
