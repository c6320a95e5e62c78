import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { secretNotFound } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, dropAfter, dropBefore, type FaultEffect } from "../../emulator/faults.ts";
import { emptyAnswer } from "../../emulator/foreign_answers.ts";
import { myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";

/** `deploy` as a whole, against the emulator. */

const NEW_IMAGE: RunOptions = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE"];
const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];

function deploy(emulator: Emulator, args: readonly string[], options: RunOptions = { files: DEFINITION_FILES }) {
  return runInProcess(emulator, ["deploy", ...args], options);
}

function faulty(operation: string, effect: FaultEffect, emulator = myservice()): Emulator {
  emulator.inject({ operation, effect });
  return emulator;
}

function count(emulator: Emulator, operation: string): number {
  return emulator.calls.filter((call) => call.operation === operation).length;
}

function running(emulator: Emulator): string {
  return emulator.state().services["default/myservice"]!.taskDefinition;
}

Deno.test("deploy registers, updates once, and ends with 0 when its own deployment is complete", async () => {
  const emulator = myservice();
  const { code, stdout } = await deploy(emulator, [], NEW_IMAGE);
  assert.deepEqual([code, stdout, running(emulator)], [0, "", "myservice:5"]);
  assert.deepEqual([count(emulator, "RegisterTaskDefinition"), count(emulator, "UpdateService")], [1, 1]);
});

Deno.test("deploy twice in a row changes nothing the second time", async () => {
  const emulator = myservice();
  await deploy(emulator, [], NEW_IMAGE);
  const before = emulator.state();
  assert.equal((await deploy(emulator, [], NEW_IMAGE)).code, 0);
  assert.deepEqual(emulator.state(), before);
});

Deno.test("a dry run of deploy changes nothing, whatever is asked for", async () => {
  for (const args of [[], ["--force-register", "--force-new-deployment"], ["--tasks", "5", ...BOTH], EVENTS]) {
    const emulator = myservice();
    const before = emulator.state();
    const { code, stdout } = await deploy(emulator, [...args, "--dry-run"], NEW_IMAGE);
    assert.equal(code, 0);
    assert.match(stdout, /1\. /);
    assert.deepEqual(emulator.state(), before);
  }
});

Deno.test("a deploy reads the service once to plan and once more before it writes, and warns of a file once", async () => {
  const files = {
    ...changedFiles("ecs-task-def.json", '"environment"', '"enviroment"'),
    "ecs-service-def.json": changedFiles(
      "ecs-service-def.json",
      "{",
      '{\n  "desiredCuont": 3,',
    )["ecs-service-def.json"]!,
  };
  for (const [option, readsOfService] of [["--dry-run", 1], ["--wait", 2]] as const) {
    const emulator = myservice();
    const { code, stderr } = await deploy(emulator, [option], { files });
    assert.equal(code, 0);
    for (const name of ["enviroment", "desiredCuont"]) {
      assert.equal(stderr.split(`${name} is unknown to ecspresso`).length, 2, `${name}: ${stderr}`);
    }
    const operations = emulator.calls.map(({ operation }) => operation);
    const write = operations.findIndex((name) => !isRead(name));
    const reads = write < 0 ? operations : operations.slice(0, write);
    assert.equal(reads.filter((name) => name === "DescribeServices").length, readsOfService, String(reads));
  }
});

Deno.test("a dry run of deploy reads each task definition once, whatever it ships", async () => {
  for (const args of [[], EVENTS, ["--force-register"], ["--revision", "3", "--preflight", "off"]]) {
    const emulator = myservice();
    const { code, stdout } = await deploy(emulator, [...args, "--dry-run"], NEW_IMAGE);
    assert.equal(code, 0);
    assert.match(stdout, /Changes\n {2}(?!none)/, `${args}: ${stdout}`);
    const read = emulator.calls.filter(({ operation }) => operation === "DescribeTaskDefinition");
    const names = read.map(({ input }) => String(input?.taskDefinition).split("/").at(-1));
    assert.deepEqual(names, names.filter((name, index) => names.indexOf(name) === index), String(args));
    assert.ok(names.length <= 2, `${args}: ${names}`);
  }
});

Deno.test("a deploy that may not read what runs goes on, and says that it cannot list the changes", async () => {
  for (const args of [["--force-register"], ["--force-register", "--dry-run"]]) {
    const emulator = faulty("DescribeTaskDefinition", accessDenied());
    const { code, stdout, stderr } = await deploy(emulator, args, NEW_IMAGE);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout + stderr,
      /DescribeTaskDefinition failed: .*; what changes in the task definition is not known/,
    );
    assert.doesNotMatch(stdout, /^\+\+\+ ecs-task-def.json|^Changes/m, "what is not known is not shown as new");
  }
});

