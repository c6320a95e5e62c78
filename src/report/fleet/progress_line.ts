import { mayHaveChanged } from "../../model/outcome_kinds.ts";
import { outcomeOf } from "../ending.ts";
import type { Line } from "../messages/log.ts";
import type { RunState, ServiceState } from "../state.ts";
import { isUnderWay, resultOf } from "./service_result.ts";

/** The line is logged only after this long without any other line. */
const PAUSE_MS = 10_000;
/** How often the line is repeated while nothing changes. */
const UNCHANGED_MS = 60_000;

/** How far a run of many services is. The line fills pauses: what begins or ends is logged by itself. */
export class ProgressLine {
  #lastText = "";
  #lastTextAtMs = 0;
  #lastLineAtMs: number | undefined;

  /**
   * @param state while the plans are carried out
   * @param isLogging whether the log has another line now
   * @param isInProgress whether the deployment goes on, so that no other event is about to follow
   */
  describe(state: RunState, isLogging: boolean, isInProgress: boolean): Line[] {
    const { nowMs } = state;
    this.#lastLineAtMs ??= nowMs;
    if (isLogging) this.#lastLineAtMs = nowMs;
    if (!isInProgress || nowMs - this.#lastLineAtMs < PAUSE_MS) return [];
    const text = describeProgress(state);
    if (text === this.#lastText && nowMs - this.#lastTextAtMs < UNCHANGED_MS) return [];
    this.#lastText = text;
    this.#lastTextAtMs = this.#lastLineAtMs = nowMs;
    return [["info", text, "run"]];
  }
}

/** `12 of 20 done, 1 failed, 4 under way, 3 waiting`; during an undo, `6 of 11 undone, 3 under way`. */
export function describeProgress({ services, all }: RunState): string {
  const planned = services.filter(({ main }) => main !== undefined);
  const moving = planned.filter(isUnderWay);
  const underWay = moving.length;
  if (planned.some(({ undo }) => undo !== undefined)) {
    const goingBack = planned.filter(isToGoBack);
    const undone = goingBack.filter(({ check }) => check !== undefined).length;
    return [`${undone} of ${goingBack.length} undone`, ...(underWay === 0 ? [] : [`${underWay} under way`])].join(", ");
  }
  const ended = planned.filter((service) => service.failure !== undefined || outcomeOf(service) !== undefined);
  const failed = ended.filter((service) => resultOf(service) === "failed").length;
  // A failed service that is being rolled back is counted once.
  const goingBack = moving.filter((service) => ended.includes(service)).length;
  const others = underWay - goingBack;
  const waiting = planned.filter((service) => service.beganAtMs === undefined && !ended.includes(service));
  return [
    `${ended.length - failed} of ${planned.length} done`,
    ...(failed === 0 ? [] : [`${failed} failed${goingBack === 0 ? "" : describeGoingBack(goingBack, failed)}`]),
    ...(others === 0 ? [] : [`${others} under way`]),
    ...(waiting.length === 0 ? [] : [nameWaiting(waiting, planned, failed > 0, all)]),
  ].join(", ");
}

/** `3 waiting`, `3 waiting for wave 1`, or `3 not to be begun` if one has failed and the policy is to stop. */
function nameWaiting(
  waiting: readonly ServiceState[],
  planned: readonly ServiceState[],
  hasFailed: boolean,
  all: RunState["all"],
): string {
  if (hasFailed && all !== undefined && all.policy.onFailure !== "continue") return `${waiting.length} not to be begun`;
  const waves = planned.filter(isUnderWay).map(({ wave = 1 }) => wave);
  const isOfLater = waves.length > 0 && waiting.every(({ wave = 1 }) => wave > Math.max(...waves));
  return `${waiting.length} waiting${isOfLater ? ` for wave ${Math.max(...waves)}` : ""}`;
}

/** During an undo: whether this service is undone, or will be. */
function isToGoBack(service: ServiceState): boolean {
  const { undo, rollback, beganAtMs, main } = service;
  if (undo !== undefined) return undo.unless === undefined;
  if (rollback !== undefined) return true;
  return beganAtMs !== undefined && (main?.outcome === undefined || mayHaveChanged(main.outcome));
}

function describeGoingBack(goingBack: number, failed: number): string {
  if (goingBack === failed) return failed === 1 ? " and goes back" : " and go back";
  return `, of which ${goingBack} ${goingBack === 1 ? "goes" : "go"} back`;
}
