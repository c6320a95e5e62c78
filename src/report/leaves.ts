import type { Ordered } from "../rollout/outcome.ts";
import type { RestoreScaling, Step, SuspendScaling } from "../rollout/plan/plan.ts";

/** What is left behind should the program die now. */
export interface Leaves {
  readonly order: Ordered;
  readonly scaling?: SuspendScaling | RestoreScaling;
}

/** What is known of the order once a step has begun, where that changes it. */
const ORDERED_BY: Readonly<Partial<Record<Step["kind"], Ordered>>> = {
  stopDeployment: "unknown",
  updateService: "unknown",
  createService: "unknown",
  awaitDeployment: "yes",
  // The deployment has ended by then.
  deregister: "no",
};

/** The same once a step has begun. */
export function leavesAfter(leaves: Leaves, step: Step): Leaves {
  if (step.kind === "suspendScaling" || step.kind === "restoreScaling") return { ...leaves, scaling: step };
  return { ...leaves, order: ORDERED_BY[step.kind] ?? leaves.order };
}