Deno.test("a deploy makes at most 5 calls before it updates the service, besides registering", async () => {
  const emulator = myservice({ history: [4] });
  await deploy(emulator, [], NEW_IMAGE);
  const operations = emulator.calls.map(({ operation }) => operation);
  const reads = operations.slice(0, operations.indexOf("UpdateService")).filter((name) => !/^Register/.test(name));
  assert.ok(reads.length <= 5, String(reads));
});

Deno.test("deploy changes nothing where registering is refused, and gives nothing to the service where its answer is lost", async () => {
  const refused = faulty("RegisterTaskDefinition", accessDenied());
  const before = refused.state();
  const { code, stderr } = await deploy(refused, [...BOTH, ...EVENTS], NEW_IMAGE);
  assert.equal(code, 5);
  assert.match(stderr, /RegisterTaskDefinition failed: AccessDeniedException/);
  assert.deepEqual(refused.state(), before);

  const lost = faulty("RegisterTaskDefinition", dropBefore());
  assert.equal((await deploy(lost, [...BOTH, ...EVENTS], NEW_IMAGE)).code, 5);
  assert.deepEqual([count(lost, "RegisterTaskDefinition"), count(lost, "UpdateService")], [1, 0]);
  assert.deepEqual(lost.state().services, before.services);
  assert.deepEqual(lost.state().scalableTargets, before.scalableTargets);
});

Deno.test("deploy finds what it has registered after a lost answer, and what is older or says something else is not that", async () => {
  for (const effect of [dropAfter(), emptyAnswer({ applied: true })]) {
    const lost = faulty("RegisterTaskDefinition", effect);
    const { code, stderr } = await deploy(lost, [], NEW_IMAGE);
    assert.deepEqual([code, count(lost, "RegisterTaskDefinition"), running(lost)], [0, 1, "myservice:5"], stderr);
  }
  const older = myservice();
  assert.equal((await deploy(older, [], NEW_IMAGE)).code, 0);
  older.advance(60_000);
  older.inject({ operation: "RegisterTaskDefinition", effect: dropBefore() });
  assert.equal((await runInProcess(older, ["register"], NEW_IMAGE)).code, 5, "the same, but older than the order");
  const other = faulty("RegisterTaskDefinition", dropBefore());
  other.inject({
    operation: "RegisterTaskDefinition",
    effect: actAfter((emulator) =>
      void emulator.registerTaskDefinition({ family: "myservice", containerDefinitions: [] })
    ),
  });
  assert.equal((await deploy(other, [], NEW_IMAGE)).code, 5, "somebody else's");
});

Deno.test("deploy restores scaling and rolls nothing back where UpdateService is refused", async () => {
  const emulator = faulty("UpdateService", accessDenied());
  const before = emulator.state();
  const { code } = await deploy(emulator, ["--revision", "3", ...BOTH, ...EVENTS]);
  assert.equal(code, 5);
  assert.deepEqual(emulator.state(), before);
  assert.equal(count(emulator, "UpdateService"), 1);
});

Deno.test("deploy finds its deployment after a lost answer of UpdateService, and sends it once", async () => {
  const emulator = faulty("UpdateService", dropAfter());
  assert.equal((await deploy(emulator, ["--revision", "3"])).code, 0);
  assert.deepEqual([running(emulator), count(emulator, "UpdateService")], ["myservice:3", 1]);
  const failing = faulty("UpdateService", dropAfter(), createScenario("circuit_breaker"));
  assert.equal((await deploy(failing, ["--revision", "3", "--preflight", "off", ...EVENTS])).code, 6);
  assert.deepEqual([running(failing), count(failing, "UpdateService")], ["myservice:4", 2], "one there, one back");
});

Deno.test("deploy reads back what starts no deployment after a lost answer of UpdateService, and sends it once", async () => {
  const exec = changedFiles("ecs-service-def.json", '"launchType"', '"enableExecuteCommand": true, "launchType"');
  for (const [args, files] of [[["--tasks", "5"], DEFINITION_FILES], [["--latest-task-definition"], exec]] as const) {
    for (const effect of [dropAfter(), emptyAnswer({ applied: true })]) {
      const emulator = faulty("UpdateService", effect);
      const { code, stderr } = await deploy(emulator, [...args, "--no-wait"], { files });
      assert.deepEqual([code, count(emulator, "UpdateService")], [0, 1], stderr);
    }
    const lost = faulty("UpdateService", dropBefore());
    const { code, stderr } = await deploy(lost, args, { files });
    assert.deepEqual([code, count(lost, "UpdateService")], [5, 1], stderr);
    assert.match(stderr, /unknown, may be in flight: the service was not seen to have \w+ as ordered/);
  }
});

