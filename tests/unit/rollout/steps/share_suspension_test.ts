import assert from "node:assert/strict";
import { findOtherRestorer, joinRecord, leaveRecord, type Sharing } from "../../../../src/rollout/scaling_record.ts";
import { ALL_SUSPENDED, NONE_SUSPENDED } from "../../../../src/model/scalable_target.ts";

const OWN = { prior: NONE_SUSPENDED, by: "alice", atMs: 2 };
const EARLIER = { prior: ALL_SUSPENDED, by: "bob", atMs: 1, runs: ["b", "c"] };

Deno.test("joinRecord() keeps what an earlier run has recorded, and puts this run first", () => {
  assert.deepEqual(joinRecord(undefined, OWN, "a"), { ...OWN, runs: ["a"] });
  assert.deepEqual(joinRecord(EARLIER, OWN, "a"), { ...EARLIER, runs: ["a", "b", "c"] });
  assert.deepEqual(joinRecord(EARLIER, OWN, "c"), { ...EARLIER, runs: ["c", "b"] });
});

Deno.test("joinRecord() keeps a record that names no run, and writes anew what this run alone had on record", () => {
  assert.deepEqual(joinRecord({ ...EARLIER, runs: [] }, OWN, "a"), { ...EARLIER, runs: ["a"] });
  assert.deepEqual(joinRecord({ ...EARLIER, runs: ["a"] }, OWN, "a"), { ...OWN, runs: ["a"] });
});

Deno.test("leaveRecord() takes this run off the record, and nothing else", () => {
  assert.deepEqual(leaveRecord(EARLIER, "b"), { ...EARLIER, runs: ["c"] });
});

/** The runs on record now, those known, whether run `a` was beaten, and who restores in its place. */
const CASES: readonly [runs: string[] | undefined, known: string[], isBeaten: boolean, Sharing["run"] | undefined][] = [
  // Alone.
  [["a"], [], false, undefined],
  [["a"], [], true, undefined],
  [undefined, [], true, undefined],
  // A record of an older version names nobody who could restore.
  [[], [], true, undefined],
  // Somebody has come after this run: it restores, however this run ended.
  [["b", "a"], [], false, "newer"],
  [["b", "a"], [], true, "newer"],
  [["b"], ["c"], false, "newer"],
  // This run has come after another one: it restores, unless the other one was faster.
  [["a", "b"], ["b"], false, undefined],
  [["a", "b"], ["b"], true, "winner"],
  // An answer from before this run joined.
  [["b"], ["b"], false, undefined],
  [["b"], ["b"], true, "winner"],
];

Deno.test("findOtherRestorer() has the newest run restore, and a beaten one leave it to the others", () => {
  for (const [runs, known, isBeaten, expected] of CASES) {
    const record = runs && { ...EARLIER, runs };
    const found = findOtherRestorer({ run: "a", known, record, isBeaten });
    assert.equal(found, expected, JSON.stringify({ runs, known, isBeaten }));
  }
});
