import type { FailAfter } from "../../rollout/assess_failures.ts";
import type { Policy } from "../../rollout/outcome.ts";

/** How many services are changed at a time, unless `--parallel` says so. */
export const USUAL_PARALLEL = 10;

/** Of many services the policy and the next waves depend on it that a failure is noticed, and not only that time runs out. */
export function usualFailAfter(services: number, waits: boolean): FailAfter {
  return services > 1 && waits ? "breaker" : 0;
}

/** What was typed of a policy. */
export interface PolicyOptions {
  readonly parallel?: number | undefined;
  readonly onFailure?: Policy["onFailure"] | undefined;
  readonly logs?: number | undefined;
}

/** For `runPlans()`. */
export function policyOf({ parallel = USUAL_PARALLEL, onFailure = "continue", logs }: PolicyOptions) {
  return { parallel, onFailure, logs };
}
