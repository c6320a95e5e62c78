import { type Closing, closingOf, leftoverLines, levelOf } from "../closing.ts";
import { countTasks, describeLive, nameOf, primarySeen } from "../live_now.ts";
import { linesAt } from "../messages/log.ts";
import { adviceFor } from "../advice.ts";
import type { RunState, ServiceState } from "../state.ts";
import { ifAbandoned } from "./abandoned.ts";
import { groupByResult } from "./service_result.ts";
import { MAX_COMMANDS, renderFleetStep } from "./fleet_step_text.ts";
import { type FleetStep, fleetSteps, urgentSteps } from "./fleet_steps.ts";
import { describeBakes, describeFleet } from "./fleet_message.ts";
import { nameIn } from "./names.ts";
import {
  describeAge,
  describeOutages,
  describePastOutages,
  ecsKeepsTrying,
  findOutages,
  isCrashing,
  isDown,
} from "./outages.ts";

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
function isLeftBegun({ leftBehind, main, failure }: ServiceState): boolean {
  return main !== undefined && failure === undefined && (leftBehind.order !== "no" || leftBehind.scaling !== undefined);
}

/** One line that sums up, then what is left to do, and last the commands to type next. */
function closeFleet(state: RunState): Closing {
  const results = groupByResult(state);
  const level = levelOf(state);
  const [failed] = results.failed;
  const render = (step: FleetStep) => renderFleetStep(step, state);
  const urgent = urgentSteps(state, results).flatMap(render).slice(0, MAX_COMMANDS);
  const commands = fleetSteps(state, results).flatMap(render);
  const left = leftoverLines(state.services);
  const outages = findOutages(state);
  const isRoomy = results.failed.length === 1 && left.length === 0 && outages.length === 0;
  const advice = failed === undefined || !isRoomy ? undefined : adviceFor(failed);
  const advised = advice === undefined ? [] : [`${nameIn(state, failed!.ref)}: advice: ${advice.text}`];
  return {
    level,
    message: [
      describeOutages(state),
      describeFleet(state, results),
      describeBakes(state),
      ...(failed === undefined ? [] : describeRunning(failed, state)),
      ...describePastOutages(state),
    ].filter((text) => text !== "").join(" "),
    more: [...linesAt(level, urgent), ...left, ...linesAt(level, [...advised, ...commands])],
  };
}

/** What a failed service runs, and what ECS does with it. If no task runs, the outage has said so. */
function describeRunning(failed: ServiceState, state: RunState): string[] {
  if (isDown(failed)) return [];
  const name = nameIn(state, failed.ref);
  const tried = ecsKeepsTrying(failed) ? "ECS keeps trying." : "";
  const age = describeAge(failed, state.nowMs);
  const seen = `${name}${age === "" ? "" : `, as seen ${age}`}`;
  const primary = primarySeen(failed);
  if (primary !== undefined && isCrashing(failed)) {
    return [`${seen}: ${countTasks(primary)} of ${nameOf(primary)}, and its tasks keep failing.`, tried];
  }
  const live = describeLive(failed);
  return [live === "" ? "" : `${seen}: ${live}`, tried];
}
