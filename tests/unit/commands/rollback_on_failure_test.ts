import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { type Behaviour, crashLoop, healthy, secretNotFound, slowDrain } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import {
  accessDenied,
  actAfter,
  actBefore,
  answerWith,
  dropBefore,
  type FaultEffect,
  throttle,
} from "../../emulator/faults.ts";
import { type MyService, myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";

/** Deploys that fail and are rolled back, as a whole against the emulator. */

const NEW_IMAGE: RunOptions = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE"];
const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
const NO_SECRET = secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key");
const SCALING_DENIED = accessDenied("application-autoscaling");
const MINUTE_MS = 60_000;
const REVISIONS = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice";

function breaker(rollback: boolean): MyService {
  return {
    history: [2, 4],
    service: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } } },
  };
}

/** Revision 5, which is still to be registered, will not start. */
function failing(rollback = false, behaviour: Behaviour = NO_SECRET): Emulator {
  const emulator = myservice(breaker(rollback));
  emulator.setBehaviour("myservice:5", behaviour);
  return emulator;
}

function on(emulator: Emulator, operation: string, nth: number, effect: FaultEffect): Emulator {
  emulator.inject({ operation, nth, effect });
  return emulator;
}

function deploy(emulator: Emulator, args: readonly string[], options: RunOptions = { files: DEFINITION_FILES }) {
  return runInProcess(emulator, ["deploy", ...args], options);
}

function running(emulator: Emulator): string {
  return emulator.state().services["default/myservice"]!.taskDefinition;
}

function updates(emulator: Emulator) {
  return emulator.calls.filter(({ operation }) => operation === "UpdateService").map(({ input }) => input);
}

Deno.test("the reason of a deploy is not the reason of its rollback: no tag is written", async () => {
  const emulator = failing();
  const { code } = await deploy(emulator, [...EVENTS, "--reason", "INC-1"], NEW_IMAGE);
  assert.deepEqual([code, running(emulator)], [6, "myservice:4"]);
  assert.deepEqual(emulator.calls.filter(({ operation }) => operation === "TagResource"), []);
});

Deno.test("a deploy that AWS refuses is no failure of another one: nothing goes back", async () => {
  const emulator = on(createScenario("healthy"), "UpdateService", 1, accessDenied());
  const { code, stderr } = await deploy(emulator, EVENTS, NEW_IMAGE);
  assert.equal(code, 5, stderr);
  assert.doesNotMatch(stderr, /another service|[Gg]oing back|rolled back/);
  assert.equal(updates(emulator).length, 1);
});

Deno.test("a deploy that failed exits with 6, although it was rolled back", async () => {
  const emulator = createScenario("circuit_breaker");
  const { code, stderr } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS]);
  assert.equal(code, 6);
  assert.equal(running(emulator), "myservice:4");
  assert.match(stderr, /Deploy of myservice:3 failed: .* myservice:4 is live: 2 of 2 tasks/);
});

Deno.test("that the record that names an alarm may not be read is said", async () => {
  const emulator = createScenario("circuit_breaker");
  emulator.inject({ operation: "DescribeServiceDeployments", times: Infinity, effect: accessDenied() });
  const { code, stderr } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS]);
  assert.equal(code, 6);
  assert.match(
    stderr,
    /\[warn\] .*: ecs:DescribeServiceDeployments .*; whether an alarm has stopped the deploy is not known/,
  );
});

Deno.test("a deploy that timed out while its tasks kept failing exits with 6 when it was rolled back", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop() } });
  const { code, stderr } = await deploy(emulator, [
    "--revision",
    "3",
    "--preflight",
    "off",
    ...EVENTS,
    "--timeout",
    "2m",
    "--fail-after",
    "0",
  ]);
  assert.equal(code, 6);
  assert.equal(running(emulator), "myservice:4");
  assert.match(
    stderr,
    /Deploy of myservice:3 failed: .*, again and again for 2m\. OUTAGE .* myservice:4 is live again: 2 of 2/,
  );
});

Deno.test("a deploy that timed out is rolled back although an earlier one has stopped more tasks than a page shows", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop() } });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(30 * MINUTE_MS);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(5 * MINUTE_MS);
  const { code, stderr } = await deploy(emulator, [
    "--revision",
    "3",
    "--preflight",
    "off",
    ...EVENTS,
    "--timeout",
    "2m",
  ]);
  assert.deepEqual([code, running(emulator)], [6, "myservice:4"], stderr);
});

