import { clusterName, serviceName } from "../../model/arn.ts";
import type { ServiceRef, TypedOption } from "../../model/service.ts";
import { DEFAULT_MAX_SERVICES, ecspressoCommand, writeOption } from "../messages/typed_commands.ts";
import type { AllPlanned } from "../../rollout/events.ts";
import { planFileCommand, repeatableCommand, waitFor } from "../messages/own_commands.ts";
import { bakeOf } from "../next_steps.ts";
import type { RunState, ServiceState } from "../state.ts";
import { timeoutFor } from "./time_limit.ts";
import { isTyped, optionsForRest, wholeCommand } from "./typed_again.ts";

/**
 * A command for these services; several if one command cannot name all of them, for example in two clusters.
 *
 * @param command with its own options, quoted for a shell
 */
export function commandsFor(services: readonly ServiceState[], command: string): string[] {
  const named = services.map(nameInFleet);
  const [first] = services;
  const fleet = first?.ref.fleet;
  if (fleet !== undefined && named.every((name) => name !== undefined)) {
    return [ecspressoCommand({ options: [...fleet.options, ...named, ...ifMany(services)] }, command)];
  }
  return [...Map.groupBy(services, ({ ref }) => groupOf(ref)).values()].map((group) => {
    const names = group.flatMap(({ ref: { options = [] } }) => options.filter(isNaming));
    const others = group[0]!.ref.options?.filter((option) => !isNaming(option)) ?? [];
    return ecspressoCommand({ options: [...names, ...others, ...ifMany(group)] }, command);
  });
}

/** The option that names a service of a fleet file by its ARN; `undefined` if no plan names its account. */
function nameByArn({ ref, main }: ServiceState): TypedOption | undefined {
  const [, partition, , region, account] = (main?.plan.from ?? main?.plan.to)?.arn.split(":") ?? [];
  if (account === undefined) return undefined;
  return [
    "--service",
    `arn:${partition}:ecs:${region}:${account}:service/${clusterName(ref.cluster)}/${serviceName(ref.service)}`,
  ];
}

function nameInFleet(service: ServiceState): TypedOption | undefined {
  const { ref } = service;
  if (ref.fleet === undefined) return undefined;
  return ref.fleet.isOnlyOne ? ["--service", serviceName(ref.service)] : nameByArn(service);
}

function ifMany({ length }: readonly unknown[]): TypedOption[] {
  return length > DEFAULT_MAX_SERVICES ? [["--max-services", String(length)]] : [];
}

/** The options that name one service; a command can repeat either of them. */
const NAMING: ReadonlySet<string> = new Set(["--config", "--service"]);

function isNaming([name]: TypedOption): boolean {
  return NAMING.has(name);
}

/** One command cannot mix --config with --service, nor name two clusters or roles. */
function groupOf({ options = [] }: ServiceRef): string {
  return options.map((option) => isNaming(option) ? option[0] : option.join("=")).toSorted().join(" ");
}

/** `wait`, with the options of the bake, which are the same for all services of a run. */
export function waitForAll([first]: readonly ServiceState[]): string {
  return waitFor(first && bakeOf(first));
}

/**
 * The command that does the rest for some of the services.
 *
 * @param isWhole whether these are all services that still have work left
 */
export function commandsForSome(left: readonly ServiceState[], state: RunState, isWhole = false): string[] {
  const { all, planFile } = state;
  if (all === undefined) return [];
  return planFile === undefined ? commandsForRest(left, state, all) : [commandByPlan(left, isWhole, state, all)];
}

/** @param isWhole whether these are all services of the plan that still have work left */
function commandByPlan(left: readonly ServiceState[], isWhole: boolean, state: RunState, all: AllPlanned): string {
  const names = isWhole && !isTyped(state, "--service") ? [] : left.map((service) => nameInPlan(service, state));
  const how = state.planFile!.isWritten ? [] : optionsForRest(all.typed);
  const options = [...names, ...how, ...timeoutFor(left, state)];
  return [planFileCommand(state.planFile!), ...options.map(writeOption)].join(" ");
}

function nameInPlan(service: ServiceState, { services, all }: RunState): TypedOption {
  const isOnlyOne = services.filter(({ ref }) => ref.service === service.ref.service).length === 1 &&
    !all?.typed.some(([name, value]) => name === "--service" && value?.startsWith("arn:"));
  return (isOnlyOne ? undefined : nameByArn(service)) ?? ["--service", service.ref.service];
}

/**
 * The typed command for the services that are left, named unless it is a rollback of all. For a single rollback, the
 * command that its plan says is safe to repeat.
 */
function commandsForRest(left: readonly ServiceState[], state: RunState, { typed }: AllPlanned): string[] {
  const [{ command, main, reason }, ...others] = left as [ServiceState];
  const timeout = timeoutFor(left, state);
  const { repeatedBy, carried, subject } = main?.plan ?? {};
  if (command === "rollback" && left.length === state.services.length) return [wholeCommand(state, timeout)];
  if (others.length > 0 || repeatedBy === undefined || subject === undefined) {
    return commandsFor(left, [command, ...[...optionsForRest(typed), ...timeout].map(writeOption)].join(" "));
  }
  const again = repeatableCommand(subject, repeatedBy, { ...carried, givenTimeoutMs: undefined });
  const rest: TypedOption[] = [...timeout, ...(reason === undefined ? [] : [["--reason", reason] as const])];
  return [[again, ...rest.map(writeOption)].join(" ")];
}
