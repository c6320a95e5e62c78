import assert from "node:assert/strict";
import { findHold, formatHold, HOLD_KEY } from "../../../src/model/hold.ts";

const [AT_MS, UNTIL_MS] = [Date.UTC(2023, 0, 1, 12), Date.UTC(2023, 0, 1, 14)];

function read(value: string, nowMs = AT_MS) {
  return findHold({ tags: [{ key: "team", value: "web" }, { key: HOLD_KEY, value }] }, nowMs);
}

Deno.test("what is written is what is read, within what AWS takes as a tag", () => {
  for (const reason of [undefined, "INC-42: leaks", "日本 語", 'a "b" <c>\n{d}', "x".repeat(500), " "]) {
    for (const by of ["alice", "", "a b", "é".repeat(100)]) {
      const value = formatHold({ untilMs: UNTIL_MS, atMs: AT_MS, by, reason });
      assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
      assert.ok([...value].length <= 256, value);
      const hold = read(value);
      assert.deepEqual([hold?.untilMs, hold?.atMs, typeof hold?.by], [UNTIL_MS, AT_MS, "string"], value);
    }
  }
  assert.deepEqual(read(formatHold({ untilMs: UNTIL_MS, atMs: AT_MS, by: "alice", reason: "INC-42: leaks" })), {
    ...{ untilMs: UNTIL_MS, atMs: AT_MS },
    ...{ by: "alice", reason: "INC-42: leaks" },
  });
});

Deno.test("a hold ends by itself, and one with a value of somebody else's does not", () => {
  const value = formatHold({ untilMs: UNTIL_MS, atMs: AT_MS, by: "alice", reason: undefined });
  assert.notEqual(read(value, UNTIL_MS - 1), undefined);
  assert.equal(read(value, UNTIL_MS), undefined);
  for (const foreign of ["", "yes", "v2 until=x", "v1 until=2023-99-99T14:00:00Z at=2023-01-01T12:00:00Z by=a"]) {
    assert.deepEqual(read(foreign, UNTIL_MS)?.untilMs, undefined);
    assert.notEqual(read(foreign, UNTIL_MS), undefined);
  }
  assert.equal(findHold({}, AT_MS), undefined);
});
