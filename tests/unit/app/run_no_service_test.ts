import assert from "node:assert/strict";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { type Result, runInProcess } from "../../in_process.ts";

/** A config that names no service, as teams have it who only register task definitions, and run them by other means. */
const FILES = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\ntask_definition: ecs-task-def.json\n",
  "ecs-task-def.json": DEFINITION_FILES["ecs-task-def.json"]!,
};

function run(line: string, emulator = myservice()): Promise<Result> {
  return runInProcess(emulator, line.split(" "), { files: FILES });
}

/** The command line, its exit code, and what stdout or else the log has. */
const WORKS: [string, number, RegExp][] = [
  ["render config", 0, /^task_definition: ecs-task-def.json$/m],
  ["render taskdef", 0, /"family": "myservice"/],
  ["register", 0, / \[info\] default Task definition is registered: .*:5$/m],
  ["register --dry-run", 0, /"family": "myservice"/],
  ["verify", 0, /^there {4}role /m],
  ["verify --revision 3", 0, /^there {4}role /m],
  ["revisions", 0, /^1\n2\n3\n4\n/],
  ["revisions --output json", 0, /^\[1,2,3,4\]\n/],
  ["revisions --output table", 0, /^myservice:4 .* the service myservice\s*$/m],
  ["revisions --revision latest", 0, /"revision": 4/],
  ["revisions --revision 2", 0, /"revision": 2/],
  ["diff", 0, / default compared with the newest registered revision: the config names no service$/m],
  ["diff --exit-code --revision 3", 9, /^\+\+\+ ecs-task-def.json$/m],
  ["deregister --revision 1", 0, /Task definition is deregistered: .*:1$/m],
  ["deregister --keeps 1 --dry-run", 0, /^deregister .*myservice:1\nderegister .*myservice:2\n/],
];

for (const [line, code, expected] of WORKS) {
  Deno.test(`"${line}" works where the config names no service`, async () => {
    const { stdout, stderr, code: found } = await run(line);
    assert.equal(found, code, stderr);
    assert.match(stdout + stderr, expected);
  });
}

for (
  const line of [
    "deploy",
    "deploy --dry-run",
    "rollback --revision 3",
    "wait",
    "status",
    "revisions --revision current",
  ]
) {
  Deno.test(`"${line}" says that it needs a service, and where to name it`, async () => {
    const emulator = myservice();
    const { code, stdout, stderr } = await run(line, emulator);
    assert.deepEqual([code, stdout, emulator.calls.length], [3, "", 0]);
    assert.match(stderr, /ecspresso\.yml:1:1: service: is missing \(write service: NAME\)$/m);
  });
}

Deno.test("without a service in the config, what any service or task of the cluster uses is not deregistered", async () => {
  const emulator = myservice();
  const before = emulator.state();
  const { code, stderr } = await run("deregister --revision 4", emulator);
  assert.equal(code, 4, stderr);
  assert.match(stderr, /it is in use by the service myservice$/m);
  const { code: kept } = await run("deregister --keeps 0", emulator);
  assert.equal(kept, 2);
  assert.deepEqual(emulator.state(), before);
});

Deno.test("without a service in the config, and with services that may not be listed, nothing is deregistered", async () => {
  const emulator = myservice();
  emulator.inject({ operation: "ListServices", times: Infinity, effect: accessDenied() });
  const before = emulator.state();
  const { code, stderr } = await run("deregister --revision 1", emulator);
  assert.equal(code, 4, stderr);
  assert.match(stderr, /cannot deregister task definitions of myservice: .*ListServices/);
  assert.deepEqual(emulator.state(), before);
  assert.equal((await run("deregister --revision 1 --force", emulator)).code, 0);
});

Deno.test("diff without a service compares with the newest revision, and with nothing where there is none", async () => {
  const emulator = myservice();
  const options = { files: FILES, env: { TAG: "1.4.0" } };
  const changed = await runInProcess(emulator, ["diff", "--exit-code"], options);
  assert.equal(changed.code, 9);
  assert.match(changed.stdout, /^--- arn:.*task-definition\/myservice:4\n/);
  const files = { ...FILES, "ecs-task-def.json": FILES["ecs-task-def.json"].replace('"myservice"', '"another"') };
  const added = await runInProcess(emulator, ["diff", "--exit-code"], { files });
  assert.equal(added.code, 9);
  assert.match(added.stderr, /another has no registered revision: everything is new/);
});

Deno.test("a config that names neither service nor task definition is enough for no family", async () => {
  const files = { "ecspresso.yml": "region: ap-northeast-1\n" };
  for (const line of ["revisions", "deregister --revision 1", "verify --revision 1"]) {
    const { code, stderr } = await runInProcess(myservice(), line.split(" "), { files });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /ecspresso\.yml: the family of task definitions is not known: /);
  }
  for (const line of ["register", "diff", "verify", "render taskdef"]) {
    const { code, stderr } = await runInProcess(myservice(), line.split(" "), { files });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /names no task definition file \(add task_definition: FILE\)$/m);
  }
});
