import assert from "node:assert/strict";
import { type DeregisterEvent, Deregistration } from "../../../src/registry/deregister.ts";
import { FamilyUses } from "../../../src/registry/find_uses.ts";
import { deployment, REF, revision, service } from "../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../rollout/scripted_ports.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => revision(index + 1));

async function carryOut(
  plan: { deregister?: ReturnType<typeof numbers>; delete?: ReturnType<typeof numbers> },
  script: Partial<Script> = {},
  stop = new AbortController(),
) {
  const { ports, calls, clock } = scriptedPorts({ reads: [undefined], ...script });
  const events: DeregisterEvent[] = [];
  const whole = { deregister: [], delete: [], inUse: [], ...plan };
  const uses = new FamilyUses(REF, "myservice", ports.ecs, clock);
  for await (const event of new Deregistration(whole, uses, ports.ecs, clock, stop.signal).run()) events.push(event);
  const changes = calls.filter((call) => /^de(register|lete)/.test(call));
  return { events, calls, changes, elapsedMs: clock.now() };
}

/** The service as it is read, so many times with a revision that nobody is about to deregister, then with this one. */
function rolledBack(to: number, afterReads: number) {
  const back = service({
    taskDefinition: revision(to).arn,
    deployments: [deployment({ taskDefinition: revision(to).arn })],
  });
  return [...Array.from({ length: afterReads }, () => service({ taskDefinition: undefined, deployments: [] })), back];
}

Deno.test("deregister() takes one after the other, ten at once and then one per second", async () => {
  const { changes, events, elapsedMs } = await carryOut({ deregister: numbers(13) });
  assert.deepEqual(changes, numbers(13).map(({ arn }) => `deregisterTaskDefinition ${arn}`));
  assert.equal(elapsedMs, 3_000);
  assert.deepEqual(events.at(-1), {
    kind: "deregistered",
    revision: revision(13),
    position: { number: 13, of: 13 },
  });
});

Deno.test("deregister() deletes in tens and reports what AWS refuses", async () => {
  const undeleted = new Map([[revision(11).arn, "REASON: it is in use"]]);
  const { changes, events } = await carryOut({ delete: numbers(12) }, { undeleted });
  assert.deepEqual(changes, ["deleteTaskDefinitions 1,2,3,4,5,6,7,8,9,10", "deleteTaskDefinitions 11,12"]);
  assert.deepEqual(events.slice(-2), [
    { kind: "deleted", revisions: [revision(12)] },
    { kind: "notDeleted", revision: revision(11), reason: "REASON: it is in use" },
  ]);
});

Deno.test("deregister() deletes ten as soon as they wait for it, and first what was deregistered before", async () => {
  const all = numbers(25);
  const { changes, elapsedMs } = await carryOut({ deregister: all.slice(12), delete: all });
  const deregistered = (from: number, to: number) =>
    all.slice(from - 1, to).map(({ arn }) => `deregisterTaskDefinition ${arn}`);
  assert.deepEqual(changes, [
    "deleteTaskDefinitions 1,2,3,4,5,6,7,8,9,10",
    ...deregistered(13, 20),
    "deleteTaskDefinitions 11,12,13,14,15,16,17,18,19,20",
    ...deregistered(21, 25),
    "deleteTaskDefinitions 21,22,23,24,25",
  ]);
  // A second before the last three of thirteen, and before each deletion but the first.
  assert.equal(elapsedMs, 5_000);
});

Deno.test("deregister() ends between two when it is stopped", async () => {
  const stop = new AbortController();
  const { changes } = await carryOut({ deregister: numbers(3), delete: numbers(3) }, {
    onCall: (call) => call.endsWith(":2") && stop.abort(),
  }, stop);
  assert.equal(changes.length, 2);
});

Deno.test("deregister() asks anew before each one, and leaves alone what has come into use", async () => {
  for (const [comesIntoUse, afterReads] of [[1, 0], [2, 1], [13, 5]] as const) {
    const plan = { deregister: numbers(13), delete: numbers(13) };
    const { changes, events } = await carryOut(plan, { reads: rolledBack(comesIntoUse, afterReads) });
    const others = numbers(13).filter(({ revision }) => revision !== comesIntoUse);
    assert.deepEqual(
      changes.filter((call) => call.startsWith("deregister")),
      others.map(({ arn }) => `deregisterTaskDefinition ${arn}`),
    );
    assert.equal(
      changes.filter((call) => call.startsWith("delete")).join().replaceAll("deleteTaskDefinitions ", ""),
      others.map((one) => one.revision).join(),
    );
    assert.deepEqual(events.filter(({ kind }) => kind === "notDeregistered"), [
      { kind: "notDeregistered", revision: revision(comesIntoUse), user: { kind: "service", name: "myservice" } },
    ]);
  }
});

Deno.test("deregister() asks anew before each ten that it deletes", async () => {
  const { changes, events } = await carryOut({ delete: numbers(12) }, { reads: rolledBack(12, 1) });
  assert.deepEqual(changes, ["deleteTaskDefinitions 1,2,3,4,5,6,7,8,9,10", "deleteTaskDefinitions 11"]);
  assert.deepEqual(events.filter(({ kind }) => kind === "notDeleted"), [
    { kind: "notDeleted", revision: revision(12), reason: { kind: "service", name: "myservice" } },
  ]);
  const used = await carryOut({ delete: numbers(1) }, { reads: rolledBack(1, 0) });
  assert.deepEqual(used.changes, []);
});

Deno.test("deregister() stops where it cannot read any more what is in use", async () => {
  const reads = [service(), awsError("server", "ServerException")];
  await assert.rejects(carryOut({ deregister: numbers(3) }, { reads }), /ServerException/);
});

Deno.test("deregister() yields a notice of what cannot be looked at any more", async () => {
  const { events, changes } = await carryOut({ deregister: numbers(2) }, {
    reads: [service()],
    others: awsError("denied"),
  });
  const notices = events.filter(({ kind }) => kind === "notice");
  assert.deepEqual([notices.length, changes.length], [1, 2]);
});
