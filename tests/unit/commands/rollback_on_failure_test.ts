import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";
import {
  breaker,
  deploy,
  EVENTS,
  failing,
  MINUTE_MS,
  NEW_IMAGE,
  NO_SECRET,
  on,
  running,
  TO_3,
  updates,
} from "./deploys.ts";

const REVISIONS = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice";

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
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS]);
  assert.equal(code, 6);
  assert.equal(running(emulator), "myservice:4");
  assert.match(stderr, /Deploy of myservice:3 failed: .* myservice:4 is live: 2 of 2 tasks/);
});

Deno.test("that the record that names an alarm may not be read is said", async () => {
  const emulator = createScenario("circuit_breaker");
  emulator.inject({ operation: "DescribeServiceDeployments", times: Infinity, effect: accessDenied() });
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS]);
  assert.equal(code, 6);
  assert.match(
    stderr,
    /\[warn\] .*: ecs:DescribeServiceDeployments .*; whether an alarm has stopped the deploy is not known/,
  );
});

Deno.test("no line says that ECS goes on with a deploy that is rolled back, nor to go back by hand", async () => {
  const world = { history: [2, 4], behaviours: { 3: crashLoop() } };
  for (const emulator of [myservice(world), createScenario("circuit_breaker")]) {
    const args = [...TO_3, ...EVENTS, "--timeout", "2m", "--github"];
    const { code, stderr } = await deploy(emulator, args);
    assert.deepEqual([code, running(emulator)], [6, "myservice:4"]);
    assert.doesNotMatch(stderr, /goes on with|to follow the deployment|to go back to/);
  }
});

Deno.test("a permission that the way back lacks is named", async () => {
  const emulator = on(createScenario("circuit_breaker"), "UpdateService", 2, accessDenied());
  const { code, stderr } = await deploy(emulator, [...TO_3, ...EVENTS]);
  assert.equal(code, 6);
  assert.match(
    stderr,
    /NOT rolled back to myservice:4: UpdateService failed: .*\n(?:.*advice: .*\n)?.*the missing IAM statement: .*"ecs:UpdateService"/,
  );
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
    const { code, stderr } = await deploy(emulator, [...TO_3, "--rollback-events", events]);
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
