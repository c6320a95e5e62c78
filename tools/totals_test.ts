import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { addTotals, formatTotals, parseTotals } from "./totals.ts";

Deno.test("parseTotals() reads Deno's closing line through colours", () => {
  const line = "\x1b[0m\x1b[32mok\x1b[0m | 14 passed (2 steps) | 0 failed | 1 ignored \x1b[0m(333ms)\x1b[0m\n";
  deepStrictEqual(parseTotals(line), { passed: 14, failed: 0, skipped: 1 });
});

Deno.test("parseTotals() reads failures and their steps", () => {
  const line = "FAILED | 3 passed (1 step) | 2 failed (1 step) (1m2s)\n";
  deepStrictEqual(parseTotals(line), { passed: 3, failed: 2, skipped: 0 });
});

Deno.test("parseTotals() takes the last line, not one that a test printed", () => {
  const output = "ok | 99 passed | 0 failed (1ms)\nFAILED | 1 passed | 1 failed (2ms)\n";
  deepStrictEqual(parseTotals(output), { passed: 1, failed: 1, skipped: 0 });
});

Deno.test("parseTotals() counts nothing when the run ended early", () => {
  deepStrictEqual(parseTotals("error: Type checking failed.\n"), { passed: 0, failed: 0, skipped: 0 });
});

Deno.test("addTotals() adds each end up", () => {
  const runs = [{ passed: 2, failed: 0, skipped: 1 }, { passed: 3, failed: 1, skipped: 0 }];
  deepStrictEqual(addTotals(runs), { passed: 5, failed: 1, skipped: 1 });
});

Deno.test("formatTotals() mentions skipped tests only when there are any", () => {
  strictEqual(formatTotals({ passed: 2, failed: 0, skipped: 0 }), "2 passed, 0 failed");
  strictEqual(formatTotals({ passed: 2, failed: 1, skipped: 3 }), "2 passed, 1 failed, 3 skipped");
});
