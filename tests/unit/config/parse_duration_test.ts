import assert from "node:assert/strict";
import { parseDuration } from "../../../src/config/parse_duration.ts";
import { describeDuration } from "../../../src/report/messages/value_problem_text.ts";

Deno.test("parseDuration() reads Go durations", () => {
  const table: [string, number][] = [
    ["10m", 600_000],
    ["10m0s", 600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    [".5s", 500],
    ["1.s", 1_000],
    ["600s", 600_000],
    ["500ms", 500],
    ["1m500ms", 60_500],
    ["2000us", 2],
    ["2000µs", 2],
    ["2000μs", 2],
    ["3000000ns", 3],
    ["1.1s", 1_100],
    ["8784h", 366 * 86_400_000],
  ];
  for (const [text, ms] of table) assert.equal(parseDuration(text), ms, text);
});

Deno.test("parseDuration() reads bare numbers as seconds", () => {
  assert.equal(parseDuration("600"), 600_000);
  assert.equal(parseDuration("1.5"), 1_500);
  assert.equal(parseDuration("007"), 7_000);
});

Deno.test("parseDuration() gives 0, no limit, for zero only", () => {
  for (const text of ["0", "0s", "0m0s", "0.0"]) assert.equal(parseDuration(text), 0, text);
  for (const text of ["1ns", "0.0001", "499us"]) assert.equal(parseDuration(text), 1, text);
});

const refused = (text: string) => {
  const ms = parseDuration(text);
  return typeof ms === "number" ? `${ms}` : describeDuration(ms);
};

Deno.test("parseDuration() refuses what is no duration", () => {
  for (
    const text of ["", " ", "10x", "m", "10 m", " 10m", "10m ", "1e3", "0x10", "1h30", "10M", "--1s", "+", "∞", "NaN"]
  ) {
    assert.equal(refused(text), `cannot read ${JSON.stringify(text)} as a duration (write 10m, 600s or 600)`);
  }
});

Deno.test("parseDuration() refuses negative durations", () => {
  for (const text of ["-1", "-10m", "-.5s"]) assert.match(refused(text), /is negative/);
});

Deno.test("parseDuration() refuses more than a year, nanoseconds without a unit for one", () => {
  for (const text of ["8785h", "600000000000", "9".repeat(400), `${"9".repeat(400)}h`]) {
    assert.match(refused(text), /is longer than a year \(a bare number is seconds\)/);
  }
});

Deno.test("what is wrong with a duration is said in a short line", () => {
  assert.ok(refused("x".repeat(5_000)).length < 120);
});
