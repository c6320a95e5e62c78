import assert from "node:assert/strict";
import { soonAfterAbort, unlessAborted } from "../../../src/host/sleep.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** A signal that counts who listens to it. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const count = (by: number, method: "addEventListener" | "removeEventListener") => {
    const original = signal[method].bind(signal);
    signal[method] = (type: string, listener: EventListenerOrEventListenerObject) => {
      listeners += by;
      original(type, listener);
    };
  };
  count(1, "addEventListener");
  count(-1, "removeEventListener");
  return { controller, signal, listeners: () => listeners };
}

Deno.test("unlessAborted() leaves nothing at a signal that outlives the work", async () => {
  const { signal, listeners } = countedSignal();
  assert.equal(await unlessAborted(Promise.resolve("done"), signal), "done");
  await assert.rejects(unlessAborted(Promise.reject(new Error("no")), signal), /no/);
  await Promise.resolve();
  assert.equal(listeners(), 0);
});

Deno.test("unlessAborted() does not wait for work once the signal is aborted", async () => {
  const { controller, signal } = countedSignal();
  const never = unlessAborted(new Promise(() => {}), signal);
  controller.abort();
  await assert.rejects(never, { name: "AbortError" });
  await assert.rejects(unlessAborted(new Promise(() => {}), signal), { name: "AbortError" });
});

Deno.test("soonAfterAbort() gives the time that is right when the signal is aborted, and also where it was before", () => {
  for (const isAbortedBefore of [false, true]) {
    const clock = new VirtualClock(0);
    const controller = new AbortController();
    let graceMs = 3_000;
    if (isAbortedBefore) controller.abort();
    const soon = soonAfterAbort(controller.signal, () => graceMs, clock);
    if (!isAbortedBefore) {
      graceMs = 1_000;
      clock.advance(10_000);
      assert.equal(soon.aborted, false);
      controller.abort();
    }
    clock.advance(graceMs - 1);
    assert.equal(soon.aborted, false);
    clock.advance(1);
    assert.equal(soon.aborted, true);
  }
});
