import assert from "node:assert/strict";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import { answerWith } from "../../../emulator/faults.ts";
import { fleetService } from "../../../emulator/fleet.ts";
import { BAD, GOOD, LEFT, orderOf, rollBackAll, running, world } from "./rolled_back_fleets.ts";

Deno.test("continue: where one fails, all others come to their end", async () => {
  const emulator = world(5, 2);
  const { ends, state } = await rollBackAll(5, { emulator, policy: { parallel: 1 } });
  assert.deepEqual(ends, [GOOD, BAD, GOOD, GOOD, GOOD]);
  assert.equal(exitCodeOfRun(state), 6);
  assert.deepEqual(running(emulator, 5), [1, 1, 1, 1, 1]);
});

Deno.test("stop: where one fails, no more are begun", async () => {
  const emulator = world(5, 2);
  const { ends, state } = await rollBackAll(5, { emulator, policy: { parallel: 1, onFailure: "stop" } });
  assert.deepEqual(ends, [GOOD, BAD, LEFT, LEFT, LEFT]);
  assert.equal(exitCodeOfRun(state), 6);
  assert.deepEqual(running(emulator, 5), [1, 1, 2, 2, 2]);
});

for (const onFailure of ["stop", "undo"] as const) {
  Deno.test(`${onFailure}: somebody's deployment of one service is no failure of the others`, async () => {
    const emulator = world(4);
    let hasDeployed = false;
    const onEvent = (event: RunEvent) => {
      if (event.kind !== "progress" || event.service.service !== fleetService(2) || hasDeployed) return;
      hasDeployed = true;
      emulator.updateService({ service: fleetService(2), taskDefinition: `${fleetService(2)}:2` });
    };
    const { ends, state } = await rollBackAll(4, { emulator, policy: { parallel: 2, onFailure }, onEvent });
    assert.deepEqual(ends, [GOOD, "superseded", GOOD, GOOD]);
    assert.equal(exitCodeOfRun(state), 6);
    assert.deepEqual(running(emulator, 4), [1, 2, 1, 1]);
  });

  Deno.test(`${onFailure}: a service that somebody deletes is no failure of the others`, async () => {
    const emulator = world(4);
    const onEvent = (event: RunEvent) => {
      if (event.kind !== "progress" || event.service.service !== fleetService(2)) return;
      emulator.deleteService({ service: fleetService(2), force: true });
    };
    const { ends, state } = await rollBackAll(4, { emulator, policy: { parallel: 2, onFailure }, onEvent });
    assert.deepEqual(ends, [GOOD, "gone", GOOD, GOOD]);
    assert.equal(exitCodeOfRun(state), 6);
  });

  Deno.test(`${onFailure}: one that AWS refuses is a failure`, async () => {
    const emulator = world(4);
    const denied = answerWith("AccessDeniedException", "not authorized to perform: ecs:UpdateService");
    emulator.inject({ operation: "UpdateService", nth: 2, effect: denied });
    const { ends, state } = await rollBackAll(4, { emulator, policy: { parallel: 1, onFailure } });
    const first = onFailure === "undo" ? `${GOOD}, undone: ${GOOD}` : GOOD;
    assert.deepEqual(ends.filter((_, index) => index !== 1), [first, LEFT, LEFT]);
    assert.equal(exitCodeOfRun(state), onFailure === "undo" ? 6 : 5);
    assert.deepEqual(running(emulator, 4), [onFailure === "undo" ? 2 : 1, 2, 2, 2]);
  });
}

Deno.test("what has not ended well is looked at again at the end of all", async () => {
  const { events } = await rollBackAll(5, { emulator: world(5, 1, 2), policy: { parallel: 2 } });
  assert.deepEqual(orderOf(events, "lookedAgain"), ["lookedAgain 1", "lookedAgain 2"]);
  assert.equal(events.findLastIndex(({ kind }) => kind === "rolloutEnded"), events.length - 3);
});

Deno.test("a wave begins when the one before has ended", async () => {
  const emulator = world(4);
  const { events, ends } = await rollBackAll(4, { emulator, policy: {}, waves: { 1: 2, 2: 2 } });
  assert.deepEqual(ends, [GOOD, GOOD, GOOD, GOOD]);
  const order = events.flatMap((event) =>
    event.kind === "rolloutEnded" || (event.kind === "stepStarted" && event.step.kind === "updateService")
      ? [`${event.kind} ${event.service.service.at(-1)}`]
      : []
  );
  const lastOfFirst = Math.max(order.indexOf("rolloutEnded 3"), order.indexOf("rolloutEnded 4"));
  const firstOfSecond = Math.min(order.indexOf("stepStarted 1"), order.indexOf("stepStarted 2"));
  assert.ok(lastOfFirst < firstOfSecond, order.join());
});

Deno.test("no more services are under way than --parallel says, and as many", async () => {
  const underWay = new Set<string>();
  let most = 0;
  const onEvent = (event: RunEvent) => {
    if (event.kind === "stepStarted") underWay.add(event.service.service);
    if (event.kind === "rolloutEnded") underWay.delete(event.service.service);
    most = Math.max(most, underWay.size);
  };
  await rollBackAll(7, { emulator: world(7), policy: { parallel: 3 }, onEvent });
  assert.equal(most, 3);
});

Deno.test("a stop signal begins no more services, and undoes none", async () => {
  const emulator = world(5, 1);
  const onEvent = (event: RunEvent, stop: () => void) => {
    if (event.kind === "progress" && event.service.service === fleetService(2)) stop();
  };
  const policy = { parallel: 2, onFailure: "undo" } as const;
  const { ends } = await rollBackAll(5, { emulator, policy, onEvent });
  assert.deepEqual(ends.slice(2), Array(3).fill("not begun: stopSignal"));
  assert.deepEqual(running(emulator, 5).slice(2), [2, 2, 2]);
  assert.match(ends[1]!, /^interrupted/);
});
