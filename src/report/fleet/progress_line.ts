import { mayHaveChanged } from "../../model/outcome_kinds.ts";
import { outcomeOf } from "../ending.ts";
import type { Line } from "../messages/log.ts";
import type { RunState, ServiceState } from "../state.ts";
import { fateOf, isUnderWay } from "./fate.ts";

/** How long nothing else must have been logged before the line is. */
const PAUSE_MS = 10_000;
/** How often the line is repeated while nothing changes. */
const UNCHANGED_MS = 60_000;

/** How far a run of many services is. The line fills pauses: what begins or ends is logged by itself. */
export class ProgressLine {
  #said = "";
  #saidAtMs = 0;
  #spokeAtMs: number | undefined;

  /**
   * @param state while the plans are carried out
   * @param isSpeaking whether something else is logged now
   * @param isCalm whether no other event is about to follow
   */
  describe(state: RunState, isSpeaking: boolean, isCalm: boolean): Line[] {
    const { nowMs } = state;
    this.#spokeAtMs ??= nowMs;
    if (isSpeaking) this.#spokeAtMs = nowMs;
    if (!isCalm || nowMs - this.#spokeAtMs < PAUSE_MS) return [];
    const text = describeProgress(state);
    if (text === this.#said && nowMs - this.#saidAtMs < UNCHANGED_MS) return [];
    this.#said = text;
    this.#saidAtMs = this.#spokeAtMs = nowMs;
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
  const failed = ended.filter((service) => fateOf(service) === "failed").length;
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
