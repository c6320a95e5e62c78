import { findLost } from "./lost.ts";
import { findMisreported } from "./misreported.ts";
import type { Tried } from "./tried.ts";

/** What is wrong with a run, judged from the world that it has left behind; each as a line that says so. */
export interface Verdict {
  /** The world is left in a state that neither exit code nor words admit. */
  readonly lost: readonly string[];
  /** Exit code or words say something else than the world. */
  readonly misreported: readonly string[];
  /** It has gone on for longer than its limits allow. */
  readonly overTime: readonly string[];
}

const AFTER_LIMIT_MS = 5_000;
/** Reading ECS's record of the deployment that has failed. */
const RECORD_MS = 10_000;
/** What a machine with much to do takes for the same; a machine on which the program starts slowly, accordingly more. */
const LOAD_MS = 3_000;
const LOAD_IN_STARTS = 2;

export function judge(tried: Tried): Verdict {
  return { lost: findLost(tried), misreported: findMisreported(tried), overTime: findOverTime(tried) };
}

function findOverTime({ scene, limitMs, tookMs, wholeMs, stdout }: Tried): string[] {
  const onceMs = limitMs + AFTER_LIMIT_MS;
  const isBack = stdout.includes('"event":"rollbackDecided"');
  const loadMs = Math.max(LOAD_MS, LOAD_IN_STARTS * (wholeMs - tookMs));
  const mostMs = onceMs + (scene.hasWayBack ? RECORD_MS : 0) + (isBack ? onceMs : 0) + loadMs;
  return tookMs <= mostMs ? [] : [`it took ${(tookMs / 1_000).toFixed(1)} s with a limit of ${limitMs / 1_000} s`];
}
