import fc from "fast-check";
import assert from "node:assert/strict";
import { UsageError } from "../../../src/errors.ts";
import { parseMoment, parseSpan } from "../../../src/session/parse_moment.ts";
import { renderHistoryRow, renderHistoryValues } from "../../../src/report/history_text.ts";

const NOW_MS = Date.parse("2026-11-24T20:00:00Z");

Deno.test("a moment is a date and a time, local or with an offset, or how long ago", () => {
  const local = new Date(2026, 10, 24, 3, 30).getTime();
  const cases: [string, number][] = [
    ["2026-11-24 03:30", local],
    ["2026-11-24T03:30", local],
    ["2026-11-24 03:30:15", local + 15_999],
    ["2026/11/24 03:30:15", local + 15_999],
    ["2026/11/24 03:30", local],
    ["2026-11-24T18:00:00.250Z", NOW_MS - 2 * 3_600_000 + 250],
    ["2026-11-24 18:00Z", NOW_MS - 2 * 3_600_000],
    ["2026-11-25 03:00+09:00", NOW_MS - 2 * 3_600_000],
    ["2026-11-25T03:00:00+0900", NOW_MS - 2 * 3_600_000 + 999],
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
    "2026/11-24 10:00",
    "2026-11-24 10:00.5",
  ];
  for (const text of cases) {
    assert.throws(() => parseMoment(text, "--at", NOW_MS), (error) => {
      return error instanceof UsageError && error.message.startsWith("--at");
    }, text);
  }
  assert.throws(() => parseMoment("2026-11-25 18:00Z", "--at", NOW_MS), /--at "2026-11-25 18:00Z" is still to come/);
});

/** Their clocks go back by an hour, by half an hour, at midnight, and never. */
const ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Tokyo"];

Deno.test("every time that history prints is read back as the same second, in summer and when clocks are put back", () => {
  const before = Deno.env.get("TZ");
  const nowMs = Date.parse("2027-01-01T00:00:00Z");
  const changes = [
    "2026-10-25T01:00Z",
    "2026-11-01T06:00Z",
    "2026-04-04T15:00Z",
    "2026-11-01T05:00Z",
    "2026-03-29T01:00Z",
  ];
  const near = fc.tuple(fc.constantFrom(...changes.map(Date.parse)), fc.integer({ min: -7_200_000, max: 7_200_000 }));
  const moments = fc.oneof(near.map(([ms, off]) => ms + off), fc.integer({ min: nowMs - 90 * 86_400_000, max: nowMs }));
  try {
    fc.assert(fc.property(fc.constantFrom(...ZONES), moments, (zone, ms) => {
      Deno.env.set("TZ", zone);
      const row = {
        fromMs: ms,
        toMs: ms,
        servedMs: 0,
        taskDefinition: undefined,
        images: [],
        isLive: false,
        ended: "",
      };
      for (const text of [...renderHistoryRow(row).slice(0, 2), ...renderHistoryValues(row).slice(0, 2)]) {
        const read = parseMoment(text, "--at", nowMs + 1_000);
        assert.equal(Math.floor(read / 1_000), Math.floor(ms / 1_000), `${zone} ${text}`);
        assert.ok(read >= ms, `${zone} ${text}: what served from then has begun`);
      }
    }));
  } finally {
    if (before === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", before);
  }
});

Deno.test("a span may be in days", () => {
  assert.equal(parseSpan("7d", "--since"), 7 * 86_400_000);
  assert.equal(parseSpan("15m", "--min-served"), 15 * 60_000);
  assert.throws(() => parseSpan("a week", "--since"), /--since: cannot read "a week" as a duration/);
});
