import assert from "node:assert/strict";
import { fleet, fleetService } from "./fleet.ts";

Deno.test("a fleet has services that are steady, and that roll out within 40 s", () => {
  const emulator = fleet({ services: 12, clusters: ["default", "other"] });
  const services = Object.entries(emulator.state().services);
  assert.equal(services.length, 12);
  for (const [name, { taskDefinition, runningCount, deployments }] of services) {
    assert.match(name, /^(default|other)\/service-00/);
    assert.deepEqual([taskDefinition.split(":")[1], runningCount, deployments.length], ["2", 1, 1]);
  }
  emulator.updateService({ service: fleetService(1), taskDefinition: `${fleetService(1)}:1` });
  const stateOf = () => emulator.state().services[`default/${fleetService(1)}`]!.deployments[0]!.rolloutState;
  emulator.advance(39_000);
  assert.equal(stateOf(), "IN_PROGRESS");
  emulator.advance(2_000);
  assert.equal(stateOf(), "COMPLETED");
});
