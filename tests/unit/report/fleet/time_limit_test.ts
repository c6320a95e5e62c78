import assert from "node:assert/strict";
import { warnOfTime } from "../../../../src/report/fleet/time_limit.ts";
import type { ServiceState } from "../../../../src/report/state.ts";

const MINUTE_MS = 60_000;

function warn(services: number, minutes: number, parallel = 10, wavesOf = services): string[] {
  const planned = Array.from({ length: services }, (_, index) => ({ wave: 1 + Math.floor(index / wavesOf) }));
  return warnOfTime(planned as ServiceState[], { parallel, onFailure: "continue" }, minutes * MINUTE_MS);
}

Deno.test("warnOfTime() says that the time may be up before all are begun", () => {
  assert.deepEqual(warn(200, 10), [
    "With 30s for each 10, the time may be up before all are begun: add --timeout 60m.",
  ]);
  assert.deepEqual(warn(200, 40), [], "two minutes each");
  assert.equal(warn(200, 39).length, 1);
  assert.deepEqual(warn(200, 0), [], "no limit");
  assert.deepEqual(warn(10, 1), [], "all are begun at once");
  assert.deepEqual(warn(12, 10, 10), []);
  assert.equal(warn(12, 10, 10, 2).length, 1, "in six waves");
});
