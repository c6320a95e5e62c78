import type { Plan, Planned } from "./plan/plan.ts";
import type { OnFailure } from "./rollback_on_failure.ts";
import type { PlannedFrom, RunContext } from "./run_context.ts";

/** Compares the service once more with what its plan was made for. Throws an `AwsError`. */
export type PlanAgain = () => Promise<{ readonly planned: Planned; readonly plannedFrom: PlannedFrom | undefined }>;

/** A service's plan, and for a deploy what follows where it fails. */
export interface PlannedService {
  readonly plan: Plan;
  readonly context: RunContext;
  /** The services of a wave begin when those of the lower ones have ended; 1 where it is left out. */
  readonly wave?: number;
  readonly onFailure?: OnFailure;
  /** Left out: the service is read again in any case before the first write. */
  readonly plannedFrom?: PlannedFrom | undefined;
  /** Where another run may do the same; left out: what somebody has deployed since is never followed. */
  readonly planAgain?: PlanAgain | undefined;
  /** For the way back where another service has failed; 0 or left out: no limit. */
  readonly timeoutMs?: number;
}
