import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { countCodeLines, formatCoverage, linePercentage, parseLcov } from "./coverage.ts";

const half = { path: "src/half.ts", lines: 4, coveredLines: 2, isLoaded: true };
const full = { path: "src/full.ts", lines: 4, coveredLines: 4, isLoaded: true };
const unloaded = { path: "src/unloaded.ts", lines: 8, coveredLines: 0, isLoaded: false };

Deno.test("parseLcov() counts the lines of each file", () => {
  const report = `SF:/project/src/a.ts
FN:1,a
DA:1,1
DA:2,0
DA:30,12
LH:2
LF:3
end_of_record
SF:/project/src/ui/b.ts
DA:1,0
end_of_record
`;
  deepStrictEqual([...parseLcov(report, "/project")], [
    ["src/a.ts", { lines: 3, coveredLines: 2 }],
    ["src/ui/b.ts", { lines: 1, coveredLines: 0 }],
  ]);
});

Deno.test("linePercentage() weighs files by their lines and counts those that were not loaded", () => {
  strictEqual(linePercentage([half, full]), 75);
  strictEqual(linePercentage([half, full, unloaded]), 37.5);
  strictEqual(linePercentage([]), 100);
});

Deno.test("formatCoverage() puts the least covered file first", () => {
  deepStrictEqual(formatCoverage([full, half, unloaded]).split("\n"), [
    "  0.0 %  src/unloaded.ts",
    " 50.0 %  src/half.ts",
    "100.0 %  src/full.ts",
    " 37.5 %  line coverage of all files",
  ]);
});

// esbuild keeps its worker for the next call, which Deno's sanitizers would take for a leak.
const keepsWorker = { sanitizeOps: false, sanitizeResources: false };

Deno.test("countCodeLines() finds nothing to run in a file of types", keepsWorker, () => {
  const types = `
    import type { A } from "./a.ts";
    /** A port. */
    export interface B { a: A }
    export type { C } from "./c.ts";
  `;
  strictEqual(countCodeLines(types), 0);
  strictEqual(countCodeLines("/** Two. */\nexport const two: number = 2;"), 1);
});
