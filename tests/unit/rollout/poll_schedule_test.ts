import assert from "node:assert/strict";
import fc from "fast-check";
import { followPrimary } from "../../../src/rollout/judge/assess.ts";
import { followDeployment, watch } from "../../../src/rollout/watch.ts";
import { REF, service } from "../made_up.ts";
import { contextOf, scriptedPorts } from "./scripted_ports.ts";
import { PollSchedule } from "../../../src/rollout/poll_schedule.ts";

/** The schedule of a run that watches so many services. */
function paceOf(watched: number, nowMs: number): PollSchedule {
  const schedule = new PollSchedule({ elapsed: () => nowMs });
  for (let service = 1; service <= watched; service++) schedule.join();
  return schedule;
}

Deno.test("pauses of all who watch end in the same moments, and none is longer than it may be", () => {
  const cases = fc.record({
    watched: fc.integer({ min: 0, max: 1_000 }),
    nowMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    ms: fc.double({ min: 1_000, max: 20_000, noNaN: true }),
  });
  fc.assert(fc.property(cases, ({ watched, nowMs, ms }) => {
    const pauseMs = paceOf(watched, nowMs).pauseMs(ms);
    const apartMs = watched <= 40 ? 1_000 : watched <= 100 ? 2_500 : 5_000;
    const offMs = (nowMs + pauseMs) % apartMs;
    assert.ok(Math.min(offMs, apartMs - offMs) < 1e-6, `ends at ${nowMs + pauseMs}`);
    assert.ok(pauseMs > 0 && pauseMs <= Math.max(ms, 5_000), `${pauseMs}`);
    assert.ok(Math.abs(pauseMs - ms) <= apartMs, `${pauseMs} for ${ms}`);
  }));
});

Deno.test("a service counts for as long as it is watched, however that ends", async () => {
  const pollSchedule = paceOf(40, 0);
  assert.equal(pollSchedule.pauseMs(1_000), 1_000);
  for (const isLeft of [false, true]) {
    const { ports, clock } = scriptedPorts({ reads: [service()] });
    const context = { ...contextOf(ports, { deadline: clock.deadline(60_000) }), pollSchedule };
    const poll = followDeployment(REF, followPrimary(service())!, "stable", ports.ecs);
    for await (const _ of watch(poll, context)) {
      assert.equal(pollSchedule.pauseMs(1_000), 2_500);
      if (isLeft) break;
    }
    assert.equal(pollSchedule.pauseMs(1_000), 1_000);
  }
});
