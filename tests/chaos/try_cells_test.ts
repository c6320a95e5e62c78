import assert from "node:assert/strict";
import { type Cell, findCell } from "./matrix.ts";
import { type Finding, tryCells } from "./try_cells.ts";

const NAMES = ["407", "503-html", "204"].map((what) => `rollback/DescribeServices#2/${what}/once/carried-out`);
const GOOD = { lost: [], misreported: [], overTime: [] };

/** What comes of runs that all fail the first time, by \`first\`, and are good the second. */
async function tryTwice(first: Pick<Finding, "verdict"> & { readonly code: number }) {
  const tried: string[] = [];
  let inside = 0;
  let mostInside = 0;
  const findings = await tryCells(NAMES.map((name) => findCell(name)!), new Map(), () => {}, async (cell: Cell) => {
    const isFirst = !tried.includes(cell.name);
    tried.push(cell.name);
    if (!isFirst) mostInside = Math.max(mostInside, ++inside);
    await Promise.resolve();
    if (!isFirst) inside--;
    const { code, verdict } = isFirst ? first : { code: 0, verdict: GOOD };
    return { cell, verdict, run: { code } } as Finding;
  });
  return { tried: tried.length, mostInside, failed: findings.filter(({ verdict }) => verdict !== GOOD).length };
}

Deno.test("what has run out of time is tried again, alone, and what comes of that counts", async () => {
  for (
    const first of [
      { code: 0, verdict: { ...GOOD, overTime: ["it took 99 s"] } },
      { code: 7, verdict: { ...GOOD, misreported: ["exit code 7, though"] } },
    ]
  ) {
    assert.deepEqual(await tryTwice(first), { tried: 6, mostInside: 1, failed: 0 });
  }
});

Deno.test("what has failed for any other reason counts at once", async () => {
  const first = { code: 5, verdict: { ...GOOD, lost: ["an order took effect twice"] } };
  assert.deepEqual(await tryTwice(first), { tried: 3, mostInside: 0, failed: 3 });
});
