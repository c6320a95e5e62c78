import { outcomeOf } from "../ending.ts";
import type { Line } from "../log.ts";
import type { RunState } from "../state.ts";
import { fateOf, isUnderWay } from "./fate.ts";

const EVERY_MS = 10_000;
/** What ends at the same time is read in turn. */
const MOMENT_MS = 500;

/** How far a run of many services is: said now and then, where that has changed. */
export class ProgressLine {
  #said = "";
  #saidAtMs: number | undefined;
  #before: RunState | undefined;

  /**
   * Of what happens in one moment, the end of that is said, with the next event.
   *
   * @param state while the plans are carried out
   */
  describe(state: RunState): Line[] {
    const before = this.#before ?? state;
    this.#before = state;
    this.#saidAtMs ??= state.nowMs;
    if (state.nowMs - before.nowMs < MOMENT_MS || state.nowMs - this.#saidAtMs < EVERY_MS) return [];
    const text = describeProgress(before);
    if (text === this.#said) return [];
    this.#said = text;
    this.#saidAtMs = state.nowMs;
    return [["info", text, "run"]];
  }
}

/** `12 of 20 done, 1 failed, 4 under way, 3 waiting`; where services go back because one failed, `6 undone, 3 under way` */
export function describeProgress({ services }: RunState): string {
  const planned = services.filter(({ main }) => main !== undefined);
  const underWay = planned.filter(isUnderWay).length;
  if (planned.some(({ undo }) => undo !== undefined)) {
    const undone = planned.filter(({ check }) => check !== undefined).length;
    return `${undone} undone, ${underWay} under way`;
  }
  const ended = planned.filter((service) => service.failure !== undefined || outcomeOf(service) !== undefined);
  const failed = ended.filter((service) => fateOf(service) === "failed").length;
  const waiting = planned.filter((service) => service.beganAtMs === undefined && !ended.includes(service)).length;
  return [
    `${ended.length - failed} of ${planned.length} done`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(underWay === 0 ? [] : [`${underWay} under way`]),
    ...(waiting === 0 ? [] : [`${waiting} waiting`]),
  ].join(", ");
}
