import assert from "node:assert/strict";
import { changedFiles } from "../../definition_files.ts";
import { secretNotFound } from "../../emulator/behaviours.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { count, deploy, EVENTS, faulty, NEW_IMAGE, running, TO_3 } from "./deploys.ts";

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
  for (const args of [[], EVENTS, ["--force-register"], [...TO_3]]) {
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
