import assert from "node:assert/strict";
import { Deadline } from "../../../src/session/deadline.ts";
import { VirtualClock } from "../../virtual_clock.ts";

Deno.test("a deadline is over when its time is up, and never without a limit", async () => {
  const clock = new VirtualClock(0);
  const [limited, endless] = [new Deadline(clock, 5_000).signal, new Deadline(clock, 0).signal];
  await clock.sleep(4_999);
  assert.equal(limited.aborted, false);
  await clock.sleep(1);
  assert.deepEqual([limited.aborted, endless.aborted], [true, false]);
});

Deno.test("a deadline stands still while a question is asked, however long that takes", async () => {
  const clock = new VirtualClock(0);
  const deadline = new Deadline(clock, 5_000);
  await clock.sleep(2_000);
  assert.equal(await deadline.pauseFor(() => clock.sleep(60_000).then(() => "yes")), "yes");
  await clock.sleep(2_999);
  assert.equal(deadline.signal.aborted, false);
  await clock.sleep(1);
  assert.equal(deadline.signal.aborted, true);
});

Deno.test("a clock that is set back or on moves no deadline, not even while a question is asked", async () => {
  for (const ms of [-3_600_000, 3_600_000]) {
    const clock = new VirtualClock(0);
    const deadline = new Deadline(clock, 5_000);
    clock.setBy(ms);
    await deadline.pauseFor(() => {
      clock.setBy(ms);
      return clock.sleep(1_000);
    });
    await clock.sleep(4_999);
    assert.equal(deadline.signal.aborted, false);
    await clock.sleep(1);
    assert.equal(deadline.signal.aborted, true);
  }
});

Deno.test("a short question moves a deadline that comes later", async () => {
  const clock = new VirtualClock(0);
  const deadline = new Deadline(clock, 5_000);
  await deadline.pauseFor(() => clock.sleep(1_000));
  await clock.sleep(4_999);
  assert.equal(deadline.signal.aborted, false);
  await clock.sleep(1);
  assert.equal(deadline.signal.aborted, true);
});
