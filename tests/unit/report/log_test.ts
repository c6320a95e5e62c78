import assert from "node:assert/strict";
import { createLog, formatLogLine, onOneLine } from "../../../src/report/log.ts";

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

Deno.test("createLog() writes debug lines only when asked to", () => {
  for (const debug of [true, false]) {
    let written = "";
    const output = { write: (text: string) => void (written += text) };
    const log = createLog({
      mask: (text) => text,
      output,
      subject: "s/c",
      now: () => AT,
      debug,
      color: false,
      format: "text",
      onEntry: () => {},
    });
    log.debug("one");
    log.info("two");
    log.warn("three");
    log.error("four");
    const levels = [...written.matchAll(/\[(\w+)\] s\/c \w+\n/g)].map((match) => match[1]);
    assert.deepEqual(levels, [...(debug ? ["debug"] : []), "info", "warn", "error"]);
  }
});

Deno.test("createLog() writes an object a line where machines gather the log", () => {
  let written = "";
  const heard: string[] = [];
  const output = { isTerminal: false, write: (text: string) => void (written += text) };
  const onEntry = (level: string, message: string) => void heard.push(`${level} ${message}`);
  const now = () => Date.UTC(2023, 0, 1, 12);
  const mask = (text: string) => text.replaceAll("\x07s3cret", "(hidden)");
  const log = createLog({ output, subject: "s/c", now, debug: false, color: true, format: "json", mask, onEntry });
  log.debug("zero");
  log.warn('one "\n##[error]\x9b');
  assert.equal(
    written,
    '{"time":"2023-01-01T12:00:00.000Z","level":"warn","subject":"s/c","message":"one \\"\\n#\\u0023[error]\\u009b"}\n',
  );
  assert.equal(JSON.parse(written).message, 'one "\n##[error]\x9b');
  written = "";
  log.info("two \x07s3cret");
  assert.equal(JSON.parse(written).message, "two (hidden)");
  assert.deepEqual(heard, ['warn one "\n##[error]\x9b', "info two (hidden)"]);
});
