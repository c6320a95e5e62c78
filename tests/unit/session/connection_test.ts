import assert from "node:assert/strict";
import { reportTrouble } from "../../../src/session/connection.ts";
import { AwsError, type AwsErrorKind } from "../../../src/errors.ts";
import { VirtualClock } from "../../virtual_clock.ts";

function error(kind: AwsErrorKind): AwsError {
  return new AwsError({ operation: "UpdateService", kind, code: "Code", detail: "Words" });
}

Deno.test("reportTrouble() explains a silence after three seconds, then once a minute", () => {
  const clock = new VirtualClock(1_000_000);
  const lines: string[] = [];
  const report = reportTrouble(clock, (line) => void lines.push(line));
  for (let failingForMs = 0; failingForMs <= 130_000; failingForMs += 1_000) {
    report(error("throttled"), failingForMs);
    clock.advance(1_000);
  }
  assert.deepEqual(
    lines,
    ["3s", "1m3s", "2m3s"].map((time) =>
      `AWS is throttling: UpdateService failed: Code: Words; still trying after ${time}`
    ),
  );
});

Deno.test("reportTrouble() names other trouble as it is, and says nothing of what passes at once", () => {
  const lines: string[] = [];
  const report = reportTrouble(new VirtualClock(0), (line) => void lines.push(line));
  report(error("server"), 2_999);
  report(error("server"), 3_000);
  assert.deepEqual(lines, ["UpdateService failed: Code: Words; still trying after 3s"]);
});
