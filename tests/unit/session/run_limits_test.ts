import assert from "node:assert/strict";
import { TimeLimit } from "../../../src/session/run_limits.ts";
import { VirtualClock } from "../../virtual_clock.ts";

Deno.test("a time limit is over when its time is up, and never without a limit", async () => {
  const clock = new VirtualClock(0);
  const [limited, endless] = [new TimeLimit(clock, 5_000).signal, new TimeLimit(clock, 0).signal];
  await clock.sleep(4_999);
  assert.equal(limited.aborted, false);
  await clock.sleep(1);
  assert.deepEqual([limited.aborted, endless.aborted], [true, false]);
});

Deno.test("a time limit stands still while a question is asked, however long that takes", async () => {
  const clock = new VirtualClock(0);
  const limit = new TimeLimit(clock, 5_000);
  await clock.sleep(2_000);
  assert.equal(await limit.pauseFor(() => clock.sleep(60_000).then(() => "yes")), "yes");
  await clock.sleep(2_999);
  assert.equal(limit.signal.aborted, false);
  await clock.sleep(1);
  assert.equal(limit.signal.aborted, true);
});

Deno.test("a clock that is set back or on moves no time limit, not even while a question is asked", async () => {
  for (const ms of [-3_600_000, 3_600_000]) {
    const clock = new VirtualClock(0);
    const limit = new TimeLimit(clock, 5_000);
    clock.setBy(ms);
    await limit.pauseFor(() => {
      clock.setBy(ms);
      return clock.sleep(1_000);
    });
    await clock.sleep(4_999);
    assert.equal(limit.signal.aborted, false);
    await clock.sleep(1);
    assert.equal(limit.signal.aborted, true);
  }
});

Deno.test("a short question moves a time limit that comes later", async () => {
  const clock = new VirtualClock(0);
  const limit = new TimeLimit(clock, 5_000);
  await limit.pauseFor(() => clock.sleep(1_000));
  await clock.sleep(4_999);
  assert.equal(limit.signal.aborted, false);
  await clock.sleep(1);
  assert.equal(limit.signal.aborted, true);
});