Deno.test("deploy that somebody supersedes ends with 6, and rolls nothing back and deregisters nothing", async () => {
  const emulator = faulty(
    "UpdateService",
    actAfter((emulator) => void emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })),
  );
  const { code, stderr } = await deploy(emulator, [...BOTH, ...EVENTS, "--deregister-failed"], NEW_IMAGE);
  assert.equal(code, 6);
  assert.match(stderr, /superseded: .*myservice:2/);
  assert.deepEqual([running(emulator), count(emulator, "UpdateService")], ["myservice:2", 1]);
  assert.deepEqual(Object.values(emulator.state().taskDefinitions), Array(5).fill("ACTIVE"));
});

Deno.test("of two deploys at once one wins and the other says superseded; scaling ends as it began", async () => {
  const args = [...BOTH, ...EVENTS, "--deregister-failed"];
  const emulator = myservice();
  // Only scale-out was suspended before.
  const SuspendedState = {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: true,
    ScheduledScalingSuspended: false,
  };
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState });
  const { scalableTargets } = emulator.state();
  let second: ReturnType<typeof deploy> | undefined;
  const begin = actAfter((emulator) => {
    second ??= deploy(emulator, ["--revision", "2", ...args]);
  });
  emulator.inject({ operation: "UpdateService", effect: begin });
  const first = await deploy(emulator, args, NEW_IMAGE);
  const winner = await second;
  assert.deepEqual([first.code, winner?.code], [6, 0]);
  assert.match(first.stderr, /superseded/);
  assert.equal(running(emulator), "myservice:2");
  assert.deepEqual(emulator.state().scalableTargets, scalableTargets);
  assert.deepEqual(Object.values(emulator.state().taskDefinitions), Array(5).fill("ACTIVE"));
  assert.equal(count(emulator, "UpdateService"), 2);
});

Deno.test("deploy asks AWS for nothing and reads no file where its options do not go together", async () => {
  const refused = [
    "--no-wait --rollback-events DEPLOYMENT_FAILURE",
    "--no-wait --deregister-failed",
    "--no-wait --suspend-auto-scaling --resume-auto-scaling",
    "--revision 3 --latest-task-definition",
    "--revision 3 --skip-task-definition --latest-task-definition",
    "--revision 3 --skip-task-definition --force-register",
    "--skip-task-definition --force-register",
    "--rollback-events DEPLOYMENT_FAILED",
    "--rollback-events deployment_failure",
    "--rollback-events DEPLOYMENT_FAILURE,",
    "--rollback-events=",
    "--tasks -2",
    "--tasks 1.5",
    "--tasks many",
    "--revision latest",
    "--wait-until healthy",
    "--force",
    "surplus",
  ];
  for (const args of refused) {
    const emulator = myservice();
    const { code, stdout, stderr } = await deploy(emulator, args.split(" "), { files: {} });
    assert.deepEqual([code, stdout, emulator.calls.length], [2, "", 0], args);
    assert.notEqual(stderr, "");
  }
});

Deno.test("deploy --skip-task-definition names a revision together with --revision or --latest-task-definition", async () => {
  for (const [args, expected] of [["--revision 3", "myservice:3"], ["--latest-task-definition", "myservice:4"]]) {
    const emulator = myservice({ history: [3, 2] });
    const { code } = await deploy(emulator, ["--skip-task-definition", ...args!.split(" ")]);
    assert.deepEqual([code, running(emulator)], [0, expected]);
    assert.ok(!emulator.calls.some(({ operation }) => operation === "RegisterTaskDefinition"));
  }
});

Deno.test("deploy counts no tasks that are none, and says what it takes", async () => {
  const { stderr } = await deploy(myservice(), ["--tasks", "-2"]);
  assert.match(stderr, /--tasks takes a whole number \(-1 leaves it as it is\), not "-2"/);
});

Deno.test("deploy --no-wait goes with one scaling option, and exits when the order is given", async () => {
  for (const option of ["--suspend-auto-scaling", "--resume-auto-scaling"]) {
    const emulator = myservice();
    assert.equal((await deploy(emulator, ["--revision", "3", "--no-wait", option])).code, 0);
    assert.equal(running(emulator), "myservice:3");
  }
});

Deno.test("deploy and rollback wait, also when asked to, and the last of --wait and --no-wait wins", async () => {
  const cases: [string, boolean][] = [
    ["", true],
    ["--wait", true],
    ["--no-wait", false],
    ["--no-wait --wait", true],
    ["--wait --no-wait", false],
  ];
  for (const command of ["deploy", "rollback"]) {
    for (const [args, waits] of cases) {
      const line = [command, "--revision", "3", ...args.split(" ")].filter(Boolean);
      const { code, stderr } = await runInProcess(myservice(), line, { files: DEFINITION_FILES });
      assert.deepEqual([code, /Completed!/.test(stderr)], [0, waits], line.join(" "));
    }
  }
  const { code } = await deploy(myservice(), ["--no-wait", "--wait", ...EVENTS, ...BOTH, "--revision", "3"]);
  assert.equal(code, 0, "what needs waiting goes with a --wait that wins");
});

