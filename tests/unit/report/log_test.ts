import assert from "node:assert/strict";
import { formatLogLine, onOneLine } from "../../../src/report/log.ts";

const AT = new Date(2023, 0, 1, 12, 0, 0).getTime();
const ENTRY = { atMs: AT, level: "info" as const, subject: "myservice/default", message: "Starting rollback" };

Deno.test("formatLogLine() writes the reference's line in local time", () => {
  assert.equal(formatLogLine(ENTRY, false), "2023/01/01 12:00:00 [info] myservice/default Starting rollback");
  const late = new Date(2023, 10, 23, 4, 5, 6).getTime();
  assert.match(formatLogLine({ ...ENTRY, atMs: late }, false), /^2023\/11\/23 04:05:06 \[info\] /);
});

Deno.test("formatLogLine() colours what is not ordinary, and closes every colour", () => {
  assert.doesNotMatch(formatLogLine(ENTRY, true), /\x1b/);
  for (const level of ["debug", "warn", "error"] as const) {
    assert.match(formatLogLine({ ...ENTRY, level }, true), /^\x1b\[\d+m.*\x1b\[0m$/);
    assert.doesNotMatch(formatLogLine({ ...ENTRY, level }, false), /\x1b/);
  }
});

Deno.test("onOneLine() lets no text forge a line or drive the terminal", () => {
  assert.equal(onOneLine("a\r\nb\nc"), "a b c");
  assert.equal(onOneLine("\x1b[31mred\x07\x9b"), "\\u{1b}[31mred\\u{7}\\u{9b}");
  assert.equal(onOneLine("日本 🍣"), "日本 🍣");
});
