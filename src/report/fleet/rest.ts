import { quoteArgument } from "../../model/typed_commands.ts";
import type { AllPlanned } from "../../rollout/events.ts";
import { repeatableCommand } from "../messages/phrases.ts";
import { planFileCommand } from "../plan_file_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { commandsFor, nameByArn, wholeCommand } from "./commands.ts";
import { type ByFate, isStuck } from "./fate.ts";
import { VERBS } from "./plan_table.ts";
import { timeoutFor } from "./rest_timeout.ts";

/** A run that fails in many ways still ends with few lines. */
export const MOST_COMMANDS = 3;
/**
 * The commands that do what a run of many has left, and that watch what is under way. A rollback that is repeated follows
 * what goes back already, so one command does both; what will not come to an end is left out of it.
 */
export function goOn(state: RunState, { underWay, submitted, notBegun, failed }: ByFate): string[] {
  const { all, services } = state;
  const [first] = notBegun;
  if (all === undefined || first === undefined) return follow([...underWay, ...submitted]);
  const followed = first.command === "rollback" ? underWay.filter((service) => !isStuck(service)) : [];
  const left = services.filter((service) => followed.includes(service) || notBegun.includes(service));
  const isWhole = left.length === services.length || (failed.length === 0 && followed.length === underWay.length);
  const commands = commandsForSome(left, state, isWhole);
  return [
    ...follow([...underWay.filter((service) => !followed.includes(service)), ...submitted]),
    ...few(commands, followed.length > 0 ? `to go on with all ${left.length}` : toDo(left)),
  ];
}

/** What the command is for that watches these services. */
export function toFollow({ length }: readonly ServiceState[]): string {
  return length === 1 ? "to follow it" : `to follow all ${length}`;
}

function follow(services: readonly ServiceState[]): string[] {
  return few(commandsFor(services, "wait"), toFollow(services));
}

function toDo([first, ...others]: readonly ServiceState[]): string {
  return `to ${VERBS[first!.command]} the other ${others.length === 0 ? "one" : others.length + 1}`;
}

/**
 * What does what was asked for of some services.
 *
 * @param isWhole nothing is to be left out of what is still to be done
 */
export function commandsForSome(left: readonly ServiceState[], state: RunState, isWhole = false): string[] {
  const { all, planFile } = state;
  if (all === undefined) return [];
  return planFile === undefined ? commandsForRest(left, state, all) : [commandByPlan(left, isWhole, state, all)];
}

/** @param isWhole nothing of the plan is to be left out */
function commandByPlan(left: readonly ServiceState[], isWhole: boolean, state: RunState, all: AllPlanned): string {
  const { typed } = all;
  const names = isWhole && !typed.all.includes("--service")
    ? []
    : left.flatMap((service) => nameInPlan(service, state));
  const how = state.planFile!.isWritten ? [] : typed.how;
  const options = [...names, ...how, ...timeoutFor(left, state)];
  return [planFileCommand(state.planFile!), ...options.map(quoteArgument)].join(" ");
}

function nameInPlan(service: ServiceState, { services, all }: RunState): string[] {
  const isOnlyOne = services.filter(({ ref }) => ref.service === service.ref.service).length === 1 &&
    !all?.typed.all.some((typed) => typed.startsWith("arn:"));
  return (isOnlyOne ? undefined : nameByArn(service)) ?? ["--service", service.ref.service];
}

/**
 * What was typed, but for the names of the services where not all are left; of a rollback of one that is left, what it does
 * stands in its plan.
 */
function commandsForRest(left: readonly ServiceState[], state: RunState, { typed }: AllPlanned): string[] {
  const [{ command, main, reason }, ...others] = left as [ServiceState];
  const timeout = timeoutFor(left, state);
  const { repeatedBy, carried, subject } = main?.plan ?? {};
  if (command === "rollback" && left.length === state.services.length) return [wholeCommand(typed, timeout)];
  if (others.length > 0 || repeatedBy === undefined || subject === undefined) {
    return commandsFor(left, [command, ...[...typed.how, ...timeout].map(quoteArgument)].join(" "));
  }
  const again = repeatableCommand(subject, repeatedBy, { ...carried, givenTimeoutMs: undefined });
  const rest = [...timeout, ...(reason === undefined ? [] : ["--reason", reason])];
  return [[again, ...rest.map(quoteArgument)].join(" ")];
}

/**
 * The first of them, and how many more there are.
 *
 * @param purpose stands before each; none: they say it themselves
 */
export function few(commands: readonly string[], purpose?: string): string[] {
  const more = commands.length - MOST_COMMANDS;
  return [
    ...commands.slice(0, MOST_COMMANDS).map((command) => purpose === undefined ? command : `${purpose}: ${command}`),
    ...(more > 0 ? [`and ${more} such commands more, for the other clusters`] : []),
  ];
}
