import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDuration } from "../../src/config/parse_duration.ts";
import { checkRequiredVersion } from "../../src/config/settings.ts";
import { describeProblem } from "../../src/report/messages/config_problem_text.ts";
import { describeDuration } from "../../src/report/messages/value_problem_text.ts";
import { textOf } from "./arbitrary_texts.ts";

Deno.test("parseDuration() gives milliseconds or a RangeError for any text", () => {
  const pieces = [
    "1",
    "0",
    "9",
    ".",
    "-",
    "+",
    "h",
    "m",
    "s",
    "ms",
    "us",
    "µs",
    "ns",
    " ",
    "e",
    "99999999999999999999",
  ];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      const ms = parseDuration(text);
      if (typeof ms !== "number") return assert.ok(!describeDuration(ms).includes("\n"));
      assert.ok(Number.isSafeInteger(ms) && ms >= 0);
      assert.equal(ms === 0, !/[1-9]/.test(text), "only zero means none");
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("parseDuration() reads back any duration that Go would print", () => {
  fc.assert(fc.property(fc.nat({ max: 366 * 86_400_000 }), (ms) => {
    const hours = Math.floor(ms / 3_600_000);
    const minutes = Math.floor(ms / 60_000) % 60;
    const seconds = `${Math.floor(ms / 1_000) % 60}.${String(ms % 1_000).padStart(3, "0")}`;
    assert.equal(parseDuration(`${hours}h${minutes}m${seconds}s`), ms);
    assert.equal(parseDuration(`${ms}ms`), ms);
  }));
});

Deno.test("checkRequiredVersion() answers in one line for any text", () => {
  const pieces = ["2", "8", "0", ".", ">=", "<", "~>", "!=", "=", ",", " ", "-", "+", "v", "beta", "~"];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      const problem = checkRequiredVersion(text);
      assert.ok(problem === undefined || !describeProblem({ code: "badValue", key: "", problem }).includes("\n"));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("checkRequiredVersion() holds for exactly one of <, = and > of any release", () => {
  const release = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join("."));
  fc.assert(fc.property(release, (version) => {
    const holding = ["<", "=", ">"].filter((operator) => checkRequiredVersion(`${operator} ${version}`) === undefined);
    assert.equal(holding.length, 1);
  }));
});
