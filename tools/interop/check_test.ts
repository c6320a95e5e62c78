import assert from "node:assert/strict";
import { type Group, runGroup, Skipped } from "./check.ts";

function group(open: () => Promise<void> = () => Promise.resolve()): Group {
  const check = (name: string, outcome?: Error) => ({
    name,
    run: () => outcome ? Promise.reject(outcome) : Promise.resolve(),
  });
  const checks = [check("works"), check("breaks", new Error("one\ntwo")), check("needs Go", new Skipped("no Go here"))];
  return { name: "tool", checks, open };
}

async function linesOf(group: Group, wanted: readonly string[] = []) {
  const lines: string[] = [];
  return { totals: await runGroup(group, wanted, (line) => lines.push(line)), lines };
}

Deno.test("runGroup() prints a line for each check, and counts", async () => {
  const { totals, lines } = await linesOf(group());
  assert.deepEqual(totals, { ok: 1, failed: 1, skipped: 1 });
  assert.deepEqual(lines, [
    "ok      tool: works",
    "FAILED  tool: breaks: one\n          two",
    "skipped tool: needs Go: no Go here",
  ]);
});

Deno.test("runGroup() runs the checks that are wanted, by a part of the name of either", async () => {
  assert.deepEqual((await linesOf(group(), ["tool: wo"])).lines, ["ok      tool: works"]);
  assert.deepEqual((await linesOf(group(), ["tool"])).totals, { ok: 1, failed: 1, skipped: 1 });
});

Deno.test("runGroup() makes nothing ready when no check is wanted", async () => {
  const { totals, lines } = await linesOf(group(() => Promise.reject(new Error("made ready"))), ["elsewhere"]);
  assert.deepEqual([totals, lines], [{ ok: 0, failed: 0, skipped: 0 }, []]);
});

Deno.test("runGroup() says why a whole group is skipped, or has failed", async () => {
  const skipped = await linesOf(group(() => Promise.reject(new Skipped("no tool"))));
  assert.deepEqual([skipped.totals.skipped, skipped.lines], [3, ["skipped tool, all of 3: no tool"]]);
  const failed = await linesOf(group(() => Promise.reject(new Error("broken"))));
  assert.deepEqual([failed.totals.failed, failed.lines], [3, ["FAILED  tool, all of 3: broken"]]);
});
