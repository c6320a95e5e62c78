import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

/** What the options of every command mean, seen from outside. Those of `deploy` are in deploy_test.ts. */

const UNUSABLE = [
  "rollback --revision 3 --no-wait --deregister",
  "rollback --revision 0",
  "rollback --revision 3 surplus",
  "wait --until healthy",
  "wait --timeout soon",
  "wait --assume-role-arn deploy",
  "--assume-role-arn arn:aws:iam::123456789012:user/deploy rollback --revision 3",
  "wait surplus",
  "status --events many",
  "status --events 0",
  "diff --revision three",
  "diff --revision 0",
  "register --output",
  "register --force",
  "revisions --output yaml",
  "revisions --output tsv --revision 3",
  "revisions --revision newest",
  "deregister",
  "deregister --revision 3 --keeps 2",
  "deregister --keeps many",
  "deregister --keeps -1",
  "deregister --revision oldest",
  "render",
  "completion",
  "completion tcsh",
  "render everything",
  "render config everything",
  "--no-such-option rollback",
  "no-such-command",
];

for (const line of UNUSABLE) {
  Deno.test(`"${line}" is a usage error, before any file is read or AWS is asked`, async () => {
    const emulator = myservice();
    const before = emulator.state();
    const { code, stdout, stderr } = await runInProcess(emulator, line.split(" "), { files: {} });
    assert.deepEqual([code, stdout, emulator.calls.length], [2, "", 0]);
    assert.doesNotMatch(stderr, /unforeseen|^ +at /m);
    assert.deepEqual(emulator.state(), before);
  });
}

for (const line of ["", ...UNUSABLE]) {
  Deno.test(`"${line}" is reported in JSON with --log-format json, and once only`, async () => {
    const args = ["--log-format", "json", ...line.split(" ").filter((word) => word !== "")];
    const { code, stderr } = await runInProcess(myservice(), args, { files: {} });
    assert.equal(code, 2);
    const entries = stderr.trimEnd().split("\n").map((entry) => JSON.parse(entry));
    assert.deepEqual(new Set(entries.map(({ level }) => level)), new Set(["error"]));
    assert.equal(new Set(entries.map(({ message }) => message)).size, entries.length);
    assert.doesNotMatch(stderr, /outputHelp/);
  });
}

/** The command line, its exit code, what stdout has, and the operations that change something. */
const MEANT: [string, number, RegExp, string[]][] = [
  ["wait", 0, /^$/, []],
  ["wait --until deployed", 0, /^$/, []],
  ["status --events 3", 0, /Service: myservice/, []],
  ["diff", 0, /^$/, []],
  ["diff --exit-code", 0, /^$/, []],
  ["diff --revision 3 --exit-code", 9, /LOG_LEVEL|image/, []],
  ["diff --revision 3", 0, /LOG_LEVEL|image/, []],
  ["register", 0, /^$/, ["RegisterTaskDefinition"]],
  ["register --output arn.txt", 0, /^$/, ["RegisterTaskDefinition"]],
  ["register --dry-run", 0, /"family": "myservice"/, []],
  ["revisions", 0, /^1\n2\n3\n4\n$/, []],
  ["revisions --output json", 0, /^\[\s*1,\s*2,\s*3,\s*4\s*\]\n$/, []],
  ["revisions --revision latest", 0, /"revision": 4/, []],
  ["revisions --revision current", 0, /"revision": 4/, []],
  ["revisions --revision 2", 0, /"revision": 2/, []],
  ["deregister --revision 1 --dry-run", 0, /myservice:1/, []],
  ["deregister --revision 1", 0, /^$/, ["DeregisterTaskDefinition"]],
  ["deregister --revision 1 --delete", 0, /^$/, ["DeregisterTaskDefinition", "DeleteTaskDefinitions"]],
  ["deregister --keeps 2 --force", 0, /^$/, ["DeregisterTaskDefinition"]],
  ["deregister --revision 4", 4, /^$/, []],
  ["render taskdef", 0, /"family": "myservice"/, []],
  ["render servicedef", 0, /"launchType": "FARGATE"/, []],
  ["render config", 0, /service: myservice|"service": "myservice"/, []],
];

