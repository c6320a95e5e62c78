import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { BOTH, deploy, EVENTS, running } from "./deploys.ts";

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
