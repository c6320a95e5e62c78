import { strictEqual } from "node:assert/strict";
import { totalsOf } from "../../tools/run_tests.ts";

Deno.test("totalsOf() reads Deno's last closing line, through colours and whatever a test has printed", () => {
  const line = "\x1b[0m\x1b[32mok\x1b[0m | 14 passed (2 steps) | 0 failed | 1 ignored \x1b[0m(333ms)\x1b[0m\n";
  strictEqual(totalsOf([line]), "14 passed, 0 failed, 1 skipped");
  const twice = "ok | 99 passed | 0 failed (1ms)\nFAILED | 3 passed (1 step) | 2 failed (1 step) (1m2s)\n";
  strictEqual(totalsOf([twice]), "3 passed, 2 failed");
  strictEqual(totalsOf([line, twice]), "17 passed, 2 failed, 1 skipped");
  strictEqual(totalsOf(["error: Type checking failed.\n"]), "0 passed, 0 failed");
});
