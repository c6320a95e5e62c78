import assert from "node:assert/strict";
import type { Level } from "../../../../src/report/messages/log.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import { createTextPrinter } from "../../../../src/report/printers/text.ts";

const AT = Date.UTC(2023, 0, 1, 12);

function open(changes: Partial<ReturnType<Parameters<typeof createTextPrinter>[0]>>) {
  let written = "";
  const output = { write: (text: string) => void (written += text) };
  const plain = {
    format: "text" as const,
    subject: "s/c",
    isOfMany: false,
    debug: false,
    verbose: false,
    color: false,
  };
  const printer = createTextPrinter(() => ({
    ...plain,
    output,
    columns: 0,
    wrap: (line) => [line],
    ...changes,
  }));
  return {
    log: (level: Level, message: string, atMs = AT) =>
      printer.print({ kind: "logged", level, message }, EMPTY_STATE, atMs, [[level, message]]),
    take() {
      const taken = written;
      written = "";
      return taken;
    },
  };
}

Deno.test("the log has the reference's lines, in local time", () => {
  const { log, take } = open({});
  log("info", "Starting rollback", new Date(2023, 0, 1, 12, 0, 0).getTime());
  log("warn", "late", new Date(2023, 10, 23, 4, 5, 6).getTime());
  assert.equal(take(), "2023/01/01 12:00:00 [info] s/c Starting rollback\n2023/11/23 04:05:06 [warn] s/c late\n");
});

Deno.test("the log colours what is not ordinary, and closes every colour", () => {
  const { log, take } = open({ debug: true, color: true });
  log("info", "text");
  assert.doesNotMatch(take(), /\x1b/);
  for (const level of ["debug", "warn", "error"] as const) {
    log(level, "text");
    assert.match(take(), /^\x1b\[\d+m.*\x1b\[0m\n$/);
  }
});

Deno.test("the log has debug lines only when asked to", () => {
  for (const debug of [true, false]) {
    const { log, take } = open({ debug });
    for (const level of ["debug", "info", "warn", "error"] as const) log(level, "text");
    const levels = [...take().matchAll(/\[(\w+)\] s\/c text\n/g)].map((match) => match[1]);
    assert.deepEqual(levels, [...(debug ? ["debug"] : []), "info", "warn", "error"]);
  }
});

Deno.test("the log is an object a line where machines gather it", () => {
  const { log, take } = open({ color: true, format: "json" });
  log("debug", "zero");
  log("warn", 'one "\n##[error]\x9b');
  const written = take();
  assert.equal(
    written,
    '{"time":"2023-01-01T12:00:00.000Z","level":"warn","subject":"s/c","message":"one \\"\\n#\\u0023[error]\\u009b"}\n',
  );
  assert.equal(JSON.parse(written).message, 'one "\n##[error]\x9b');
});

Deno.test("before anybody knows which service the log is about, a line says only how grave it is", () => {
  const { log, take } = open({ subject: undefined });
  log("error", "no\nconfig");
  assert.equal(take(), "error: no config\n");
});
