import { isOfPlatform } from "../diagnosis/cause.ts";
import { shortName } from "../model/arn.ts";
import { isRolledBack, isRollingBack, nameOfTarget } from "./ending.ts";
import { nameOf, primarySeen } from "./live_now.ts";
import { comesFirst } from "./messages/cause_text.ts";
import { adviceFor, type NextStep, nextSteps, tryAgain } from "./next_steps.ts";
import type { ServiceState } from "./state.ts";
import { findWayOut, isNotMendedByGoingBack } from "./way_out.ts";

/** What to type next and what to do about the cause, in the order in which that is to be done: a line each. */
export function orderSteps(service: ServiceState): string[] {
  const [next, ...others] = nextSteps(service);
  const advice = adviceFor(service);
  const typed = next === undefined ? [] : [render(next)];
  if (next === undefined || advice === undefined) {
    const when = isRolledBack(service) && isRollingBack(service) ? "before the next deploy" : "advice";
    return [...typed, ...(advice === undefined ? [] : [`${when}: ${advice}`])];
  }
  const [cause] = service.main?.causes ?? [];
  const isFirst = isNotMendedByGoingBack(service) || (cause !== undefined && comesFirst(cause));
  switch (next.kind) {
    case "retry":
      return [`${isOfPlatform(cause!) ? NO_ROLLBACK : ""}first: ${advice}`, `then ${render(next)}`];
    case "rollBack": {
      const choice = others.filter(({ kind }) => kind === "choose").map((other) => `otherwise ${render(other)}`);
      if (isFirst) return [`first: ${advice}`, `then ${render(next)}`, ...choice];
      if (cause?.code === "noRoom") return byDemand(next, advice, service);
      const again = primarySeen(service);
      const isLive = again !== undefined && findWayOut(service)?.isLive === true;
      const first = isLive ? `first, so that nothing starts ${nameOf(again)} again,` : "first";
      if (service.main?.plan.intent !== "rollback") return [`${first} ${render(next)}`, `then: ${advice}`];
      const to = findWayOut(service)?.to;
      const old = to === undefined ? "it" : shortName(to);
      return [
        ...(choice.length === 0 ? [`first ${render(next)}`] : [`if ${old} works, ${render(next)}`, ...choice]),
        `before ${nameOfTarget(service)} is tried again: ${advice}`,
      ];
    }
    case "follow":
      return isFirst ? [`first: ${advice}`, `then: ${render(next)}`] : [render(next), `then: ${advice}`];
    default:
      return [`advice: ${advice}`, ...typed];
  }
}

const NO_ROLLBACK = "do not roll back, because that needs new tasks, too; ";

/** Where there is no room, it depends on what the release asks for: going back needs room for new tasks, too. */
function byDemand(back: NextStep, advice: string, service: ServiceState): string[] {
  const primary = primarySeen(service);
  const of = primary === undefined ? "it" : nameOf(primary);
  return [
    `if ${of} asks for more than what ran before, ${render(back)}`,
    `otherwise: ${advice}; then ${render(tryAgain(service))}`,
  ];
}

function render({ purpose, command }: NextStep): string {
  return `${purpose}: ${command}`;
}
