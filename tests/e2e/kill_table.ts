import assert from "node:assert/strict";
import type { Ended } from "./cli_process.ts";
import type { HeldCall, Moment } from "./kill_server.ts";

/** Trying a program out at many points of its run, and the table of what came of them. */

/** Every point with every signal, which takes minutes (`deno task kill`); otherwise a sample. */
const IS_WHOLE = Deno.env.get("KILL_POINTS") === "all";
const CHANGE = /^(Update|Stop|Register|Deregister|Tag|Untag)/;
const AT_THE_SAME_TIME = 4;

export interface Point {
  readonly call: string;
  readonly moment: Moment;
}

export interface Interrupted extends Ended {
  /** From the signal to the end of the program. */
  readonly afterMs: number;
}

/** Asked at both moments of every call of a program: as a gate, with the process. */
export type Held = (call: HeldCall, moment: Moment, child: Deno.ChildProcess) => Promise<boolean> | boolean;

const AT_ONCE_MS = 1_000;

/** Stops a run once its order is carried out, and once more at a point while it restores: that ends it at once. */
export async function stopTwice(
  run: (held: Held) => Promise<Ended>,
  order: string,
  point: Point,
): Promise<Interrupted> {
  let sentAtMs = NaN;
  const ended = await run(async (call, moment, child) => {
    if (call.name === order && moment === "after") {
      child.kill("SIGINT");
      await call.abandoned;
      return false;
    }
    if (call.name !== point.call || moment !== point.moment) return true;
    sentAtMs = performance.now();
    child.kill("SIGINT");
    await child.status;
    return false;
  });
  const afterMs = performance.now() - sentAtMs;
  assert.ok(!Number.isNaN(afterMs), `the call was never made: ${ended.code} ${ended.stderr}`);
  assert.ok(afterMs < AT_ONCE_MS, `took ${afterMs} ms after the second signal, ${ended.stderr}`);
  assert.equal(ended.code, 130, ended.stderr);
  return { ...ended, afterMs };
}

interface Row {
  readonly name: string;
  readonly points: readonly Point[];
  readonly attempt: (point: Point) => Promise<Interrupted>;
}

/**
 * Both moments of every call. The sample has both of every change, and one of each kind of read before the first change and
 * after it: whether AWS has carried out a read shows nowhere, and the random runs (`tests/property`) stop at any call.
 */
export function pointsOf(calls: readonly string[]): Point[] {
  const moments = ["before", "after"] as const;
  const kinds = new Set<string>();
  let changes = 0;
  return calls.flatMap((call) => {
    const isChange = CHANGE.test(call);
    if (isChange) changes++;
    if (isChange || IS_WHOLE) return moments.map((moment) => ({ call, moment }));
    const kind = call.replace(/#\d+$/, changes > 0 ? " after a change" : "");
    if (kinds.has(kind)) return [];
    kinds.add(kind);
    return [{ call, moment: moments[kinds.size % 2]! }];
  });
}

/** The points of one of two signals; in the sample each has every other one. */
export function shareOf(points: readonly Point[], signal: number): Point[] {
  return points.filter((_, index) => IS_WHOLE || index % 2 === signal);
}

/** Where to kill: before the first change, and after each. What is left is decided by what AWS has carried out. */
export function killingPointsOf(calls: readonly string[]): Point[] {
  if (IS_WHOLE) return pointsOf(calls);
  const changes = calls.filter((call) => CHANGE.test(call));
  return pointsOf(changes).filter(({ call, moment }) => moment === "after" || call === changes[0]);
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
