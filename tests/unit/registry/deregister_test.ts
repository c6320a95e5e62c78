import assert from "node:assert/strict";
import { deregister, type DeregisterEvent } from "../../../src/registry/deregister.ts";
import { revision } from "../made_up.ts";
import { type Script, scriptedPorts } from "../rollout/scripted_ports.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => revision(index + 1));

async function carryOut(
  plan: { deregister?: ReturnType<typeof numbers>; delete?: ReturnType<typeof numbers> },
  script: Partial<Script> = {},
  stop = new AbortController(),
) {
  const { ports, calls, clock } = scriptedPorts({ reads: [undefined], ...script });
  const events: DeregisterEvent[] = [];
  const whole = { deregister: [], delete: [], inUse: [], ...plan };
  for await (const event of deregister(whole, ports.ecs, clock, stop.signal)) events.push(event);
  return { events, calls, elapsedMs: clock.now() };
}

Deno.test("deregister() takes one after the other, ten at once and then one per second", async () => {
  const { calls, events, elapsedMs } = await carryOut({ deregister: numbers(13) });
  assert.deepEqual(calls, numbers(13).map(({ arn }) => `deregisterTaskDefinition ${arn}`));
  assert.equal(elapsedMs, 3_000);
  assert.deepEqual(events.at(-1), {
    kind: "deregistered",
    revision: revision(13),
    position: { number: 13, of: 13 },
  });
});

Deno.test("deregister() deletes in tens and reports what AWS refuses", async () => {
  const undeleted = new Map([[revision(11).arn, "REASON: it is in use"]]);
  const { calls, events } = await carryOut({ delete: numbers(12) }, { undeleted });
  assert.deepEqual(calls, ["deleteTaskDefinitions 1,2,3,4,5,6,7,8,9,10", "deleteTaskDefinitions 11,12"]);
  assert.deepEqual(events.slice(-2), [
    { kind: "deleted", revisions: [revision(12)] },
    { kind: "notDeleted", revision: revision(11), reason: "REASON: it is in use" },
  ]);
});

Deno.test("deregister() ends between two when it is stopped", async () => {
  const stop = new AbortController();
  const { calls } = await carryOut({ deregister: numbers(3), delete: numbers(3) }, {
    onCall: (call) => call.endsWith(":2") && stop.abort(),
  }, stop);
  assert.equal(calls.length, 2);
});
