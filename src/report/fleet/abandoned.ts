import { count } from "../log.ts";
import { abandonedScaling } from "../next_steps.ts";
import { NOUNS } from "../plan_text.ts";
import { intentOf, type RunState, type ServiceState } from "../state.ts";
import { commandsFor } from "./commands.ts";
import { listNames } from "./names.ts";
import { toFollow } from "./rest.ts";

/** What a program that ends at once leaves behind of many services, a line each: what a second Ctrl-C says. */
export function ifFleetAbandoned(state: RunState): string[] {
  const left = state.services.filter(({ leaves }) => leaves.order !== "no");
  const certain = left.filter(({ leaves }) => leaves.order === "yes");
  const unknown = left.filter(({ leaves }) => leaves.order === "unknown");
  const noun = NOUNS[intentOf(state.services[0]!)];
  const name = (some: readonly ServiceState[]) => `${count(some.length, noun)} (${listNames(state, some)})`;
  return [
    ...(certain.length === 0 ? [] : [`Stopped at once: ECS goes on with ${name(certain)}`]),
    ...(unknown.length === 0
      ? []
      : [`Stopped at once: ECS may have accepted, and then goes on with, ${name(unknown)}`]),
    ...commandsFor(left, "wait").map((command) => `${toFollow(left)}: ${command}`),
    ...state.services.flatMap(abandonedScaling),
  ];
}
