import type { FailAfter } from "../rollout/judge/assess_failures.ts";
import type { Policy } from "../rollout/outcome.ts";

/** How many services are changed at a time, unless `--parallel` is given. */
export const DEFAULT_PARALLEL = 10;

/** For many services, the policy and the later waves depend on noticing a failure before the time limit. */
export function defaultFailAfter(services: number, waits: boolean): FailAfter {
  return services > 1 && waits ? "breaker" : 0;
}

/** The options of a policy, as typed. */
export interface PolicyOptions {
  readonly parallel?: number | undefined;
  readonly onFailure?: Policy["onFailure"] | undefined;
  readonly logs?: number | undefined;
}

/** For `runPlans()`. */
export function policyOf({ parallel = DEFAULT_PARALLEL, onFailure = "continue", logs }: PolicyOptions) {
  return { parallel, onFailure, logs };
}
