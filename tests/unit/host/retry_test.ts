import assert from "node:assert/strict";
import { lookFor, Pauses } from "../../../src/host/retry.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const NEVER = new AbortController().signal;

Deno.test("Pauses double up to 5 s, and vary by what is random", async () => {
  for (const [random, first] of [[undefined, 500], [() => 0, 250], [() => 0.9, 700]] as const) {
    const clock = new VirtualClock(0);
    const pauses = new Pauses({ clock, ...(random && { random }) }, 500);
    const lasted: number[] = [];
    for (let pause = 0; pause < 6; pause++) {
      const beganAtMs = clock.elapsed();
      await pauses.next(NEVER);
      lasted.push(clock.elapsed() - beganAtMs);
    }
    assert.deepEqual(lasted, [1, 2, 4, 8, 10, 10].map((times) => times * first));
  }
});

Deno.test("lookFor() looks until it sees something, or the time is up, whatever the wall clock says", async () => {
  const clock = new VirtualClock(0);
  const looking = { clock, forMs: 10_000, everyMs: 4_000 };
  let looks = 0;
  assert.equal(await lookFor(() => Promise.resolve(++looks === 2 ? "seen" : undefined), looking, NEVER), "seen");
  assert.deepEqual([looks, clock.now()], [2, 4_000]);
  clock.setBy(-3_600_000);
  looks = 0;
  assert.equal(await lookFor(() => Promise.resolve(void looks++), looking, NEVER), undefined);
  assert.equal(looks, 3);
  assert.equal(await lookFor(() => assert.fail("looked"), looking, AbortSignal.abort()), undefined);
});
