import { isCutShort, orderedOf } from "../../model/outcome_kinds.ts";
import type { Leftover, Outcome } from "../../rollout/outcome.ts";
import type { Step } from "../../rollout/plan/plan.ts";
import { endOfOutcome, isRolledBack, isUnread, outcomeOf, targetOf } from "../ending.ts";
import { lastSeen } from "../live_now.ts";
import { currentPlan, type RunState, type ServiceState } from "../state.ts";

/** How one of many services ended, as tables for people group them, in their order. */
export const SERVICE_RESULTS = [
  /** Its deployment failed, or an error ended its part of the run. */
  "failed",
  /** This run was to undo it because another service failed, and it is not undone: it stays as the run has left it. */
  "leftChanged",
  /** ECS goes on with it, or may, but nobody watches any more. */
  "underWay",
  "refused",
  /** It had a plan, but ECS got no order. */
  "notBegun",
  /** It is as it was before the run again, because another service failed. */
  "undone",
  /** ECS has the order, and the run does not wait for it. */
  "submitted",
  "done",
  "unchanged",
  /** Planned in a dry run. */
  "planned",
] as const;

export type ServiceResult = (typeof SERVICE_RESULTS)[number];

/** How a service of a run that is over has ended. */
export function resultOf(service: ServiceState): ServiceResult {
  const { failure, refusal, undo, unfinished, rollback, main, isDryRun } = service;
  const outcome = outcomeOf(service);
  const result = outcome && resultOfOutcome(outcome);
  if (isUnread(service)) return "refused";
  if (failure !== undefined || result === "failed") return "failed";
  // Its tasks kept failing until the time was up. The others were undone because of it, and ECS does not go on with it.
  if (outcome?.kind === "timedOut" && outcome.isCrashLooping && undo !== undefined) return "failed";
  if (unfinished !== undefined || undo?.unless !== undefined) return "leftChanged";
  if (rollback !== undefined) return isRolledBack(service) ? "undone" : "leftChanged";
  if (hasNoneUnderWay(service) && outcome?.kind === "succeeded") return "unchanged";
  if (result !== undefined) return result;
  if (refusal !== undefined) return "refused";
  if (service.notBegun !== undefined && hasNothingToDo(service)) return "unchanged";
  return isDryRun && main !== undefined && service.notBegun === undefined ? "planned" : "notBegun";
}

/** Whether it was at its target already, so that nothing is left to do even if others fail. */
export function hasNothingToDo({ main }: ServiceState): boolean {
  return main?.plan.isReached === true && main.plan.steps.length === 0;
}

/** Whether `wait` found no deployment under way: a rollback of the service may not have begun yet. */
export function hasNoneUnderWay({ command, main }: ServiceState): boolean {
  return command === "wait" && main?.plan.isReached === true;
}

/** What is done to a service that keeps its revision, and the leftover that says that it was not done. */
const DONE: { readonly [Kind in Step["kind"]]?: readonly [done: string, leftover: Leftover["code"]] } = {
  tagService: ["held", "notHeld"],
  suspendScaling: ["scaling suspended", "scalingMayBeSuspended"],
  restoreScaling: ["scaling restored", "scalingMayBeSuspended"],
  restoreWaits: ["settings restored", "waitsNotRestored"],
};

/** What was done to a service that was at its target already; empty if nothing was. */
export function describeDone({ beganAtMs, leftovers, main }: ServiceState): string {
  const steps = beganAtMs === undefined ? [] : main?.plan.steps ?? [];
  return steps.flatMap(({ kind }) => {
    const [done, leftover] = DONE[kind] ?? [];
    return done === undefined || leftovers.some(({ code }) => code === leftover) ? [] : [done];
  }).join(", ");
}

function resultOfOutcome(outcome: Outcome): ServiceResult {
  if (outcome.kind === "succeeded") return "done";
  if (outcome.kind === "unchanged" || outcome.kind === "submitted") return outcome.kind;
  if (isCutShort(outcome)) return outcome.ordered === "no" ? "notBegun" : "underWay";
  return endOfOutcome(outcome) === "refused" ? "refused" : "failed";
}

/** The services of a run, grouped by how they have ended. */
export type ByResult = Readonly<Record<ServiceResult, readonly ServiceState[]>>;

/** Groups the services by how they have ended; those that failed are in the order in which they did. */
export function groupByResult({ services }: Pick<RunState, "services">): ByResult {
  const groups = Map.groupBy(services, resultOf);
  const entries = SERVICE_RESULTS.map((result) => [result, groups.get(result) ?? []] as const);
  const results = Object.fromEntries(entries) as unknown as ByResult;
  const byTime = (one: ServiceState, other: ServiceState) => (one.endedAtMs ?? 0) - (other.endedAtMs ?? 0);
  return { ...results, failed: results.failed.toSorted(byTime) };
}

/** Whether a service is back because another one of the run failed. */
export function isUndone(service: ServiceState): boolean {
  return service.undo !== undefined && isRolledBack(service) === true;
}

/** Whether ECS goes on with the undo of a service, or may, and nobody watches it any more. */
export function isUndoLeft({ undo, unfinished }: ServiceState): boolean {
  return undo !== undefined && unfinished !== undefined && unfinished.ordered !== "no";
}

/** Whether a step of the service is being carried out; in a run of several services, registering does not count. */
export function isUnderWay(service: ServiceState): boolean {
  const step = currentPlan(service)?.step;
  return step !== undefined && (step.kind !== "register" || service.wave === undefined);
}

/** Whether it is unknown if ECS has the order: no answer came, and no deployment of the target was seen. */
export function isOrderUnknown(service: ServiceState): boolean {
  const { main } = service;
  const outcome = main?.outcome;
  if (main === undefined || outcome === undefined || orderedOf(outcome) !== "unknown") return false;
  const target = targetOf(main)?.arn;
  return !lastSeen(service).some(({ taskDefinition }) => taskDefinition === target);
}

/** Whether its tasks keep failing, so that a `wait` may never end. */
export function isStuck({ main }: ServiceState): boolean {
  const outcome = main?.outcome;
  return outcome?.kind === "timedOut" && outcome.isCrashLooping === true || (main?.causes.length ?? 0) > 0;
}
