import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import {
  type Behaviour,
  crashLoop,
  failingHealthCheck,
  healthy,
  slowDrain,
  unplaceable,
} from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, stale } from "../../emulator/faults.ts";
import { type MyService, myservice, SERVICE } from "../../emulator/myservice.ts";
import { readEvents } from "../../event_schema.ts";
import { runInProcess } from "../../in_process.ts";

/** Deployments that ECS goes on with although they lead nowhere, as a whole against the emulator. */

const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE"];
const MINUTE_MS = 60_000;

/** Revision 4 runs, its tasks take five minutes to stop, and 3 is deployed. */
function world(behaviour: Behaviour, service: MyService["service"] = {}): Emulator {
  return myservice({ history: [2, 4], behaviours: { 3: behaviour, 4: slowDrain() }, service });
}

async function deploy(emulator: Emulator, ...args: string[]) {
  const startedAtMs = emulator.now();
  const limit = args.some((arg) => arg.startsWith("--timeout")) ? [] : ["--timeout", "5m"];
  const all = ["deploy", "--revision", "3", "--preflight", "off", ...limit, "--output", "json", ...args];
  const { code, stdout, stderr } = await runInProcess(emulator, all, { files: DEFINITION_FILES });
  const events = readEvents(stdout);
  const [outcome] = events.filter(({ event }) => event === "rolloutEnded").map(({ outcome }) => outcome);
  return { code, outcome, events, stderr, tookMs: emulator.now() - startedAtMs };
}

function running(emulator: Emulator): string {
  return emulator.state().services["default/myservice"]!.taskDefinition;
}

for (const afterS of [20, 45, 90]) {
  Deno.test(`a deploy whose tasks crash again and again after ${afterS} s is rolled back before the timeout`, async () => {
    const emulator = world(crashLoop({ afterMs: afterS * 1_000 }));
    const { code, outcome, tookMs } = await deploy(emulator, ...EVENTS);
    assert.deepEqual([code, outcome, running(emulator)], [6, "givenUp", "myservice:4"]);
    assert.ok(tookMs < 9.5 * MINUTE_MS, `${tookMs} ms`);
  });
}

Deno.test("a deploy that ECS completes between two crashes is rolled back all the same", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop({ afterMs: 35_000 }) } });
  const { code, outcome, events } = await deploy(emulator, ...EVENTS);
  assert.deepEqual([code, outcome, running(emulator)], [6, "givenUp", "myservice:4"]);
  const ended = events.findIndex(({ event }) => event === "rolloutEnded");
  assert.match(JSON.stringify(events.slice(0, ended)), /deployment completed\.".*2 of its tasks crashed/);
});

Deno.test("a deploy with a crash on the way succeeds once its tasks have run longer than the one that crashed", async () => {
  for (const [events, longest] of [[EVENTS, 45_000], [[], 0]] as const) {
    const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop({ afterMs: 25_000 }) } });
    emulator.schedule(46_000, (later) => later.setBehaviour(`${SERVICE}:3`, healthy()));
    const { code, outcome, tookMs } = await deploy(emulator, ...events);
    assert.deepEqual([code, outcome, running(emulator)], [0, "succeeded", "myservice:3"]);
    assert.ok(tookMs > longest, `${tookMs} ms`);
  }
});

Deno.test("what ECS calls completed is a success when the time is up before it has proved itself", async () => {
  const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop({ afterMs: 35_000 }) } });
  const { code, outcome } = await deploy(emulator, "--fail-after", "3", "--timeout=100s");
  assert.deepEqual([code, outcome], [0, "succeeded"]);
});

Deno.test("a deploy whose tasks can never be placed is rolled back before the timeout", async () => {
  const emulator = world(unplaceable());
  const { code, outcome, tookMs } = await deploy(emulator, ...EVENTS);
  assert.deepEqual([code, outcome, running(emulator)], [6, "givenUp", "myservice:4"]);
  assert.ok(tookMs < 2 * MINUTE_MS, `${tookMs} ms`);
});

Deno.test("--fail-after 0 waits for the timeout, and then rolls back what keeps crashing", async () => {
  const emulator = world(crashLoop({ afterMs: 45_000 }));
  const { code, outcome, tookMs } = await deploy(emulator, ...EVENTS, "--fail-after", "0");
  assert.deepEqual([code, outcome, running(emulator)], [6, "timedOut", "myservice:4"]);
  assert.ok(tookMs > 5 * MINUTE_MS);
});

Deno.test("without DEPLOYMENT_FAILURE a deploy is watched until the timeout", async () => {
  for (const events of [[], ["--rollback-events", "DEPLOYMENT_STOP_ON_ALARM"]]) {
    const emulator = world(unplaceable());
    const { code, outcome } = await deploy(emulator, ...events);
    assert.deepEqual([code, outcome, running(emulator)], [7, "timedOut", "myservice:3"]);
  }
});

