import { isPassing, isTimedOut, limitOf } from "./expect.ts";
import { judge, type Verdict } from "./judge.ts";
import { type Cell, interferenceOf, selectCells, type Stage, stagesOf } from "./matrix.ts";
import { observe, type Observed } from "./observe.ts";
import { type Scene, SCENES } from "./scenes.ts";
import { Slots } from "./slots.ts";
import type { Tried } from "./tried.ts";

/** Runs cells of the matrix, several side by side, and says what came of them. */

export interface Finding {
  readonly cell: Cell;
  readonly run: Tried;
  readonly verdict: Verdict;
}

/** Most of a run is waiting, but its start is work. */
const AT_THE_SAME_TIME = 24;
const STARTING_AT_THE_SAME_TIME = 3;
const CALM_LIMIT_MS = 60_000;

/** The undisturbed runs, by scene. Throws where one does not end as it should. */
export async function observeCalm(scenes: Iterable<Scene> = SCENES): Promise<Map<string, Observed>> {
  const runs = await Promise.all([...new Set(scenes)].map(async (scene) => {
    const run = await observe(scene, CALM_LIMIT_MS, () => undefined);
    if (run.code !== scene.code) throw new Error(`${scene.name} ends with ${run.code} undisturbed: ${run.stderr}`);
    return [scene.name, run] as const;
  }));
  return new Map(runs);
}

/** Every call that is worth disturbing. */
function allStages(calm: ReadonlyMap<string, Observed>): Stage[] {
  return SCENES.flatMap((scene) => stagesOf(scene, calm.get(scene.name)!.arrived));
}

/** The matrix of a seed. */
export function matrixOf(calm: ReadonlyMap<string, Observed>, seed: number): Cell[] {
  return selectCells(allStages(calm), seed);
}

/** Runs one cell; the options are those of `observe`. */
export async function tryCell(
  cell: Cell,
  calm: ReadonlyMap<string, Observed>,
  options: Parameters<typeof observe>[3],
): Promise<Finding> {
  const observed = await observe(cell.scene, limitOf(cell), interferenceOf(cell), options);
  const run = { ...observed, cell, calm: calm.get(cell.scene.name)! };
  return { cell, run, verdict: judge(run) };
}

/**
 * Runs every cell; `onFinding` is called as each has ended. What has failed and run out of time may have had too little of
 * the machine: it is tried again when the others have ended, alone, and what comes of that counts.
 */
export async function tryCells(
  cells: readonly Cell[],
  calm: ReadonlyMap<string, Observed>,
  onFinding: (finding: Finding) => void = () => {},
  tryOne = tryCell,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const again: Cell[] = [];
  const keep = (finding: Finding) => {
    findings.push(finding);
    onFinding(finding);
  };
  const sort = (finding: Finding) => ranOutOfTime(finding) ? again.push(finding.cell) : keep(finding);
  await tryTogether(cells, (cell, leave) => tryOne(cell, calm, { onCall: leave }).then(sort));
  for (const cell of again) keep(await tryOne(cell, calm, {}));
  return findings;
}

function ranOutOfTime({ run, verdict }: Finding): boolean {
  const hasFailed = verdict.lost.length + verdict.misreported.length + verdict.overTime.length > 0;
  return hasFailed && (isTimedOut(run) || verdict.overTime.length > 0);
}

/** @param tryOne is given what it has to call when the program has started */
async function tryTogether(
  cells: readonly Cell[],
  tryOne: (cell: Cell, leave: () => void) => Promise<unknown>,
): Promise<void> {
  const starting = new Slots(STARTING_AT_THE_SAME_TIME);
  // The longest first, so that nothing is waited for at the end.
  const todo = [...cells].sort((one, other) => longestMs(other) - longestMs(one));
  const work = async () => {
    for (let cell = todo.shift(); cell; cell = todo.shift()) {
      const leave = await starting.enter();
      await tryOne(cell, leave).finally(leave);
    }
  };
  await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, work));
}

function longestMs(cell: Cell): number {
  const { isSlow = false } = cell.misbehaviour;
  return isSlow || !isPassing(cell) || limitOf(cell) < CALM_LIMIT_MS ? 1 : 0;
}
