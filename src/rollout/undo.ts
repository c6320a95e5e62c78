import type { Revision } from "../model/arn.ts";
import { type RolloutEvent } from "./events.ts";
import { orderedOf, type Outcome } from "./outcome.ts";
import type { DeployUndo } from "./plan/plan.ts";
import { rollBack } from "./rollback_on_failure.ts";
import { showsTrouble } from "./rollout_stage.ts";
import type { PlannedService } from "./planned_service.ts";

/** A service of a run, and what has become of it. */
export interface EndedService {
  readonly planned: PlannedService;
  /** `undefined`: an error of AWS's was the end. */
  readonly outcome: Outcome | undefined;
  readonly registered: Revision | undefined;
  /** Another run has given the order. */
  readonly isOthers: boolean;
  /** It has been rolled back already, or that was tried. */
  readonly isUndone: boolean;
}

/** Whether the run has changed the service, or may have, and it is not back by now. */
export function mayBeUndone({ outcome, isUndone, isOthers }: EndedService): boolean {
  if (isUndone || isOthers) return false;
  if (outcome === undefined) return true;
  const isOrdered = ["succeeded", "submitted", "failed", "rolledBackByEcs", "givenUp"].includes(outcome.kind);
  return isOrdered || orderedOf(outcome) !== "no";
}

/**
 * Takes one service back to what it ran before this run, because another one has failed. One that was failing before is left
 * where it is: it would crash again.
 */
export async function* undo(
  { planned, outcome = { kind: "interrupted", ordered: "unknown", leftovers: [] }, registered }: EndedService,
): AsyncGenerator<RolloutEvent, void, void> {
  const { plan, context, onFailure } = planned;
  const { from } = plan;
  const unless = context.stop.aborted
    ? "interrupted"
    : from === undefined
    ? "nothingBefore"
    : wasFailing(planned)
    ? "wasFailing"
    : undefined;
  yield { kind: "undoDecided", unless };
  if (unless !== undefined || from === undefined) return;
  const how = onFailure ?? {
    rollbackEvents: new Set(),
    deregistersFailed: false,
    undo: { ...NOTHING_ELSE, from, to: registered ?? plan.to },
    restore: plan.settings === undefined ? undefined : "service",
    suspendAutoScaling: plan.carried?.suspendAutoScaling ?? false,
    resumeAutoScaling: plan.carried?.resumeAutoScaling ?? false,
    timeoutMs: planned.timeoutMs ?? 0,
  };
  yield* rollBack({ plan, outcome, registered, onFailure: how }, from, context);
}

/** Whether what the service ran when this was planned did not work then. */
function wasFailing({ plannedFrom }: PlannedService): boolean {
  return plannedFrom !== undefined && showsTrouble(plannedFrom.service);
}

/** A rollback changes the task definition; its settings come back with ECS's record of them. */
const NOTHING_ELSE: Omit<DeployUndo, "from" | "to"> = {
  before: {},
  inRevision: [],
  changed: [],
  was: {},
  desiredCount: undefined,
  failedBefore: undefined,
};