Deno.test("no line says that ECS goes on with a deploy that is rolled back, nor to go back by hand", async () => {
  const world = { history: [2, 4], behaviours: { 3: crashLoop() } };
  for (const emulator of [myservice(world), createScenario("circuit_breaker")]) {
    const args = ["--revision", "3", "--preflight", "off", ...EVENTS, "--timeout", "2m", "--github"];
    const { code, stderr } = await deploy(emulator, args);
    assert.deepEqual([code, running(emulator)], [6, "myservice:4"]);
    assert.doesNotMatch(stderr, /goes on with|to follow the deployment|to go back to/);
  }
});

Deno.test("a permission that the way back lacks is named", async () => {
  const emulator = on(createScenario("circuit_breaker"), "UpdateService", 2, accessDenied());
  const { code, stderr } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS]);
  assert.equal(code, 6);
  assert.match(
    stderr,
    /NOT rolled back to myservice:4: UpdateService failed: .*\n(?:.*advice: .*\n)?.*the missing IAM statement: .*"ecs:UpdateService"/,
  );
});

Deno.test("what comes next is said where a deploy is not rolled back after all", async () => {
  const slow = myservice({ history: [2, 4], behaviours: { 3: healthy({ startMs: 10 * MINUTE_MS }) } });
  const timedOut = await deploy(slow, ["--revision", "3", "--preflight", "off", ...EVENTS, "--timeout", "2m"]);
  assert.match(
    timedOut.stderr,
    /ECS keeps trying\. myservice:4 is still live: .*\n.* to follow the deployment: ecspresso wait\n$/,
  );
  const args = ["--revision", "3", "--preflight", "off", "--rollback-events", "DEPLOYMENT_STOP_ON_ALARM"];
  const crashing = myservice({ history: [2, 4], behaviours: { 3: crashLoop() } });
  const hopeless = await deploy(crashing, [...args, "--timeout", "2m"]);
  assert.match(
    hopeless.stderr,
    /Its tasks keep failing: .*\n.* first set the service back to myservice:4: .* --revision 4 --from 3\n.* then: .*\n$/,
  );
  const failed = await deploy(createScenario("circuit_breaker"), args);
  assert.match(
    failed.stderr,
    /\n.* set the service back to myservice:4 .*: ecspresso rollback --revision 4 --from 3$/m,
  );
});

Deno.test("a deploy whose tasks are only slow times out and goes on", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: healthy({ startMs: 10 * MINUTE_MS }) } });
  const { code } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS, "--timeout", "2m"]);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [7, "myservice:3", 1]);
});

/** Tasks of revision 3 crash once; those in their place are well, while the old ones take their time to stop. */
function crashingOnce(): Emulator {
  const world = myservice({ history: [2, 4], behaviours: { 3: crashLoop(), 4: slowDrain() } });
  const mend = actAfter((emulator) =>
    emulator.schedule(28_000, (later) => later.setBehaviour("myservice:3", healthy()))
  );
  return on(world, "UpdateService", 1, mend);
}

Deno.test("a deploy some of whose tasks stopped early, and all of whose tasks run when it times out, goes on", async () => {
  const emulator = crashingOnce();
  const { code, stderr } = await deploy(emulator, [
    "--revision",
    "3",
    "--preflight",
    "off",
    ...EVENTS,
    "--timeout",
    "3m",
  ]);
  assert.match(stderr, /tasks? of myservice:3 stopped: container app exited with code 1/);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [7, "myservice:3", 1], stderr);
});

Deno.test("the way back has a timeout of its own", async () => {
  const emulator = on(
    myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }),
    "StopServiceDeployment",
    1,
    actBefore((emulator) => emulator.setBehaviour("myservice:4", crashLoop())),
  );
  const startedAtMs = emulator.now();
  const { code, stderr } = await deploy(emulator, [
    "--revision",
    "3",
    "--preflight",
    "off",
    ...EVENTS,
    "--timeout",
    "2m",
    "--fail-after",
    "0",
  ]);
  assert.equal(code, 6);
  const elapsedMs = emulator.now() - startedAtMs;
  assert.ok(elapsedMs >= 4 * MINUTE_MS && elapsedMs < 4.5 * MINUTE_MS, `${elapsedMs} ms`);
  assert.match(
    stderr,
    /ECS is still rolling back to myservice:4: .*\n.* to follow the deployment: ecspresso wait\n(?:.*then: .*\n)?$/,
  );
});

const WITH_EXECUTE_COMMAND = changedFiles("ecs-service-def.json", "{", '{\n  "enableExecuteCommand": true,');

