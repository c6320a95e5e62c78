import assert from "node:assert/strict";
import { ALL_SUSPENDED, NONE_SUSPENDED } from "../../../../src/model/scalable_target.ts";
import { findOtherRestorer, joinRecord } from "../../../../src/rollout/steps/share_suspension.ts";

const OWN = { prior: NONE_SUSPENDED, by: "alice", atMs: 2, runs: ["a"] };
const EARLIER = { prior: ALL_SUSPENDED, by: "bob", atMs: 1, runs: ["b", "c"] };

Deno.test("joinRecord() keeps what an earlier run has recorded, and puts this run first", () => {
  assert.deepEqual(joinRecord(undefined, OWN), OWN);
  assert.deepEqual(joinRecord(EARLIER, OWN), { ...EARLIER, runs: ["a", "b", "c"] });
  assert.deepEqual(joinRecord(EARLIER, { ...OWN, runs: ["c"] }), { ...EARLIER, runs: ["c", "b"] });
});

Deno.test("joinRecord() keeps a record that names no run, and writes anew what this run alone had on record", () => {
  assert.deepEqual(joinRecord({ ...EARLIER, runs: [] }, OWN), { ...EARLIER, runs: ["a"] });
  assert.deepEqual(joinRecord({ ...EARLIER, runs: ["a"] }, OWN), OWN);
});

/** The runs on record now, those known, whether run `a` was beaten, and when the run began that restores in its place. */
const CASES: readonly [string[] | undefined, string[], boolean, ReturnType<typeof findOtherRestorer>][] = [
  // Alone.
  [["a"], [], false, undefined],
  [["a"], [], true, undefined],
  [undefined, [], true, undefined],
  // A record of an older version names nobody who could restore.
  [[], [], true, undefined],
  // Somebody has come after this run: it restores, however this run ended.
  [["b", "a"], [], false, "later"],
  [["b", "a"], [], true, "later"],
  [["b"], ["c"], false, "later"],
  // This run has come after another one: it restores, unless the other one was faster.
  [["a", "b"], ["b"], false, undefined],
  [["a", "b"], ["b"], true, "earlier"],
  // An answer from before this run joined.
  [["b"], ["b"], false, undefined],
  [["b"], ["b"], true, "earlier"],
];

Deno.test("findOtherRestorer() has the newest run restore, and a beaten one leave it to the others", () => {
  for (const [runs, known, isOvertaken, expected] of CASES) {
    const record = runs && { ...EARLIER, runs };
    const found = findOtherRestorer({ runId: "a", known, record, isOvertaken });
    assert.equal(found, expected, JSON.stringify({ runs, known, isOvertaken }));
  }
});
