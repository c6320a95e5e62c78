import assert from "node:assert/strict";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import { ask } from "../../../emulator/asking.ts";
import { crashLoop, healthy } from "../../../emulator/behaviours.ts";
import type { Emulator } from "../../../emulator/emulator.ts";
import { fleet, fleetService } from "../../../emulator/fleet.ts";
import { UNTIL_STEADY_MS } from "../../../emulator/myservice.ts";
import { BAD, GOOD, LEFT, orderOf, rollBackAll, running, world } from "./rolled_back_fleets.ts";

Deno.test("undo: where one fails, those of this run go back to where they were", async () => {
  const emulator = world(5, 3);
  const { ends, state } = await rollBackAll(5, { emulator, policy: { parallel: 1, onFailure: "undo" } });
  assert.deepEqual(ends, [
    `${GOOD}, undone: ${GOOD}`,
    `${GOOD}, undone: ${GOOD}`,
    `${BAD}, undone: ${GOOD}`,
    LEFT,
    LEFT,
  ]);
  assert.equal(exitCodeOfRun(state), 6);
  assert.deepEqual(running(emulator, 5), [2, 2, 2, 2, 2]);
});

Deno.test("undo: a service that was crashing before is left where it is, and is not counted among those that are back", async () => {
  const emulator = world(3, 3);
  const service = fleetService(1);
  emulator.setBehaviour(`${service}:2`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  emulator.updateService({ service, taskDefinition: `${service}:2`, forceNewDeployment: true });
  emulator.advance(60_000);
  const { ends } = await rollBackAll(3, { emulator, policy: { parallel: 1, onFailure: "undo" } });
  assert.deepEqual(ends, [`${GOOD}, wasFailing`, `${GOOD}, undone: ${GOOD}`, `${BAD}, undone: ${GOOD}`]);
  assert.deepEqual(running(emulator, 3), [1, 2, 2]);
});

/** A security group of the first service: the one that it gets while it keeps its revision. */
function withGroup(emulator: Emulator, group: string): string {
  const service = fleetService(1);
  const awsvpcConfiguration = { subnets: ["subnet-0a1b2c3d4e5f60718"], securityGroups: [group] };
  emulator.updateService({ service, networkConfiguration: { awsvpcConfiguration } });
  emulator.advance(UNTIL_STEADY_MS);
  const { output: { serviceDeployments: [newest] } } = ask(emulator, "ListServiceDeployments", { service });
  return newest.serviceDeploymentArn;
}

function groupOf(emulator: Emulator): string {
  const { output: { services: [service] } } = ask(emulator, "DescribeServices", { services: [fleetService(1)] });
  return service.networkConfiguration.awsvpcConfiguration.securityGroups[0];
}

for (const failing of [1, 2]) {
  Deno.test(`undo: settings that were restored at the revision that runs are set back where service ${failing} fails`, async () => {
    const emulator = fleet({ services: 2 });
    const before = withGroup(emulator, "sg-before");
    withGroup(emulator, "sg-now");
    const target = `${fleetService(failing)}:${failing === 1 ? 2 : 1}`;
    emulator.setBehaviour(target, crashLoop({ exitCode: 1, afterMs: 2_000 }));
    const { ends } = await rollBackAll(2, {
      ...{ emulator, restored: { 1: before }, policy: { parallel: 1, onFailure: "undo" } },
      onEvent: ({ kind }) =>
        kind === "undoDecided" && emulator.setBehaviour(target, healthy({ startMs: 2_000, stopMs: 2_000 })),
    });
    assert.equal(ends[0], `${failing === 1 ? BAD : GOOD}, undone: ${GOOD}`);
    assert.deepEqual([...running(emulator, 1), groupOf(emulator)], [2, "sg-now"]);
  });
}

Deno.test("undo: the one that has failed goes back at once, and waits for none that is under way", async () => {
  const emulator = world(3, 2);
  emulator.setBehaviour(`${fleetService(3)}:1`, healthy({ startMs: 120_000 }));
  const { events, ends } = await rollBackAll(3, { emulator, policy: { parallel: 3, onFailure: "undo" } });
  assert.deepEqual(ends, [`${GOOD}, undone: ${GOOD}`, `${BAD}, undone: ${GOOD}`, `${GOOD}, undone: ${GOOD}`]);
  assert.deepEqual(orderOf(events, "undoDecided", "rollbackVerified"), [
    ...["undoDecided 2", "rollbackVerified 2", "undoDecided 3", "undoDecided 1"],
    ...["rollbackVerified 1", "rollbackVerified 3"],
  ]);
  const order = orderOf(events, "rolloutEnded", "rollbackVerified");
  assert.ok(order.indexOf("rollbackVerified 2") < order.indexOf("rolloutEnded 3"), order.join());
  assert.deepEqual(running(emulator, 3), [2, 2, 2]);
});
