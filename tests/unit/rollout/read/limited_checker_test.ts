import assert from "node:assert/strict";
import { AwsError, TOO_SLOW } from "../../../../src/errors.ts";
import type { ReferenceChecker } from "../../../../src/model/ports.ts";
import { LimitedChecker } from "../../../../src/rollout/read/limited_checker.ts";
import { VirtualClock } from "../../../virtual_clock.ts";
import { awsError } from "../scripted_ports.ts";

const NEVER = new AbortController().signal;

/** Nobody answers before `signal` is aborted. */
function unanswered(signal: AbortSignal): Promise<never> {
  const lost = awsError("lost");
  if (signal.aborted) return Promise.reject(lost);
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(lost)));
}

function limited(answers: Partial<ReferenceChecker>) {
  const clock = new VirtualClock(0);
  let connections = 0;
  const connect = () => {
    connections++;
    return Promise.resolve(answers as ReferenceChecker);
  };
  return { clock, checker: new LimitedChecker(connect, clock, 3_000), connections: () => connections };
}

const isTooSlow = (error: unknown) => error instanceof AwsError && error.code === TOO_SLOW;

Deno.test("LimitedChecker connects with the first lookup, and makes each one once", async () => {
  let asked = 0;
  const hasParameter = () => Promise.resolve(++asked > 0);
  const { checker, connections } = limited({ hasParameter });
  assert.equal(connections(), 0);
  await Promise.all([checker.hasParameter("/a", NEVER), checker.hasParameter("/a", NEVER)]);
  await checker.hasParameter("/b", NEVER);
  assert.deepEqual([asked, connections()], [2, 1]);
});

Deno.test("LimitedChecker gives up all that is under way when the time is over, which it counts when it is asked to", async () => {
  const { checker, clock } = limited({
    hasParameter: (_, signal) => unanswered(signal),
    hasObject: (_b, _k, signal) => unanswered(signal),
  });
  const early = checker.hasParameter("/a", NEVER);
  await clock.sleep(60_000);
  checker.startLimit();
  const late = checker.hasObject("b", "k", NEVER);
  const ends = [assert.rejects(early, isTooSlow), assert.rejects(late, isTooSlow)];
  await clock.sleep(3_000);
  await Promise.all(ends);
});

Deno.test("LimitedChecker gives later lookups as much time again, and drops those that nobody needs", async () => {
  const { checker, clock } = limited({ hasParameter: (_, signal) => unanswered(signal) });
  checker.startLimit();
  await clock.sleep(2_000);
  checker.startLimit();
  const asked = checker.hasParameter("/a", NEVER);
  let isOpen = true;
  const end = assert.rejects(asked, isTooSlow).then(() => isOpen = false);
  await clock.sleep(2_000);
  assert.ok(isOpen);
  checker.drop();
  await end;
});

Deno.test("LimitedChecker passes on what AWS refuses, and what ends the run", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const { checker } = limited({ hasParameter: () => Promise.reject(denied) });
  await assert.rejects(checker.hasParameter("/a", NEVER), (error) => error === denied);
  const stop = new AbortController();
  const { checker: stopped } = limited({ hasParameter: (_, signal) => unanswered(signal) });
  const asked = stopped.hasParameter("/a", stop.signal);
  const end = assert.rejects(asked, (error) => error instanceof AwsError && error.code !== TOO_SLOW);
  stop.abort();
  await end;
});
