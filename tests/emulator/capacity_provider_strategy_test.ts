import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

Deno.test("a capacity provider strategy takes the place of the launch type, and an empty one gives it back", () => {
  const emulator = createScenario("healthy");
  const update = (capacityProviderStrategy: JsonObject[]) =>
    ask(emulator, "UpdateService", { service: "myservice", capacityProviderStrategy, forceNewDeployment: true }).output
      .service;
  const strategy = [{ capacityProvider: "FARGATE", weight: 1, base: 0 }];
  const { launchType, capacityProviderStrategy, deployments } = update(strategy);
  assert.deepEqual([launchType, capacityProviderStrategy, deployments.length], [undefined, strategy, 2]);
  assert.equal(update([]).launchType, "FARGATE");
});

Deno.test("a strategy that changes has to be forced; the same one in other words does not change", () => {
  const emulator = createScenario("healthy");
  const update = (input: JsonObject) => ask(emulator, "UpdateService", { service: "myservice", ...input });
  const spot = { capacityProvider: "FARGATE_SPOT", weight: 3, base: 0 };
  const strategy = [{ capacityProvider: "FARGATE" }, spot];
  const refused = (input: JsonObject) => {
    const { type, message } = update(input);
    assert.equal(type, "InvalidParameterException");
    assert.match(message ?? "", /^When switching from launch type to .* you must force a new deployment\.$/);
  };
  assert.equal(update({ capacityProviderStrategy: [] }).type, undefined, "nothing changes");
  refused({ capacityProviderStrategy: strategy });
  assert.equal(update({ capacityProviderStrategy: strategy, forceNewDeployment: true }).type, undefined);
  const same = [spot, { capacityProvider: "FARGATE", weight: 0, base: 0 }];
  assert.equal(update({ capacityProviderStrategy: same }).type, undefined);
  refused({ capacityProviderStrategy: [spot] });
  refused({ capacityProviderStrategy: [] });
});

Deno.test("a service that never had a launch type cannot go back to one", () => {
  const emulator = new Emulator();
  emulator.registerTaskDefinition({ family: "app", containerDefinitions: [{ name: "app", image: "i", memory: 128 }] });
  emulator.createCluster("own", ["instances"]);
  const capacityProviderStrategy = [{ capacityProvider: "instances" }];
  const service = { serviceName: "s", cluster: "own", taskDefinition: "app", desiredCount: 1 };
  emulator.createService({ ...service, capacityProviderStrategy });
  const back = { service: "s", cluster: "own", capacityProviderStrategy: [], forceNewDeployment: true };
  assert.equal(ask(emulator, "UpdateService", back).type, "InvalidParameterException");
});
