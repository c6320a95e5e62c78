import assert from "node:assert/strict";
import {
  findHold,
  findLastRollback,
  formatHold,
  formatLastRollback,
  HOLD_KEY,
  LAST_ROLLBACK_KEY,
} from "../../../src/model/service_notes.ts";
import type { Revision } from "../../../src/model/arn.ts";
import { revision } from "../made_up.ts";

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
      const { untilMs, atMs, by: who } = { atMs: NaN, untilMs: NaN, by: undefined, ...read(value) };
      assert.deepEqual([untilMs, atMs, typeof who], [UNTIL_MS, AT_MS, "string"], value);
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

function readRollback(value: string) {
  return findLastRollback({ tags: [{ key: LAST_ROLLBACK_KEY, value }] });
}

Deno.test("the last rollback is read as it was written, within what AWS takes as a tag", () => {
  const long = "f".repeat(255);
  for (const reason of [undefined, "INC-42: leaks", 'a "b" <c>\n{d}', "x".repeat(500)]) {
    for (const by of ["alice", "", "é".repeat(100), "a=b"]) {
      for (const family of ["myservice", long]) {
        const [from, to] = [2_147_483_647, 3].map((number) => ({ ...revision(number), family })) as [
          Revision,
          Revision,
        ];
        const value = formatLastRollback(from, to, { atMs: AT_MS, by, reason });
        assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
        assert.ok([...value].length <= 256, value);
        const read = readRollback(value);
        const name = family === long ? "" : family;
        assert.deepEqual([read?.atMs, read?.from, read?.to], [AT_MS, `${name}:2147483647`, `${name}:3`], value);
        assert.ok(reason === undefined || read!.reason!.length >= Math.min(reason.length, 50), value);
      }
    }
  }
  const note = { atMs: AT_MS, by: "alice", reason: "INC-42: leaks" };
  const value = formatLastRollback(revision(4), revision(3), note);
  assert.deepEqual(readRollback(value), { ...note, from: "myservice:4", to: "myservice:3" });
});

Deno.test("a last rollback that this program has not noted is none", () => {
  for (const foreign of ["", "yes", "v1 at=2023-01-01T12:00:00Z by=a", "v1 from=a:1 to=a:2 at=today by=a"]) {
    assert.equal(readRollback(foreign), undefined, foreign);
  }
  assert.equal(findLastRollback({}), undefined);
});
