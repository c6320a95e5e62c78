import { describeAlarmsCommand } from "../messages/typed_commands.ts";
import { byKind, type Named } from "../messages/cases.ts";
import { formatLocalTime } from "../messages/log.ts";
import { leaveCommand, planFileCommand, SUGGESTED_BAKE, waitFor } from "../messages/own_commands.ts";
import { VERBS } from "../messages/work_words.ts";
import type { RunState, ServiceState } from "../state.ts";
import { describeNextStep } from "../step_text.ts";
import { commandsFor, commandsForSome, waitForAll } from "./commands.ts";
import type { FleetStep } from "./fleet_steps.ts";
import { listNames, nameIn } from "./names.ts";
import { explainUnplanned } from "./plan_table.ts";
import { commandWith, typedForSome } from "./typed_again.ts";

type Services = readonly ServiceState[];

/** A run that fails in many ways still ends with few lines. */
export const MAX_COMMANDS = 3;

/** The words and the commands of each step, one line each. */
export const renderFleetStep = byKind<FleetStep, string[], [state: RunState]>({
  ofOne: ({ service, step }, state) => [`${nameIn(state, service.ref)}: ${describeNextStep(step)}`],
  endOutage: ({ service: { ref }, fallback, isDown }, state) => {
    const name = nameIn(state, ref);
    const purpose = isDown
      ? `to end the outage of ${name}, with the release that was to be left`
      : `to set ${name} back to the release that was to be left`;
    return few(purpose, [leaveCommand(ref, fallback)]);
  },
  follow: ({ services }) => few(toFollow(services), commandsFor(services, waitForAll(services))),
  followUndo: ({ services }) => few("to follow the undo that ECS goes on with", commandsFor(services, "wait")),
  undo: ({ services }) => few(toUndo(services), commandsFor(services, "rollback --revision previous")),
  judge: ({ services }) => few("to see whether it helped", commandsFor(services, waitFor(SUGGESTED_BAKE))),
  judgeLater: ({ services }) =>
    few("to ask again later whether it helped", commandsFor(services, waitForAll(services))),
  seeHistory: ({ services }) =>
    few(`to see what ran before on those ${services.length}`, commandsFor(services, "history")),
  explainAlarms: ({ ofRegions }) =>
    few("why alarms fired", ofRegions.map(({ region, alarms }) => describeAlarmsCommand({ region }, alarms))),
  goOn: ({ services, isWhole, followsSome }, state) => {
    const others = services.length === 1 ? "one" : services.length;
    const purpose = followsSome ? `to go on with all ${services.length}` : `to ${verbOf(state)} the other ${others}`;
    return few(purpose, commandsForSome(services, state, isWhole));
  },
  withoutFailed: ({ services, failed }, state) => {
    const purpose = `to roll back the other ${services.length} without ${nameIn(state, failed.ref)}`;
    return few(purpose, commandsForSome(services, state));
  },
  begin: describeBegin,
  reregister: ({ services }, state) =>
    few(`to ${verbOf(state)} ${asCopies(services, state)}`, commandsFor(services, typedForSome(state, "--reregister"))),
  planRefused: ({ services }, state) => {
    const purpose = `what to do about the ${services.length} that are refused`;
    return few(purpose, commandsFor(services, typedForSome(state, "--dry-run")));
  },
  // From when the plan was made.
  adviceOnRefused: ({ service }, state) => {
    const [, first, ...more] = explainUnplanned(service);
    return first === undefined ? [] : [`${nameIn(state, service.ref)}: ${first}`, ...more];
  },
  carryOut: ({ by }, state) => {
    if (by === "planFile") return few("to carry it out", [planFileCommand(state.planFile!)]);
    if (by === "again") return few("to carry it out", [commandWith(state)]);
    // Named by the time, since a plan file is never overwritten.
    const [day, time] = formatLocalTime(state.all?.atMs ?? 0).replaceAll(/[/:]/g, "").split(" ");
    return few("to carry it out and keep the plan", [commandWith(state, `--plan-out rollback-${day}-${time}.json`)]);
  },
});

/** The first commands, and how many more there are. */
function few(purpose: string, commands: readonly string[]): string[] {
  const more = commands.length - MAX_COMMANDS;
  return [
    ...commands.slice(0, MAX_COMMANDS).map((command) => `${purpose}: ${command}`),
    ...(more > 0 ? [`and ${more} such commands more, for the other clusters`] : []),
  ];
}

/** The purpose of a command that follows these services. */
export function toFollow({ length }: Services): string {
  return length === 1 ? "to follow it" : `to follow all ${length}`;
}

function toUndo({ length }: Services): string {
  const which = length === 1 ? "the one that is" : `the ${length} that are`;
  return `to roll back ${which} deployed, too (--on-failure undo does so by itself)`;
}

function verbOf({ services: [first] }: RunState): string {
  return VERBS[first!.command];
}

function describeBegin({ others, reregistered, left }: Named<FleetStep, "kind", "begin">, state: RunState): string[] {
  const stay = `${listNames(state, left)} ${left.length === 1 ? "stays as it is" : "stay as they are"}`;
  const which = reregistered.length === 0
    ? `the other ${others === 1 ? "one" : others}`
    : left.length === 0
    ? `all ${state.services.length}`
    : others + reregistered.length;
  const how = [
    ...(reregistered.length === 0 ? [] : [asCopies(reregistered, state)]),
    ...(left.length === 0 ? [] : [stay]),
  ];
  const options = [
    ...(reregistered.length === 0 ? [] : ["--reregister"]),
    ...(left.length === 0 ? [] : ["--skip-refused"]),
  ];
  return few(`to ${verbOf(state)} ${which} (${how.join("; ")})`, [commandWith(state, ...options)]);
}

function asCopies(reregistered: Services, state: RunState): string {
  return `${listNames(state, reregistered)} to ${reregistered.length === 1 ? "a copy" : "copies"}`;
}
