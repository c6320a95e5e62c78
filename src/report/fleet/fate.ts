import type { NotBegunBecause } from "../../rollout/events.ts";
import type { Ordered, OutcomeKind } from "../../rollout/outcome.ts";
import { endsWell, isRolledBack, isUnread, outcomeOf, targetOf } from "../ending.ts";
import { lastSeen } from "../live_now.ts";
import { currentPlan, type RunState, type ServiceState } from "../state.ts";

/** What has become of one of many services, in the order in which that matters. */
export const FATES = [
  /** Its deployment has ended badly, or an error was its end. */
  "failed",
  /** It was to go back because another one failed, and has not: it is as this run has left it. */
  "leftChanged",
  /** Nobody watches any more, and ECS goes on, or may. */
  "underWay",
  "refused",
  /** There was a plan, and no order has reached ECS. */
  "notBegun",
  /** It is as it was before the run, because another one failed. */
  "undone",
  /** ECS has the order, and nobody waits. */
  "submitted",
  "done",
  "unchanged",
  /** A dry run. */
  "planned",
] as const;

export type Fate = (typeof FATES)[number];

const FAILED: ReadonlySet<OutcomeKind["kind"]> = new Set([
  ...["failed", "rolledBackByEcs", "givenUp", "superseded", "gone", "copyIncomplete"] as const,
]);

/** What has become of a service, of a run that has ended. */
export function fateOf(service: ServiceState): Fate {
  const { failure, refusal, undo, unfinished, rollback, main, isDryRun } = service;
  const outcome = outcomeOf(service);
  if (isUnread(service)) return "refused";
  if (failure !== undefined || (outcome !== undefined && FAILED.has(outcome.kind))) return "failed";
  // Until the time was up its tasks failed: because of this one the others have gone back, and nothing of it goes on.
  if (outcome?.kind === "timedOut" && outcome.isCrashLooping && undo !== undefined) return "failed";
  if (unfinished !== undefined || undo?.unless !== undefined) return "leftChanged";
  if (rollback !== undefined) return isRolledBack(service) ? "undone" : "leftChanged";
  if (hasNoneUnderWay(service) && outcome?.kind === "succeeded") return "unchanged";
  if (outcome !== undefined) return fateOfOutcome(outcome);
  if (refusal !== undefined) return "refused";
  if (service.notBegun !== undefined && hasNothingToDo(service)) return "unchanged";
  return isDryRun && main !== undefined && service.notBegun === undefined ? "planned" : "notBegun";
}

/** It is as it is to be already, so that nothing of it is left to others that fail. */
export function hasNothingToDo({ main }: ServiceState): boolean {
  return main?.plan.isReached === true && main.plan.steps.length === 0;
}

/** Whether there is nothing to wait for: the service may still be one that nobody has begun to roll back. */
export function hasNoneUnderWay({ command, main }: ServiceState): boolean {
  return command === "wait" && main?.plan.isReached === true;
}

function fateOfOutcome(outcome: OutcomeKind): Fate {
  if (endsWell(outcome)) return outcome.kind === "succeeded" ? "done" : outcome.kind as "unchanged" | "submitted";
  const ordered = orderedOf(outcome);
  if (ordered === undefined) return "refused";
  return ordered === "no" ? "notBegun" : "underWay";
}

export const NOT_BEGUN: Readonly<Record<NotBegunBecause, string>> = {
  otherFailed: "another service failed",
  otherRefused: "another service is refused",
  stopSignal: "interrupted",
  timeLimit: "the time was up",
};

/** Why a service that this run has changed does not go back with the others. */
export const LEFT: Readonly<Record<NonNullable<NonNullable<ServiceState["undo"]>["unless"]>, string>> = {
  interrupted: "the run was interrupted",
  nothingBefore: "there was no service before this run",
  wasFailing: "it was failing before this run, and would fail again",
};

/** The services of a run by what has become of them. */
export type ByFate = Readonly<Record<Fate, readonly ServiceState[]>>;

/** Sorts the services by their fate; those that failed first are named first. */
export function sortByFate({ services }: Pick<RunState, "services">): ByFate {
  const groups = Map.groupBy(services, fateOf);
  const entries = FATES.map((fate) => [fate, groups.get(fate) ?? []] as const);
  const fates = Object.fromEntries(entries) as unknown as ByFate;
  const byTime = (one: ServiceState, other: ServiceState) => (one.endedAtMs ?? 0) - (other.endedAtMs ?? 0);
  return { ...fates, failed: fates.failed.toSorted(byTime) };
}

/** Whether a service goes back because another one of the run has failed, and is there. */
export function isUndone(service: ServiceState): boolean {
  return service.undo !== undefined && isRolledBack(service) === true;
}

/** Whether the way back of a service was ordered, or may have been, and nobody watches it any more. */
export function isUndoLeft({ undo, unfinished }: ServiceState): boolean {
  return undo !== undefined && unfinished !== undefined && unfinished.ordered !== "no";
}

/** Whether ECS has an order for the service, or is about to get one. */
export function isUnderWay(service: ServiceState): boolean {
  const step = currentPlan(service)?.step;
  return step !== undefined && (step.kind !== "register" || service.wave === undefined);
}

/** Whether nobody knows that ECS has the order: its answer had not come, and no deployment was seen that would show it. */
export function isOrderUnknown(service: ServiceState): boolean {
  const { main } = service;
  const outcome = main?.outcome;
  if (main === undefined || outcome === undefined || orderedOf(outcome) !== "unknown") return false;
  const target = targetOf(main)?.arn;
  return !lastSeen(service).some(({ taskDefinition }) => taskDefinition === target);
}

/** Whether ECS has an order that nobody watches any more; `undefined` after any other end. */
export function orderedOf(outcome: OutcomeKind): Ordered | undefined {
  return outcome.kind === "timedOut" || outcome.kind === "interrupted" ? outcome.ordered : undefined;
}

/** Its tasks fail: to wait for it may be to wait for ever. */
export function isStuck({ main }: ServiceState): boolean {
  const outcome = main?.outcome;
  return outcome?.kind === "timedOut" && outcome.isCrashLooping === true || (main?.causes.length ?? 0) > 0;
}
