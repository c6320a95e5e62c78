import assert from "node:assert/strict";
import type { Ended } from "./cli_process.ts";
import type { Moment } from "./kill_server.ts";

/** Trying a program out at many points of its run, and the table of what came of them. */

/** The executable differs from the source by how it is started and told to stop, not by its calls: a sample will do. */
export const EVERY_NTH = Deno.env.get("CLI_UNDER_TEST") ? 3 : 1;
const AT_THE_SAME_TIME = 4;

export interface Point {
  readonly call: string;
  readonly moment: Moment;
}

export interface Interrupted extends Ended {
  /** From the signal to the end of the program. */
  readonly afterMs: number;
}

export interface Row {
  readonly name: string;
  readonly points: readonly Point[];
  readonly attempt: (point: Point) => Promise<Interrupted>;
}

/** Both moments of every call, or of every n-th of them. */
export function pointsOf(calls: readonly string[], everyNth = EVERY_NTH, first = 0): Point[] {
  const all = calls.flatMap((call) => [{ call, moment: "before" as const }, { call, moment: "after" as const }]);
  return all.filter((_, index) => index % everyNth === first % everyNth);
}

/** Tries all points of all rows, a few at a time, and prints what came of them. */
export async function tryAll(rows: readonly Row[]): Promise<void> {
  const startedAtMs = performance.now();
  const lost = rows.map((): string[] => []);
  const slowestMs = rows.map(() => 0);
  const todo = rows.flatMap(({ points, attempt }, row) => points.map((point) => ({ point, attempt, row })));
  const work = async () => {
    for (let next = todo.shift(); next; next = todo.shift()) {
      const { point: { call, moment }, attempt, row } = next;
      try {
        slowestMs[row] = Math.max(slowestMs[row]!, (await attempt(next.point)).afterMs);
      } catch (error) {
        lost[row]!.push(`${rows[row]!.name}, ${moment} ${call}: ${error instanceof Error ? error.message : error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, work));
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, points }, row) =>
    `${name.padEnd(width)} ${String(points.length).padStart(13)} ${String(lost[row]!.length).padStart(12)} ` +
    `${slowestMs[row]!.toFixed(0).padStart(15)} ms`
  );
  const took = ((performance.now() - startedAtMs) / 1_000).toFixed(0);
  console.log(
    [`${"".padEnd(width)}  points tried  points lost  slowest end after`, ...lines, `in ${took} s`].join("\n"),
  );
  assert.deepEqual(lost.flat(), []);
}