Deno.test("the options of deploy come to what the service gets", async () => {
  const files = changedFiles("ecs-service-def.json", "{", '{\n  "desiredCount": 4,\n  "enableExecuteCommand": true,');
  const both = { desiredCount: 4, enableExecuteCommand: true };
  const cases: [string, Record<string, unknown> | undefined][] = [
    ["", both],
    ["--update-service", both],
    ["--no-update-service", undefined],
    ["--tasks 0", { ...both, desiredCount: 0 }],
    ["--tasks 2", { enableExecuteCommand: true }],
    ["--no-update-service --tasks 3", { desiredCount: 3 }],
    ["--no-update-service --revision 2", { taskDefinition: "myservice:2" }],
    ["--no-update-service --skip-task-definition --force-new-deployment", { forceNewDeployment: true }],
    ["--no-update-service --force-register", { taskDefinition: "myservice:5" }],
    ["--no-update-service --latest-task-definition", undefined],
    ["--skip-task-definition", both],
  ];
  for (const [args, expected] of cases) {
    const emulator = myservice();
    assert.equal((await deploy(emulator, [...args.split(" "), "--no-wait"].filter(Boolean), { files })).code, 0);
    const sent = emulator.calls.find(({ operation }) => operation === "UpdateService")?.input;
    const { cluster: _, service: __, ...input } = sent ?? {};
    const { taskDefinition } = input;
    const named = typeof taskDefinition === "string" && { taskDefinition: taskDefinition.split("/").at(-1) };
    assert.deepEqual(sent && { ...input, ...named }, expected, args);
  }
});

Deno.test("deploy --wait-until deployed does not wait for all of the tasks", async () => {
  const elapsedMs = async (state: string) => {
    const emulator = myservice();
    const startedAtMs = emulator.now();
    assert.equal((await deploy(emulator, ["--revision", "3", "--wait-until", state])).code, 0);
    return emulator.now() - startedAtMs;
  };
  assert.ok(await elapsedMs("deployed") <= await elapsedMs("stable"));
});

Deno.test("deploy creates a missing service, and says that there is nothing to go back to when that fails", async () => {
  const files = changedFiles("ecspresso.yml", "service: myservice", "service: yourservice");
  const emulator = myservice({
    behaviours: { 4: secretNotFound("arn:aws:secretsmanager:ap-northeast-1:1:secret:x") },
    history: [3],
  });
  const before = emulator.state().services["default/myservice"];
  const args = ["--revision", "4", ...EVENTS, "--timeout", "1m"];
  const { code, stderr } = await deploy(emulator, args, { files });
  assert.equal(code, 7);
  assert.match(stderr, /NOT rolled back: there was no service before this deploy/);
  assert.deepEqual(emulator.state().services["default/myservice"], before);
});

Deno.test("deploy warns of a desiredCount that is less than what auto scaling has set, and asks only then", async () => {
  const files = (desiredCount: number) => ({
    files: changedFiles("ecs-service-def.json", "{", `{ "desiredCount": ${desiredCount},`),
  });
  const warning = /this stops 4 tasks: auto scaling \(1 to 10\) runs 6 now, .* is 2\. To keep 6/;
  const run = async (args: string[], desiredCount: number) => {
    const emulator = myservice();
    emulator.updateService({ service: "myservice", desiredCount: 6 });
    emulator.advance(60_000);
    const { code, stdout, stderr } = await deploy(emulator, args, files(desiredCount));
    assert.equal(code, 0, stderr);
    return { said: stdout + stderr, asked: count(emulator, "DescribeScalableTargets"), emulator };
  };
  for (const args of [[], ["--dry-run"], ["--dry-run", "--output", "json"]]) {
    const { said, asked } = await run(args, 2);
    assert.match(said, warning);
    assert.equal(asked, 1);
  }
  for (const [args, desiredCount] of [[[], 7], [["--tasks=-1"], 2], [["--tasks=2"], 2]] as const) {
    const { said, asked } = await run([...args], desiredCount);
    assert.doesNotMatch(said, /auto scaling/);
    assert.equal(asked, 0);
  }
  const { emulator } = await run(["--tasks=-1"], 2);
  assert.equal(emulator.state().services["default/myservice"]!.desiredCount, 6);
});

Deno.test("deploy goes on where it may not ask what auto scaling has set, and says so", async () => {
  const emulator = faulty("DescribeScalableTargets", accessDenied("application-autoscaling"));
  const files = changedFiles("ecs-service-def.json", "{", '{ "desiredCount": 1,');
  const { code, stderr } = await deploy(emulator, [], { files });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /whether auto scaling has set the number of tasks is not known/);
});