Deno.test("a deploy restores just the attributes that it has changed, and leaves those of others alone", async () => {
  const somebody = actAfter((emulator) =>
    void emulator.updateService({ service: "myservice", propagateTags: "SERVICE", desiredCount: 5 })
  );
  const cases: [Emulator, unknown[]][] = [
    [createScenario("circuit_breaker"), [false, "NONE", 2]],
    [on(createScenario("circuit_breaker"), "UpdateService", 1, somebody), [false, "SERVICE", 5]],
    [on(createScenario("circuit_breaker_rollback"), "UpdateService", 1, somebody), [false, "SERVICE", 5]],
    [createScenario("circuit_breaker_rollback"), [false, "NONE", 2]],
  ];
  for (const [emulator, expected] of cases) {
    const args = ["--revision", "3", "--preflight", "off", "--tasks", "3", ...EVENTS];
    const { code } = await deploy(emulator, args, { files: WITH_EXECUTE_COMMAND });
    assert.equal(code, 6);
    assert.equal(updates(emulator)[0]?.enableExecuteCommand, true);
    const { enableExecuteCommand, propagateTags, desiredCount } = emulator.describeService("myservice");
    assert.deepEqual([enableExecuteCommand, propagateTags, desiredCount], expected);
    assert.equal(running(emulator), "myservice:4");
  }
});

Deno.test("a deploy of attributes only is rolled back by those, also when it timed out", async () => {
  const behave = (behaviour: Behaviour) => actBefore((emulator) => emulator.setBehaviour("myservice:4", behaviour));
  const emulator = on(myservice(), "UpdateService", 1, behave(crashLoop()));
  on(emulator, "UpdateService", 2, behave(healthy()));
  const files = changedFiles("ecs-service-def.json", '"1.4.0"', '"1.3.0"');
  const args = ["--skip-task-definition", ...EVENTS, "--timeout", "2m"];
  const { code, stderr } = await deploy(emulator, args, { files });
  assert.equal(code, 6);
  assert.match(stderr, / is live again: 2 of 2 tasks/);
  assert.deepEqual(updates(emulator).map((input) => [input?.platformVersion, input?.taskDefinition]), [
    ["1.3.0", undefined],
    ["1.4.0", undefined],
  ]);
});

Deno.test("attributes are restored where the deployment in place had failed before, which stands", async () => {
  const emulator = createScenario("circuit_breaker_tripped");
  const { code, stderr } = await deploy(emulator, ["--skip-task-definition", ...EVENTS], {
    files: WITH_EXECUTE_COMMAND,
  });
  assert.equal(code, 6);
  assert.deepEqual(updates(emulator).map((input) => input?.enableExecuteCommand), [true, false]);
  assert.match(
    stderr,
    /attributes are restored; deployment ecs-svc\/\d+ to myservice:4, which had failed before, is/,
  );
  assert.doesNotMatch(stderr, /NOT rolled back|has accepted/);
});

Deno.test("what ECS's going back has left over is restored also where that had ended before anybody could follow it", async () => {
  const slow = actBefore((emulator) => emulator.advance(10 * MINUTE_MS));
  const emulator = on(createScenario("circuit_breaker_rollback"), "ListServiceDeployments", 2, slow);
  const { code, stderr } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS], {
    files: WITH_EXECUTE_COMMAND,
  });
  assert.deepEqual([code, running(emulator)], [6, "myservice:4"]);
  assert.deepEqual(updates(emulator).map((input) => input?.enableExecuteCommand), [true, false]);
  assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
});

Deno.test("a deploy that has changed the family goes back to the old one", async () => {
  const emulator = myservice(breaker(false));
  // A wrong way back would find this.
  for (let number = 1; number <= 4; number++) {
    emulator.registerTaskDefinition({
      family: "renamed",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "app", image: "example/app:1" }],
    });
  }
  emulator.setBehaviour("renamed:5", NO_SECRET);
  const files = changedFiles("ecs-task-def.json", '"family": "myservice"', '"family": "renamed"');
  const { code } = await deploy(emulator, EVENTS, { files });
  assert.equal(code, 6);
  assert.deepEqual(updates(emulator).map((input) => String(input?.taskDefinition).split("/")[1]), [
    "renamed:5",
    "myservice:4",
  ]);
});

