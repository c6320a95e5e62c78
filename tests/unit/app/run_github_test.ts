import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../../src/app/run.ts";
import { changedFiles } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { CONFIG_FILES, emulatorHandler, runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { Terminal } from "../../terminal.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { readCommands } from "../report/github/step_runner.ts";

const GITHUB = { GITHUB_ACTIONS: "true", TAG: "1.4.0" };
const HOSTILE = "##[error]x\u009b\n::error::y";
const HOSTILE_FILES = changedFiles("ecs-task-def.json", '"image"', `"command": [${JSON.stringify(HOSTILE)}], "image"`);

for (const args of ["render taskdef", "register --dry-run", "revisions --revision latest", "diff"]) {
  Deno.test(`${args}: what a definition says is no command to the runner, and its JSON says the same`, async () => {
    const emulator = myservice();
    const options = { files: HOSTILE_FILES, env: GITHUB };
    if (args.startsWith("revisions")) await runInProcess(emulator, ["register"], options);
    const { code, stdout } = await runInProcess(emulator, args.split(" "), options);
    assert.equal(code, 0);
    assert.deepEqual(readCommands(stdout), []);
    assert.doesNotMatch(stdout, /[\x7f-\x9f]/, "nor does it drive a terminal");
    if (args !== "diff") assert.equal(JSON.parse(stdout).containerDefinitions[0].command[0], HOSTILE);
    else assert.ok(stdout.includes('+        "#\\u0023[error]x\\u{9b}\\n::error::y"\n'), stdout);
  });
}

Deno.test("what another command prints for people holds no command to the runner", async () => {
  const files = changedFiles("ecs-task-def.json", '"image": "', '"image": "##[error]');
  const { stdout } = await runInProcess(myservice(), ["verify"], { files, env: GITHUB });
  assert.match(stdout, /image ## \[error\]/);
  assert.deepEqual(readCommands(stdout), []);
});

Deno.test("an error in a file leads to its place, from the root of the file system where the shell says where it is", async () => {
  const files = { ...CONFIG_FILES, "deploy/ecspresso.yml": "service: myservice\ntimeout: 10x\n" };
  const placeOf = async (args: string, env: Record<string, string> = {}) => {
    const { stderr } = await runInProcess(myservice(), args.split(" "), { files, env: { ...GITHUB, ...env } });
    const [{ name, properties: { title: _title, ...place } }] = readCommands(stderr) as [
      ReturnType<typeof readCommands>[0],
    ];
    assert.equal(name, "error");
    return place;
  };
  const inFile = "rollback --revision 3 --config deploy/ecspresso.yml";
  assert.deepEqual(await placeOf(inFile), { file: "deploy/ecspresso.yml", line: "2", col: "10" });
  const folder = Deno.build.os === "windows" ? "C:\\work\\app" : "/work/app";
  assert.deepEqual((await placeOf(inFile, { PWD: folder })).file, join(folder, "deploy", "ecspresso.yml"));
  assert.deepEqual(await placeOf("rollback --revision 3 --config nowhere.yml"), {}, "there is nothing to lead to");
  assert.deepEqual(await placeOf("rollback --revison 3"), {});
});

async function filesOf(args: string, emulator = myservice()) {
  const env = { ...GITHUB, GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };
  const { files } = await runInProcess(emulator, args.split(" "), { env });
  return { summary: files.get("summary.md") ?? "", outputs: files.get("outputs") ?? "" };
}

Deno.test("an envfile does not say where summary and outputs go", async () => {
  const files = { ...CONFIG_FILES, ".env": "GITHUB_STEP_SUMMARY=other.md\nGITHUB_OUTPUT=.bashrc\n" };
  const env = { ...GITHUB, GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };
  const args = ["rollback", "--revision", "3", "--no-wait", "--envfile", ".env"];
  const result = await runInProcess(myservice(), args, { env, files });
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual([...result.files.keys()].toSorted(), [".env", "ecspresso.yml", "outputs", "summary.md"]);
});

Deno.test("wait knows what the service is to get, and not what it ran before", async () => {
  const emulator = myservice();
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  const { summary, outputs } = await filesOf("wait", emulator);
  assert.equal(outputs, "from=\nto=myservice:3\noutcome=succeeded\n");
  assert.match(summary, /\n- Service: `myservice\/default`\n- To: `myservice:3`\n- Took: /);
});

Deno.test("the command that resumes auto scaling is in the summary as a whole", async () => {
  const { summary } = await filesOf("rollback --revision 3 --suspend-auto-scaling");
  assert.match(
    summary,
    /### Warnings\n\n- `auto scaling .*; to resume it: ecspresso scale --resume-auto-scaling`\n/,
  );
});

/** Runs a rollback that is stopped twice while it waits. Returns what there was when the program ended itself. */
async function stopTwice(args: string, made: { env?: Record<string, string>; isTerminal?: readonly "stderr"[] }) {
  const emulator = myservice();
  const atEnd: { code: number; stdout: string; stderr: string }[] = [];
  const host = madeUpHost({
    ...made,
    args: args.split(" "),
    files: CONFIG_FILES,
    clock: new VirtualClock(emulator.now(), (ms) => emulator.advance(ms)),
    exit: (code) => void atEnd.push({ code, ...host.written }),
  });
  let calls = 0;
  const handler = emulatorHandler(emulator, () => {
    if (++calls !== 16) return;
    host.send("SIGINT");
    host.send("SIGTERM");
  });
  await run(host.host, handler);
  assert.equal(atEnd.length, 1);
  return atEnd[0]!;
}

Deno.test("a second stop signal closes the group, and the run has its error", async () => {
  const { code, stderr } = await stopTwice("rollback --revision 3", { env: GITHUB });
  assert.equal(code, 143);
  const commands = readCommands(stderr).map(({ name, properties: { title = "" } }) => `${name} ${title}`.trim());
  assert.deepEqual(commands, [
    "group",
    "endgroup",
    "group",
    "endgroup",
    "error ecspresso rollback of myservice/default",
  ]);
});

Deno.test("a second stop signal leaves a clean screen", async () => {
  const { stderr } = await stopTwice("rollback --revision 3", { env: { TERM: "xterm" }, isTerminal: ["stderr"] });
  assert.match(stderr.slice(stderr.lastIndexOf(" elapsed, ")), /running, /, "the region was there");
  const terminal = new Terminal(200, 60);
  terminal.write(stderr.replaceAll("\n", "\r\n"));
  const [what, next] = terminal.lines.slice(-2);
  assert.match(what!, /Stopped at once: ECS goes on with the rollback$/);
  assert.match(next!, /to follow the deployment: ecspresso wait$/);
  for (const line of terminal.lines) assert.match(line, /^\S+ \S+ \[(?:info|warn|error)\]/);
});
