import assert from "node:assert/strict";
import { lookFor, readWhile, retry } from "../../../src/host/retry.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const NEVER = new AbortController().signal;

Deno.test("retry() makes attempts while another may follow; its pauses double up to 5 s, and vary by what is random", async () => {
  for (const [random, first] of [[undefined, 500], [() => 0, 250], [() => 0.9, 700]] as const) {
    const clock = new VirtualClock(0);
    const madeAtMs: number[] = [];
    const attempt = () => Promise.resolve(madeAtMs.push(clock.elapsed()));
    const pauses = { clock, ...(random && { random }), firstPauseMs: 500 };
    assert.equal(await retry(attempt, (count) => count < 7, pauses, NEVER), 7);
    const lasted = madeAtMs.slice(1).map((atMs, index) => atMs - madeAtMs[index]!);
    assert.deepEqual(lasted, [1, 2, 4, 8, 10, 10].map((times) => times * first));
  }
});

Deno.test("retry() returns what the last attempt came to once it is to stop, also in a pause", async () => {
  for (const stopsIn of ["attempt", "pause"]) {
    const stop = new AbortController();
    let attempts = 0;
    const attempt = () => {
      if (stopsIn === "attempt") stop.abort();
      return Promise.resolve(++attempts);
    };
    const clock = { sleep: () => Promise.resolve(stop.abort()) };
    assert.equal(await retry(attempt, () => true, { clock }, stop.signal), 1);
  }
});

Deno.test("readWhile() reads again while a read lags behind, and believes the last one", async () => {
  for (const [behind, made] of [[0, 1], [2, 3], [9, 4]] as const) {
    const clock = new VirtualClock(0);
    let reads = 0;
    const read = () => Promise.resolve(++reads);
    const seen = await readWhile((seen) => seen <= behind, read, { clock, maxReads: 4, everyMs: 1_000 }, NEVER);
    assert.deepEqual([seen, reads, clock.now()], [made, made, (made - 1) * 1_000]);
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
