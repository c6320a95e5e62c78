import type { RollbackOptions } from "../../../../src/rollout/plan/options.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import type { CurrentState } from "../../../../src/rollout/read/current_state.ts";
import type { ChoiceReason, Doubt } from "../../../../src/rollout/read/chosen_revision.ts";
import { DENIED, planOf, ROLLBACK_OPTIONS } from "../../made_up.ts";

export function plan(state: CurrentState, options: Partial<RollbackOptions> = {}): Plan {
  return planOf(planRollback(state, { ...ROLLBACK_OPTIONS, ...options })).plan;
}

export const NEXT: ChoiceReason = { code: "nextLower", revision: 3, nothingBefore: undefined };
export const DOUBT: Doubt = { code: "deploymentsNotRead", denial: DENIED };
export const PREVIOUS = { kind: "previous" as const };
