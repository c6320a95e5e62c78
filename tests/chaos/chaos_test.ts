import assert from "node:assert/strict";
import { sampleOf } from "./matrix.ts";
import { formatFinding, formatTable, hasFailed } from "./report.ts";
import { matrixOf, observeCalm, tryCells } from "./try_cells.ts";

/** A sample of what `deno task chaos` tries. */
const SEED = 1;
const CELLS = 40;

Deno.test({
  name: `${CELLS} misbehaviours on the wire lose nothing, and every end is reported as it is`,
  // The wire resets connections, which Windows shows in other ways.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const startedAtMs = performance.now();
    const calm = await observeCalm();
    const findings = await tryCells(sampleOf(matrixOf(calm, SEED), CELLS, SEED), calm);
    console.log(formatTable(findings, performance.now() - startedAtMs));
    assert.equal(findings.length, CELLS);
    assert.deepEqual(findings.filter(hasFailed).map(formatFinding), []);
  },
});
