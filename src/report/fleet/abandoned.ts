import type { Ordered } from "../../model/outcome_kinds.ts";
import { abandonedChanges, abandonedOrder } from "../abandoned.ts";
import { count } from "../messages/log.ts";
import { WORK } from "../messages/work_words.ts";
import { intentOf, type RunState, type ServiceState } from "../state.ts";
import { commandsFor, waitForAll } from "./commands.ts";
import { toFollow } from "./fleet_step_text.ts";
import { listNames } from "./names.ts";

/** What a second Ctrl-C says: what a program that stops at once leaves behind, one line each. */
export function ifAbandoned(state: RunState): string[] {
  const { services } = state;
  const left = services.filter(({ leftBehind }) => leftBehind.order !== "no");
  return [
    ...(services.length > 1 ? nameAbandoned(left, state) : left.flatMap(abandonedOrder)),
    ...abandonedChanges(services),
  ];
}

/** The orders that ECS has, or may have, of many services. */
function nameAbandoned(left: readonly ServiceState[], state: RunState): string[] {
  const noun = WORK[intentOf(state.services[0]!)].noun;
  const say = (order: Ordered, does: string) => {
    const some = left.filter(({ leftBehind }) => leftBehind.order === order);
    return some.length === 0
      ? []
      : [`Stopped at once: ${does} ${count(some.length, noun)} (${listNames(state, some)})`];
  };
  return [
    ...say("yes", "ECS goes on with"),
    ...say("unknown", "ECS may have accepted, and then goes on with,"),
    ...commandsFor(left, waitForAll(left)).map((command) => `${toFollow(left)}: ${command}`),
  ];
}