Deno.test("--fail-after alone ends the watching, and nothing is rolled back", async () => {
  const emulator = world(failingHealthCheck());
  const { code, outcome, events } = await deploy(emulator, "--fail-after", "1");
  assert.deepEqual([code, outcome, running(emulator)], [6, "givenUp", "myservice:3"]);
  const { stopped, unstarted, limit } = events.at(-1)!;
  assert.deepEqual([stopped, unstarted, limit], [2, 0, 1]);
});

Deno.test("the service's own threshold counts where no number is given", async () => {
  const deploymentCircuitBreaker = {
    ...{ enable: false, rollback: false },
    thresholdConfiguration: { type: "COUNT", value: 5 },
  };
  const emulator = world(unplaceable(), { deploymentConfiguration: { deploymentCircuitBreaker } });
  const { outcome, events } = await deploy(emulator, ...EVENTS);
  const { unstarted, limit } = events.find(({ event }) => event === "rolloutEnded")!;
  assert.deepEqual([outcome, unstarted, limit], ["givenUp", 5, 5]);
});

Deno.test("a deploy is not given up while one of its tasks is healthy", async () => {
  // From the second minute on, new tasks crash; what runs by then goes on.
  const emulator = world(healthy(), { desiredCount: 2 });
  emulator.schedule(30_000, (later) => {
    later.setBehaviour(`${SERVICE}:3`, crashLoop());
    later.call("AmazonEC2ContainerServiceV20141113.UpdateService", { service: SERVICE, desiredCount: 4 });
  });
  const { outcome, code } = await deploy(emulator, ...EVENTS);
  assert.deepEqual([outcome, code], ["timedOut", 6]);
});

Deno.test("a slow start is no failure", async () => {
  const emulator = world(healthy({ startMs: 8 * MINUTE_MS }));
  const { outcome, code } = await deploy(emulator, ...EVENTS, "--fail-after", "1");
  assert.deepEqual([outcome, code], ["timedOut", 7]);
});

Deno.test("where stopped tasks may not be listed, a deploy that runs something is not given up", async () => {
  const emulator = world(crashLoop({ afterMs: 45_000 }));
  emulator.inject({ operation: "ListTasks", times: Infinity, effect: accessDenied() });
  const { outcome } = await deploy(emulator, ...EVENTS);
  assert.equal(outcome, "timedOut");
});

Deno.test("the rollback itself is watched to its end, however its tasks fare", async () => {
  const emulator = world(unplaceable());
  emulator.schedule(30_000, (later) => later.setBehaviour(`${SERVICE}:4`, crashLoop({ afterMs: 5_000 })));
  emulator.schedule(31_000, (later) => {
    const { taskArns } = later.call("AmazonEC2ContainerServiceV20141113.ListTasks", { serviceName: SERVICE });
    for (const task of taskArns as string[]) later.call("AmazonEC2ContainerServiceV20141113.StopTask", { task });
  });
  const { events } = await deploy(emulator, ...EVENTS);
  const ends = events.filter(({ event }) => event === "rolloutEnded").map(({ outcome }) => outcome);
  assert.deepEqual(ends, ["givenUp", "timedOut"]);
});

Deno.test("what is no whole number is a mistake in the command line", async () => {
  for (const value of ["0.5", "-1", "many", "", "1e3", "99999999999"]) {
    for (const command of ["deploy", "rollback --revision 3", "wait"]) {
      const { code, stderr } = await runInProcess(myservice(), [...command.split(" "), `--fail-after=${value}`]);
      assert.equal(code, 2, stderr);
    }
  }
  for (const command of ["deploy", "rollback --revision 3"]) {
    const args = [...command.split(" "), "--fail-after", "3", "--no-wait"];
    assert.equal((await runInProcess(myservice(), args)).code, 2);
  }
});

for (const nth of [2, 3, 4, 5]) {
  Deno.test(`reads that lag behind, from read ${nth} on, neither end a rollback nor free what runs to be deregistered`, async () => {
    const emulator = myservice({ behaviours: { 5: unplaceable() } });
    emulator.inject({ operation: "DescribeServices", nth, times: Infinity, effect: stale(20_000) });
    const args = ["deploy", "--deregister-failed", "--fail-after", "1", ...EVENTS];
    const task = DEFINITION_FILES["ecs-task-def.json"]!.replace('"512"', '"256"');
    const files = { ...DEFINITION_FILES, "ecs-task-def.json": task };
    const { code, stderr } = await runInProcess(emulator, args, { files });
    assert.deepEqual([code, running(emulator)], [6, "myservice:4"], stderr);
    assert.match(stderr, /myservice:4 is live: 2 of 2 tasks/);
  });
}