for (const [line, expected, output, changing] of MEANT) {
  Deno.test(`"${line}" exits with ${expected} and sends ${changing.join(", ") || "no change"}`, async () => {
    const emulator = myservice();
    const { code, stdout, files } = await runInProcess(emulator, line.split(" "), { files: DEFINITION_FILES });
    assert.equal(code, expected);
    assert.match(stdout, output);
    const sent = emulator.calls.map(({ operation }) => operation).filter((name) => !isRead(name));
    assert.deepEqual([...new Set(sent)], changing);
    if (line.endsWith("arn.txt")) assert.match(files.get("arn.txt") ?? "", /task-definition\/myservice:5/);
  });
}

/** Every kind of result, and the exit code that its loss has: that of a failure stays. */
const LOST: [string, number][] = [
  ["--version", 8],
  ["deploy --help", 8],
  ["status", 8],
  ["revisions", 8],
  ["revisions --output json", 8],
  ["revisions --output tsv", 8],
  ["revisions --revision 2", 8],
  ["diff --revision 3", 8],
  ["diff --revision 3 --exit-code", 8],
  ["render config", 8],
  ["register --dry-run", 8],
  ["deploy --dry-run", 8],
  ["rollback --revision 3 --dry-run", 8],
  ["deregister --revision 1 --dry-run", 8],
  ["verify --revision 3", 8],
  ["verify", 4],
];

for (const [line, expected] of LOST) {
  Deno.test(`"${line}" exits with ${expected} when stdout takes nothing, and says why`, async () => {
    const emulator = myservice();
    const before = emulator.state();
    // No image has this tag, so that verify fails by itself.
    const options = { files: DEFINITION_FILES, env: { TAG: "1.4.0" }, stdoutFailure: "No space left on device" };
    const { code, stderr } = await runInProcess(emulator, line.split(" "), options);
    assert.equal(code, expected);
    assert.match(
      stderr,
      /^(?:.*\[error\] \S+ |error: )the result could not be written to stdout: No space left on device$/m,
    );
    assert.deepEqual(emulator.state(), before);
  });
}

Deno.test("a command without a result does not mind a stdout that takes nothing", async () => {
  const options = { files: DEFINITION_FILES, stdoutFailure: "No space left on device" };
  const { code, stderr } = await runInProcess(myservice(), ["rollback", "--revision", "3"], options);
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /\[error\]/);
});

/** The terminals, what is typed, the exit code, and whether the question is put. */
const ASKED: [("stdin" | "stdout" | "stderr")[], string, number, boolean][] = [
  [["stdin", "stderr"], "y", 0, true],
  [["stdin", "stderr"], "n", 4, true],
  // Nobody is there: a script of CI, a pipe, a loop of a shell that reads.
  [[], "n", 0, false],
  [["stderr"], "n", 0, false],
  [["stdout", "stderr"], "n", 0, false],
  // Somebody is there, and looks elsewhere.
  [["stdin"], "y", 2, false],
  [["stdin", "stdout"], "y", 2, false],
];

Deno.test("deregister refuses where the service is not there, also what nothing is known to use", async () => {
  for (const args of [["--revision", "1"], ["--keeps", "1"], ["--keeps", "1", "--dry-run"]]) {
    const emulator = myservice();
    emulator.createCluster("other");
    const before = emulator.state();
    const files = changedFiles("ecspresso.yml", "cluster: default", "cluster: other");
    const { code, stderr } = await runInProcess(emulator, ["deregister", ...args], { files });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /there is no service myservice in the cluster other, .*\n(?:.*\n){2}.* add --force\n$/);
    assert.deepEqual(emulator.state(), before);
  }
});

for (const [isTerminal, typed, expected, asks] of ASKED) {
  Deno.test(`deregister with the terminals [${isTerminal}] and "${typed}" exits with ${expected}`, async () => {
    const emulator = myservice();
    const before = emulator.state();
    const options = { files: DEFINITION_FILES, isTerminal, typed: [typed] };
    const { code, stderr } = await runInProcess(emulator, ["deregister", "--revision", "1"], options);
    assert.equal(code, expected);
    assert.equal(stderr.includes("Deregister myservice:1? [y/N]"), asks);
    assert.equal(emulator.state().taskDefinitions["myservice:1"], expected === 0 ? "INACTIVE" : "ACTIVE");
    if (expected !== 0) assert.deepEqual(emulator.state(), before);
    if (expected === 2) assert.match(stderr, /stdin is a terminal, but stderr is not, .*\n.*add --force/);
    const forced = await runInProcess(myservice(), ["deregister", "--revision", "1", "--force"], options);
    assert.equal(forced.code, 0);
  });
}