const STOPPED = "a stop by somebody";
const EVENT_CASES: [string, string, RegExp, string][] = [
  [
    "a failure",
    "DEPLOYMENT_STOP_ON_ALARM",
    /NOT rolled back: .*DEPLOYMENT_FAILURE.* names only DEPLOYMENT_STOP_ON_ALARM/,
    "myservice:3",
  ],
  ["a failure", "DEPLOYMENT_STOP_ON_REQUEST,DEPLOYMENT_FAILURE", /is live: /, "myservice:4"],
  [
    STOPPED,
    "DEPLOYMENT_FAILURE",
    /NOT rolled back: .*DEPLOYMENT_STOP_ON_REQUEST.* names only DEPLOYMENT_FAILURE/,
    "myservice:4",
  ],
  [STOPPED, "DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_REQUEST", /is live: /, "myservice:4"],
];

for (const [end, events, expected, runs] of EVENT_CASES) {
  Deno.test(`${end} with --rollback-events "${events}" leaves ${runs}`, async () => {
    const emulator = end === STOPPED
      ? on(myservice(), "UpdateService", 1, actAfter((emulator) => emulator.schedule(5_000, stop)))
      : createScenario("circuit_breaker");
    const { code, stderr } = await deploy(emulator, [
      "--revision",
      "3",
      "--preflight",
      "off",
      "--rollback-events",
      events,
    ]);
    assert.equal(code, 6);
    assert.match(stderr, expected);
    assert.equal(running(emulator), runs);
  });
}

function stop(emulator: Emulator): void {
  const target = "AmazonEC2ContainerServiceV20141113";
  const { currentServiceDeployment } = emulator.describeService("myservice");
  emulator.call(`${target}.StopServiceDeployment`, {
    serviceDeploymentArn: currentServiceDeployment as string,
    stopType: "ROLLBACK",
  });
}

Deno.test("what somebody has deployed after the failure is left alone", async () => {
  const somebody = actAfter((emulator) =>
    void emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })
  );
  const emulator = on(createScenario("circuit_breaker"), "ListServiceDeployments", 2, somebody);
  const { code, stderr } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS]);
  assert.equal(code, 6);
  assert.match(stderr, /somebody deployed myservice:2 meanwhile, which stays/);
  assert.deepEqual([running(emulator), updates(emulator).length], ["myservice:2", 1]);
});

Deno.test("what somebody has deployed on top of the way back is left alone, also where it is what has failed", async () => {
  const somebody = actAfter((emulator) =>
    void emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" })
  );
  const emulator = on(failing(false), "UpdateService", 2, somebody);
  const { code, stderr } = await deploy(emulator, EVENTS, NEW_IMAGE);
  assert.match(stderr, /Rollback to myservice:4 was superseded: somebody else started deployment \S+ to myservice:5/);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [6, "myservice:5", 2]);
});

Deno.test("that ECS goes back further than a deploy came from is not reported as somebody's deployment", async () => {
  // Revision 4 is still on its way, so that ECS goes back to 2.
  const emulator = myservice({ ...breaker(true), afterLastMs: 20_000 });
  emulator.setBehaviour("myservice:5", NO_SECRET);
  const { code, stderr } = await deploy(emulator, [...EVENTS, "--deregister-failed"], NEW_IMAGE);
  assert.deepEqual([code, running(emulator), updates(emulator).length], [6, "myservice:2", 1]);
  assert.match(stderr, /to myservice:4: it was never completed, and ECS went back to myservice:2 by itself/);
  assert.doesNotMatch(stderr, /somebody/);
  assert.match(stderr, /myservice:5 is not deregistered: .* still uses it/);
  const waited = await runInProcess(emulator, ["wait"], NEW_IMAGE);
  assert.equal(waited.code, 6);
  assert.match(waited.stderr, /ECS is going back to myservice:2.*\n[^]*ECS rolled it back: myservice:2 is live again/);
});

/** How many calls of an operation there are before the way back's first write. */
async function readsBeforeTheWayBack(operation: string): Promise<number> {
  const emulator = createScenario("circuit_breaker");
  await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS]);
  const names = emulator.calls.map((call) => call.operation);
  return names.slice(0, names.lastIndexOf("UpdateService")).filter((name) => name === operation).length;
}

Deno.test("where ECS turns back just while the way back is planned, that is planned again", async () => {
  const ecs = actBefore((emulator) =>
    void emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" })
  );
  const nth = await readsBeforeTheWayBack("DescribeServices");
  const emulator = on(createScenario("circuit_breaker"), "DescribeServices", nth, ecs);
  const { code, stderr } = await deploy(emulator, ["--revision", "3", "--preflight", "off", ...EVENTS]);
  assert.equal(code, 6);
  assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
  assert.equal(updates(emulator).length, 1);
});

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
  await deploy(registeredBefore, ["--revision", "3", "--preflight", "off", ...DEREGISTERING]);
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

