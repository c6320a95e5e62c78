import assert from "node:assert/strict";
import { healthy } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, answerWith, dropBefore, type FaultEffect, throttle } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { BOTH, deploy, EVENTS, failing, NEW_IMAGE, on, running, TO_3, updates } from "./deploys.ts";

const SCALING_DENIED = accessDenied("application-autoscaling");

const DEREGISTERING = [...EVENTS, "--deregister-failed"];
const ALL_ACTIVE = {
  "myservice:1": "ACTIVE",
  "myservice:2": "ACTIVE",
  "myservice:3": "ACTIVE",
  "myservice:4": "ACTIVE",
};

Deno.test("--deregister-failed deregisters what was registered for the deploy, whether the program or ECS rolled back", async () => {
  for (const byEcs of [false, true]) {
    const emulator = failing(byEcs);
    const { code, stderr } = await deploy(emulator, DEREGISTERING, NEW_IMAGE);
    assert.equal(code, 6);
    assert.deepEqual(emulator.state().taskDefinitions, { ...ALL_ACTIVE, "myservice:5": "INACTIVE" });
    assert.match(stderr, /Task definition is deregistered: .*myservice:5/);
    assert.doesNotMatch(stderr, /is not deregistered/);
    assert.match(stderr, / is live: /);
  }
});

Deno.test("--deregister-failed leaves alone what was there before, and what something still uses", async () => {
  const registeredBefore = createScenario("circuit_breaker");
  await deploy(registeredBefore, [...TO_3, ...DEREGISTERING]);
  assert.deepEqual(registeredBefore.state().taskDefinitions, ALL_ACTIVE);

  const used = failing(false);
  const other = actAfter((emulator) => {
    emulator.setBehaviour("myservice:5", healthy());
    emulator.createService({
      serviceName: "other",
      taskDefinition: "myservice:5",
      desiredCount: 1,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0a1b2c3d4e5f60718"] } },
    });
  });
  on(used, "UpdateService", 2, other);
  const { code, stderr } = await deploy(used, DEREGISTERING, NEW_IMAGE);
  assert.equal(code, 6);
  assert.equal(used.state().taskDefinitions["myservice:5"], "ACTIVE");
  assert.match(stderr, /myservice:5 is not deregistered: the service other still uses it/);

  const inPlace = failing(false);
  assert.equal((await deploy(inPlace, ["--deregister-failed"], NEW_IMAGE)).code, 6);
  assert.equal(inPlace.state().taskDefinitions["myservice:5"], "ACTIVE", "the service itself still uses it");
});

Deno.test("--deregister-failed deregisters what was registered for an update that AWS refuses, not for one that may be in flight", async () => {
  const cases: [FaultEffect, number, string][] = [[accessDenied(), 5, "INACTIVE"], [dropBefore(), 5, "ACTIVE"]];
  for (const [effect, expected, status] of cases) {
    const emulator = myservice();
    emulator.inject({ operation: "UpdateService", times: Infinity, effect });
    const { code } = await deploy(emulator, ["--deregister-failed"], NEW_IMAGE);
    assert.equal(code, expected);
    assert.deepEqual(emulator.state().taskDefinitions, { ...ALL_ACTIVE, "myservice:5": status });
    const without = myservice();
    without.inject({ operation: "UpdateService", times: Infinity, effect });
    await deploy(without, [], NEW_IMAGE);
    assert.equal(without.state().taskDefinitions["myservice:5"], "ACTIVE");
  }
});

Deno.test("--deregister-failed deregisters what was registered for a deploy that does not come to its order", async () => {
  for (
    const [operation, effect] of [
      ["RegisterScalableTarget", SCALING_DENIED],
      ["TagResource", answerWith("ValidationException", "No.")],
    ] as const
  ) {
    const emulator = myservice();
    emulator.inject({ operation, times: Infinity, effect });
    const { code } = await deploy(emulator, ["--deregister-failed", ...BOTH], NEW_IMAGE);
    assert.deepEqual([code, updates(emulator).length], [5, 0]);
    assert.deepEqual(emulator.state().taskDefinitions, { ...ALL_ACTIVE, "myservice:5": "INACTIVE" });
  }
});

Deno.test("--deregister-failed ends with the deploy's timeout, and says what is left", async () => {
  const failsLate = on(
    failing(true),
    "UpdateService",
    1,
    actAfter((emulator) => {
      emulator.inject({ operation: "ListServices", times: Infinity, effect: dropBefore() });
    }),
  );
  const startsNever = myservice();
  startsNever.inject({ operation: "RegisterScalableTarget", times: Infinity, effect: throttle() });
  const cases: [Emulator, string[], number, number][] = [
    [failsLate, ["--timeout", "45s"], 45_000, 6],
    [startsNever, ["--timeout", "6s", ...BOTH], 6_000, 7],
  ];
  for (const [emulator, args, timeoutMs, expected] of cases) {
    const startedAtMs = emulator.now();
    const { code, stderr } = await deploy(emulator, ["--deregister-failed", ...args], NEW_IMAGE);
    assert.equal(code, expected);
    assert.ok(emulator.now() - startedAtMs <= timeoutMs + 5_000, `${emulator.now() - startedAtMs} ms`);
    assert.match(
      stderr,
      /myservice:5 is not deregistered \(the command was stopped before that\); still to do: aws /,
    );
  }
});

Deno.test("nothing is rolled back or deregistered of a deploy that succeeded", async () => {
  const emulator = myservice();
  const { code } = await deploy(emulator, DEREGISTERING, NEW_IMAGE);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [0, "myservice:5", 1]);
  assert.deepEqual(emulator.state().taskDefinitions, { ...ALL_ACTIVE, "myservice:5": "ACTIVE" });
});
