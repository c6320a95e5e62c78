import { type Closing, closingOf, leftBy, levelOf } from "../closing.ts";
import { countTasks, describeLive, nameOf, primarySeen } from "../live_now.ts";
import { linesAt } from "../messages/log.ts";
import { adviceFor } from "../advice.ts";
import { type NextStep, nextSteps } from "../next_steps.ts";
import { describeNextStep } from "../step_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { ifAbandoned } from "./abandoned.ts";
import { commandsFor, commandsForSome, few, goOn, MOST_COMMANDS } from "./commands.ts";
import { type ByFate, isOrderUnknown, isUndoLeft, isUndone, sortByFate } from "./fate.ts";
import { describeFleet } from "./fleet_message.ts";
import { describeBakes, judgingCommands } from "./judging.ts";
import { nameIn } from "./names.ts";
import {
  describeAge,
  describeOutages,
  describePastOutages,
  endOutage,
  findOutages,
  isCrashing,
  isOut,
  isTriedOn,
} from "./outages.ts";
import { commandsAfterDryRun, commandsForRefused, commandsWhenRefused } from "./plan_commands.ts";

/** The closing lines of a run of one service or of many; `undefined` if there is nothing to say. */
export function closingOfRun(state: RunState): Closing | undefined {
  const { services, failure, stoppedEarly } = state;
  if (services.length <= 1) return closingOf(state, services[0]);
  const general = failure === undefined && stoppedEarly === undefined ? undefined : closingOf(state, undefined);
  if (general !== undefined) return general;
  const [message, ...more] = services.some(isLeftBegun) ? ifAbandoned(state) : [];
  const level = levelOf(state);
  return message === undefined ? closeFleet(state) : { level, message, more: linesAt(level, more) };
}

/** Whether a second stop signal ended the program while it was changing this service. */
function isLeftBegun({ leaves, main, failure }: ServiceState): boolean {
  return main !== undefined && failure === undefined && (leaves.order !== "no" || leaves.scaling !== undefined);
}

/** One line that sums up, then what is left to do, and last the commands to type next. */
function closeFleet(state: RunState): Closing {
  const fates = sortByFate(state);
  const level = levelOf(state);
  const [failed] = fates.failed;
  const commands = nextCommands(state, fates);
  const left = leftBy(state.services);
  const outages = findOutages(state);
  const isRoomy = fates.failed.length === 1 && left.length === 0 && outages.length === 0;
  const advice = failed === undefined || !isRoomy ? undefined : adviceFor(failed);
  const advised = advice === undefined ? [] : [`${nameIn(state, failed!.ref)}: advice: ${advice.text}`];
  const crashing = fates.failed.filter((service) => isCrashing(service) && !outages.includes(service));
  const ends = [...outages, ...crashing].flatMap((service) => {
    const command = endOutage(service);
    const name = nameIn(state, service.ref);
    const purpose = crashing.includes(service)
      ? `to set ${name} back to the release that was to be left`
      : `to end the outage of ${name}, with the release that was to be left`;
    return command === undefined ? [] : [`${purpose}: ${command}`];
  });
  return {
    level,
    message: [
      describeOutages(state),
      describeFleet(state, fates),
      describeBakes(state),
      ...(failed === undefined ? [] : describeRunning(failed, state)),
      ...describePastOutages(state),
    ].filter((text) => text !== "").join(" "),
    more: [...linesAt(level, ends.slice(0, MOST_COMMANDS)), ...left, ...linesAt(level, [...advised, ...commands])],
  };
}

/** What a failed service runs, and what ECS does with it. If no task runs, the outage has said so. */
function describeRunning(failed: ServiceState, state: RunState): string[] {
  if (isOut(failed)) return [];
  const name = nameIn(state, failed.ref);
  const tried = isTriedOn(failed) ? "ECS keeps trying." : "";
  const age = describeAge(failed, state.nowMs);
  const seen = `${name}${age === "" ? "" : `, as seen ${age}`}`;
  const primary = primarySeen(failed);
  if (primary !== undefined && isCrashing(failed)) {
    return [`${seen}: ${countTasks(primary)} of ${nameOf(primary)}, and its tasks keep failing.`, tried];
  }
  const live = describeLive(failed);
  return [live === "" ? "" : `${seen}: ${live}`, tried];
}

function nextCommands(state: RunState, fates: ByFate): string[] {
  const { all } = state;
  const [failed] = fates.failed;
  const step = failed && nextFor(failed);
  // The command that ends an outage is said before all others.
  const isSaid = step?.kind === "rollBack" && isOut(failed!) && endOutage(failed!) !== undefined;
  const next = isSaid ? undefined : step;
  const isUndoing = all?.policy.onFailure === "undo" && failed !== undefined;
  // Repeating a rollback is safe: if ECS has the order already, the rollback follows it.
  const isToRepeat = (service: ServiceState) => service.command === "rollback" && isOrderUnknown(service);
  const { refused, planned } = fates;
  const underWay = fates.underWay.filter((service) => !isToRepeat(service));
  const notBegun = [...fates.underWay.filter(isToRepeat), ...fates.notBegun];
  if (isKeptByRefusal(state, fates)) return commandsWhenRefused(state, fates);
  if (planned.length > 0) return commandsAfterDryRun(state);
  return [
    ...(next === undefined ? [] : [`${nameIn(state, failed!.ref)}: ${describeNextStep(next)}`]),
    ...goOn(state, { ...fates, underWay, notBegun: isUndoing ? [] : notBegun }),
    ...few(commandsFor(fates.leftChanged.filter(isUndoLeft), "wait"), "to follow the undo that ECS goes on with"),
    ...(isUndoing
      ? withoutFailed([...fates.undone, ...fates.leftChanged.filter(isUndoLeft), ...notBegun], failed, state)
      : []),
    ...(refused.length === 0 ? [] : few(commandsForRefused(state, refused))),
    ...judgingCommands(state, fates),
  ];
}

/** What to do about a failed service; once it is undone, there is nothing to watch or to roll back. */
export function nextFor(failed: ServiceState): NextStep | undefined {
  if (!isUndone(failed)) return nextSteps(failed)[0];
  const { rollback: _, ...before } = failed;
  return nextSteps(before).find(({ kind }) => ["choose", "explainTasks", "explainAlarms"].includes(kind));
}

/** After an undo, how to roll back the others without the one that failed. If a deploy failed, the release is bad. */
function withoutFailed(others: readonly ServiceState[], failed: ServiceState, state: RunState): string[] {
  if (failed.command !== "rollback" || others.length === 0) return [];
  const name = nameIn(state, failed.ref);
  const purpose = `to roll back the other ${others.length} without ${name}`;
  return few(commandsForSome(others, state), purpose);
}

/** Whether a refusal, or something that could not be read, kept the run from beginning with any service. */
function isKeptByRefusal({ services, all }: RunState, { refused, failed }: ByFate): boolean {
  return refused.length + failed.length > 0 && all?.skipsRefused === false &&
    services.every(({ beganAtMs }) => beganAtMs === undefined);
}