Deno.test("a failed deploy is rolled back although AWS does not answer for auto scaling any more", async () => {
  const cases: [string, FaultEffect][] = [
    ["ListTagsForResource", dropBefore()],
    ["DescribeScalableTargets", throttle()],
    ["RegisterScalableTarget", answerWith("ValidationException", "No.")],
    ["TagResource", dropBefore()],
  ];
  for (const [operation, effect] of cases) {
    const emulator = on(
      failing(),
      "UpdateService",
      1,
      actAfter((emulator) => emulator.inject({ operation, times: Infinity, effect })),
    );
    const startedAtMs = emulator.now();
    const { code, stderr } = await deploy(emulator, [...EVENTS, ...BOTH, "--timeout", "10m"], NEW_IMAGE);
    assert.equal(running(emulator), "myservice:4", `${operation}: ${stderr}`);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
    // No longer than ECS takes for both, and a minute for auto scaling.
    assert.ok(emulator.now() - startedAtMs < 4 * MINUTE_MS, `${operation}: ${emulator.now() - startedAtMs} ms`);
    const { suspendedState } = emulator.state().scalableTargets[RESOURCE_ID]!;
    const isSuspended = Object.values(suspendedState).includes(true);
    const restore = /still to do: ecspresso scale .*--resume-auto-scaling/;
    const lastLines = stderr.trimEnd().split("\n").slice(-3).join("\n");
    assert.match(lastLines, isSuspended ? restore : /is live: /, operation);
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

Deno.test("Ctrl-C during the deploy rolls nothing back; during the way back it ends with 130; scaling is restored in both", async () => {
  const args = ["--revision", "3", "--preflight", "off", ...EVENTS, ...BOTH];
  const world = () => {
    const emulator = createScenario("circuit_breaker");
    const SuspendedState = {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: true,
      ScheduledScalingSuspended: false,
    };
    emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState });
    return emulator;
  };
  const whole = world();
  const { scalableTargets } = whole.state();
  assert.equal((await deploy(whole, args)).code, 6);
  assert.deepEqual(whole.state().scalableTargets, scalableTargets);
  const names = whole.calls.map(({ operation }) => operation);
  const there = names.indexOf("UpdateService") + 1;
  const back = names.lastIndexOf("UpdateService") + 1;
  // What is asked last of all about the deploy is why its tasks stopped: from then on it has failed.
  const failed = names.slice(0, back).lastIndexOf("ListTasks") + 1;
  for (let calls = 1; calls <= names.length; calls++) {
    const emulator = world();
    const { code, stderr } = await deploy(emulator, args, {
      files: DEFINITION_FILES,
      stopAfterCalls: { calls, signal: "SIGINT" },
    });
    const sent = updates(emulator).length;
    const where = `stopped after ${calls} calls of ${names.length}, ${names[calls - 1]}`;
    assert.deepEqual(emulator.state().scalableTargets, scalableTargets, where);
    if (calls < there) assert.deepEqual([code, sent], [130, 0], where);
    else assert.deepEqual([code === 130 || code === 6, sent], [true, calls < back ? 1 : 2], where);
    if (calls >= there && calls < failed) assert.equal(code, 130, where);
    // ECS's record of the deployment is read after that, by two calls.
    if (calls >= failed && calls < failed + 2) {
      assert.match(
        stderr,
        /NOT rolled back: the run was interrupted\..*\n(?:.*\n)?.* set the service back to myservice:4.*: /,
        where,
      );
    }
    if (calls >= failed) assert.doesNotMatch(stderr, /AnswerLost/, where);
    if (calls === back + 1) {
      assert.equal(code, 130, "the way back is still watched then");
      assert.match(stderr, /ECS is still rolling back to myservice:4: /);
    }
  }
});

Deno.test("previous after a deploy that failed is what ran before it, also when that had run for longer than ECS keeps records", async () => {
  const previous = (emulator: Emulator) =>
    runInProcess(emulator, ["rollback", "--revision", "previous"], { files: DEFINITION_FILES });
  for (const events of [EVENTS, []]) {
    const emulator = failing();
    emulator.advance(100 * 24 * 60 * MINUTE_MS);
    assert.equal((await deploy(emulator, events, NEW_IMAGE)).code, 6);
    const { code, stderr } = await previous(emulator);
    assert.deepEqual([code, emulator.describeService("myservice").taskDefinition], [0, `${REVISIONS}:4`], stderr);
    // Once more, it goes no further back than that.
    assert.match((await previous(emulator)).stderr, /Already at task definition myservice:4 and stable/);
  }
});
