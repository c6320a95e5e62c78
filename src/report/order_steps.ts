import { isOfPlatform } from "../diagnosis/cause.ts";
import { nameOfTarget, outcomeOf } from "./ending.ts";
import { adviseOnCause, comesFirst } from "./messages/cause_text.ts";
import { isNotMendedByGoingBack, type NextStep, nextSteps } from "./next_steps.ts";
import type { ServiceState } from "./state.ts";
import { describeNetwork } from "./way_out.ts";

/** What to do about the cause of a failure. */
export function adviseOn(service: ServiceState): string[] {
  const advice = adviceFor(service);
  return advice === undefined ? [] : [`advice: ${advice}`];
}

const FAILED: ReadonlySet<string> = new Set(["failed", "rolledBackByEcs", "givenUp", "timedOut"]);

function adviceFor(service: ServiceState): string | undefined {
  const [cause] = service.main?.causes ?? [];
  const kind = outcomeOf(service)?.kind ?? "";
  if (!FAILED.has(kind) || cause === undefined || service.alarms.length > 0) return undefined;
  const advice = adviseOnCause(cause);
  if (advice === undefined) return undefined;
  const network = describeNetwork(service);
  if (network !== "") return isNotMendedByGoingBack(service) ? `${network}; ${advice}` : `${advice}; ${network}`;
  return isOfPlatform(cause) && kind === "failed"
    ? `${advice}; a rollback does not help: it needs new tasks, too`
    : advice;
}

/** What to type next and what to do about the cause, in the order in which that is to be done: a line each. */
export function orderSteps(service: ServiceState): string[] {
  const [next, ...others] = nextSteps(service).filter(({ kind }) => kind !== "leftover");
  const advice = adviceFor(service);
  const typed = next === undefined ? [] : [render(next)];
  if (next === undefined || advice === undefined) {
    return [...typed, ...(advice === undefined ? [] : [`advice: ${advice}`])];
  }
  const [cause] = service.main?.causes ?? [];
  const isFirst = isNotMendedByGoingBack(service) || (cause !== undefined && comesFirst(cause));
  switch (next.kind) {
    case "retry":
      return [`first: ${advice}`, `then ${render(next)}`];
    case "rollBack": {
      const choice = others.filter(({ kind }) => kind === "choose").map((other) => `or ${render(other)}`);
      if (isFirst) return [`first: ${advice}`, `then ${render(next)}`, ...choice];
      // What was gone back to is one choice of several.
      const of = service.main?.plan.intent === "rollback" ? nameOfTarget(service) : undefined;
      return [
        `first ${render(next)}`,
        ...choice,
        `${of === undefined ? "then" : `before ${of} is tried again`}: ${advice}`,
      ];
    }
    case "follow":
      return [render(next), `then: ${advice}`];
    default:
      return [`advice: ${advice}`, ...typed];
  }
}

function render({ purpose, command }: NextStep): string {
  return `${purpose}: ${command}`;
}
