import { type ServiceRef, subjectName } from "../../model/service.ts";
import type { AllPlanned } from "../../rollout/events.ts";
import { ecspressoCommand, MOST_SERVICES, quoteArgument } from "../../model/typed_commands.ts";
import type { RunState, ServiceState } from "../state.ts";

/** `service/cluster`, with the region or the options behind it where several services of the run are called that. */
export function nameIn({ services }: Pick<RunState, "services">, ref: ServiceRef): string {
  const name = subjectName(ref);
  const others = services.filter((other) => subjectName(other.ref) === name);
  if (others.length <= 1) return name;
  const isOneOfRegion = others.filter(({ ref: { region } }) => region === ref.region).length === 1;
  const which = isOneOfRegion ? ref.region : ref.options?.join(" ");
  return which === undefined ? name : `${name} (${which})`;
}

/** The first names, and how many more there are. */
export function listNames(state: RunState, services: readonly ServiceState[], most = 3): string {
  const names = services.slice(0, services.length === most + 1 ? most + 1 : most).map(({ ref }) => nameIn(state, ref));
  const more = services.length - names.length;
  return more === 0 ? names.join(", ") : `${names.join(", ")} and ${more} more`;
}

/** `1 service`, `3 services` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The options that name one service; a command may have several of them. */
const NAMING: ReadonlySet<string> = new Set(["--config", "--service"]);

/**
 * A command on these services: one, or several where one cannot name them all, as in several clusters.
 *
 * @param command with its own options, as a shell takes them
 */
export function commandsFor(services: readonly ServiceState[], command: string): string[] {
  const groups = Map.groupBy(services, ({ ref }) => pairsOf(ref).filter(([name]) => !NAMING.has(name!)).join("\n"));
  return [...groups.values()].map((group) => {
    const names = group.flatMap(({ ref }) => pairsOf(ref).filter(([name]) => NAMING.has(name!)));
    const others = pairsOf(group[0]!.ref).filter(([name]) => !NAMING.has(name!));
    const most = group.length > MOST_SERVICES ? [["--max-services", String(group.length)]] : [];
    return ecspressoCommand({ options: [...names, ...others, ...most].flat() }, command);
  });
}

/** Each option with its value. */
function pairsOf({ options = [] }: ServiceRef): string[][] {
  return options.flatMap((option, at) => {
    const next = options[at + 1];
    if (!option.startsWith("--")) return [];
    return [next === undefined || next.startsWith("--") ? [option] : [option, next]];
  });
}

/** All that was typed, with moments as such. */
export function wholeCommand({ typed }: AllPlanned): string {
  return ["ecspresso", ...typed.all.map(quoteArgument)].join(" ");
}

/** What the command is for that watches these services. */
export function toFollow({ length }: readonly ServiceState[]): string {
  return length === 1 ? "to follow it" : `to follow all ${length}`;
}
