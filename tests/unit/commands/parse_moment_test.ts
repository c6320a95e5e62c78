import assert from "node:assert/strict";
import { UsageError } from "../../../src/errors.ts";
import { parseMoment, parseSpan } from "../../../src/commands/parse_moment.ts";

const NOW_MS = Date.parse("2026-11-24T20:00:00Z");

Deno.test("a moment is a date and a time, local or with an offset, or how long ago", () => {
  const local = new Date(2026, 10, 24, 3, 30).getTime();
  const cases: [string, number][] = [
    ["2026-11-24 03:30", local],
    ["2026-11-24T03:30", local],
    ["2026-11-24 03:30:15", local + 15_000],
    ["2026-11-24 18:00Z", NOW_MS - 2 * 3_600_000],
    ["2026-11-25 03:00+09:00", NOW_MS - 2 * 3_600_000],
    ["2026-11-25T03:00:00+0900", NOW_MS - 2 * 3_600_000],
    ["-2h", NOW_MS - 2 * 3_600_000],
    ["-90m", NOW_MS - 90 * 60_000],
    ["-3d", NOW_MS - 3 * 86_400_000],
  ];
  for (const [text, ms] of cases) assert.equal(parseMoment(text, "--at", NOW_MS), ms, text);
});

Deno.test("what is no moment, or still to come, is refused by the option's name", () => {
  const cases = [
    "",
    "yesterday",
    "18:00",
    "2026-02-30 10:00",
    "2026-11-24 24:01",
    "2026-11-24 10:60",
    "-",
    "-soon",
    "--2h",
  ];
  for (const text of cases) {
    assert.throws(() => parseMoment(text, "--at", NOW_MS), (error) => {
      return error instanceof UsageError && error.message.startsWith("--at");
    }, text);
  }
  assert.throws(() => parseMoment("2026-11-25 18:00Z", "--at", NOW_MS), /--at "2026-11-25 18:00Z" is still to come/);
});

Deno.test("a span may be in days", () => {
  assert.equal(parseSpan("7d", "--since"), 7 * 86_400_000);
  assert.equal(parseSpan("15m", "--min-served"), 15 * 60_000);
  assert.throws(() => parseSpan("a week", "--since"), /--since: cannot read "a week" as a duration/);
});
