import { clusterName, serviceName } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import { ecspressoCommand, MOST_SERVICES, quoteArgument } from "../../model/typed_commands.ts";
import type { TypedAgain } from "../../rollout/events.ts";
import type { ServiceState } from "../state.ts";

/**
 * All that was typed, with moments as such.
 *
 * @param timeout an option in place of the one that was typed
 */
export function wholeCommand({ all }: TypedAgain, timeout?: readonly string[]): string {
  const at = timeout === undefined ? -1 : all.indexOf("--timeout");
  const others = at < 0 ? all : all.toSpliced(at, 2);
  return ["ecspresso", ...[...others, ...timeout ?? []].map(quoteArgument)].join(" ");
}

/**
 * A command on these services: one, or several where one cannot name them all, as in several clusters.
 *
 * @param command with its own options, as a shell takes them
 */
export function commandsFor(services: readonly ServiceState[], command: string): string[] {
  const named = services.map(nameInFleet);
  const [first] = services;
  const fleet = first?.ref.fleet;
  if (fleet !== undefined && named.every((name) => name !== undefined)) {
    return [ecspressoCommand({ options: [...fleet.options, ...named.flat(), ...ifMany(services)] }, command)];
  }
  return [...Map.groupBy(services, ({ ref }) => groupOf(ref)).values()].map((group) => {
    const names = group.flatMap(({ ref }) => pairsOf(ref).filter(isNaming));
    const others = pairsOf(group[0]!.ref).filter((pair) => !isNaming(pair));
    return ecspressoCommand({ options: [...names, ...others, ifMany(group)].flat() }, command);
  });
}

/** The options that name a service of a file: by its ARN where several are called so. */
export function nameByArn({ ref, main }: ServiceState): string[] | undefined {
  const [, partition, , region, account] = (main?.plan.from ?? main?.plan.to)?.arn.split(":") ?? [];
  if (account === undefined) return undefined;
  return [
    "--service",
    `arn:${partition}:ecs:${region}:${account}:service/${clusterName(ref.cluster)}/${serviceName(ref.service)}`,
  ];
}

function nameInFleet(service: ServiceState): string[] | undefined {
  const { ref } = service;
  if (ref.fleet === undefined) return undefined;
  return ref.fleet.isOnlyOne ? ["--service", serviceName(ref.service)] : nameByArn(service);
}

function ifMany({ length }: readonly unknown[]): string[] {
  return length > MOST_SERVICES ? ["--max-services", String(length)] : [];
}

/** The options that name one service; a command may have several of one of them. */
const NAMING: ReadonlySet<string> = new Set(["--config", "--service"]);

function isNaming([name = ""]: readonly string[]): boolean {
  return NAMING.has(name);
}

/** Files and names do not go together, nor do two clusters or roles. */
function groupOf(ref: ServiceRef): string {
  return pairsOf(ref).map((pair) => isNaming(pair) ? pair[0] : pair.join("=")).toSorted().join(" ");
}

/** Each option with its value. */
function pairsOf({ options = [] }: ServiceRef): string[][] {
  return options.flatMap((option, at) => {
    const next = options[at + 1];
    if (!option.startsWith("--")) return [];
    return [next === undefined || next.startsWith("--") ? [option] : [option, next]];
  });
}
