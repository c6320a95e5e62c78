import type { Revision } from "../model/arn.ts";
import type { Outcome, OutcomeKind, RollbackCheck } from "../rollout/events.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { PlanState, RunState, ServiceState } from "./state.ts";

/** How a service's part in a run has ended, in one word. `planned`: a dry run to its end. */
export type ServiceEnding = OutcomeKind["kind"] | "planned" | "refused" | "error";

/** `undefined` while the run goes on. */
export function endingOf(state: RunState, service: ServiceState | undefined): ServiceEnding | undefined {
  if (state.exitCode === undefined) return undefined;
  const outcome = service && outcomeOf(service);
  if (outcome !== undefined) return outcome.kind;
  if (service?.refusal !== undefined) return "refused";
  if (service?.isDryRun && state.exitCode === 0) return "planned";
  if (state.stoppedEarly !== undefined) return state.stoppedEarly.by === "signal" ? "interrupted" : "timedOut";
  const hasFailed = state.failure !== undefined || service?.failure !== undefined;
  return state.signal !== undefined && !hasFailed ? "interrupted" : "error";
}

/** What ECS did, as far as it was seen; of a deploy also where it was rolled back. */
export function outcomeOf({ main, alreadyEnded }: ServiceState): Outcome | undefined {
  return main?.outcome ?? (alreadyEnded && { ...alreadyEnded.outcome, leftovers: [] });
}

/** Whether it was tried to roll a deploy back that had failed. */
export function isRollingBack({ decision }: ServiceState): boolean {
  return decision !== undefined && decision.unless === undefined;
}

/** Whether a deploy that failed was rolled back; `undefined` where that was not tried. */
export function isRolledBack({ rollback, check }: ServiceState): boolean | undefined {
  if (rollback === undefined) return undefined;
  if (check !== undefined && !isWhole(check)) return false;
  // A rollback that does not wait has nothing to wait for.
  return rollback.outcome !== undefined && ["succeeded", "unchanged", "submitted"].includes(rollback.outcome.kind);
}

/** All that the deploy had changed is as it was before. */
export function isWhole({ unrestored, unknown }: Pick<RollbackCheck, "unrestored" | "unknown">): boolean {
  return unrestored.length === 0 && unknown.length === 0;
}

/** What the service ran before; `undefined` where there was no service, and for `wait`, which comes after the change. */
export function ranBefore({ intent, from }: Plan): Revision | undefined {
  return intent === "wait" ? undefined : from;
}

/** What the service was to get: the named task definition, or the one that was registered for it. */
export function targetOf({ plan, registered }: PlanState): Revision | undefined {
  return plan.to ?? registered;
}
