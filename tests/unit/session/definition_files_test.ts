import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { assertUnchanged, filesOf, run, sent, SERVICE, TASK } from "../commands/definition_runs.ts";

/** Definition files as people have them, through every command that reads them. */

const EMPTY_ENUMS = filesOf({
  task: {
    ...TASK,
    pidMode: "",
    ipcMode: "",
    tags: [],
    runtimePlatform: { cpuArchitecture: "", operatingSystemFamily: "LINUX" },
    containerDefinitions: [{
      ...TASK.containerDefinitions[0],
      versionConsistency: "",
      portMappings: [{ containerPort: 8080, appProtocol: "", protocol: "" }],
    }],
  },
  service: {
    ...SERVICE,
    desiredCount: 2,
    propagateTags: "",
    role: "",
    tags: [],
    deploymentConfiguration: { strategy: "", maximumPercent: 200, minimumHealthyPercent: 100 },
  },
});

Deno.test("empty texts where ECS has one of a few, empty roles and empty tags are no values, whatever reads them", async () => {
  const emulator = myservice();
  const deployed = await run(emulator, "deploy", EMPTY_ENUMS);
  assert.deepEqual([deployed.code, deployed.writes], [0, ["RegisterTaskDefinition", "UpdateService"]], deployed.stderr);
  assert.doesNotMatch(JSON.stringify(sent(deployed.calls, "RegisterTaskDefinition")), /""|"pidMode"|"ipcMode"|"tags"/);
  await assertUnchanged(emulator, EMPTY_ENUMS);
  for (const command of ["render taskdef servicedef", "register --dry-run"]) {
    const { code, stdout } = await run(emulator, command, EMPTY_ENUMS);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /""|"pidMode"|"ipcMode"|"tags"/, command);
  }
  assert.equal((await run(emulator, "register", EMPTY_ENUMS)).code, 0);
  assert.equal((await run(emulator, "verify", EMPTY_ENUMS)).code, 0);
});

Deno.test("a service is created from a file with empty texts and tags", async () => {
  const emulator = myservice({ history: [4] });
  const files = Object.fromEntries(
    Object.entries(EMPTY_ENUMS).map(([name, text]) => [name, text.replace("service: myservice", "service: another")]),
  );
  const { code, stderr, writes } = await run(emulator, "deploy", files);
  assert.equal(code, 0, stderr);
  assert.deepEqual(writes, ["RegisterTaskDefinition", "CreateService"]);
});

const upperFirst = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);

/** The same with the keys of API members in other upper and lower case; what is in a map stays. */
function inOtherCase(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => inOtherCase(item));
  if (typeof value !== "object" || value === null || key === "dockerLabels") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member], index) => [
      index % 2 === 0 ? upperFirst(key) : key.toUpperCase(),
      inOtherCase(member, key),
    ]),
  );
}

Deno.test("a key that is right but for upper and lower case is taken, at every depth", async () => {
  const task = {
    ...TASK,
    containerDefinitions: [{ ...TASK.containerDefinitions[0], dockerLabels: { Name: "a", name: "b" } }],
    tags: [{ key: "Env", value: "dev" }],
  };
  const files = filesOf({ task: inOtherCase(task), service: inOtherCase(SERVICE) });
  assert.doesNotMatch(files["ecs-task-def.json"]!, /"family"|"containerDefinitions"|"environment"/);
  const emulator = myservice();
  const { code, stderr, calls } = await run(emulator, "deploy", files);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /warn/);
  assert.deepEqual(sent(calls, "RegisterTaskDefinition"), task);
  await assertUnchanged(emulator, files);
  const { taskDefinition: _, ...update } = sent(calls, "UpdateService");
  assert.deepEqual(update, { cluster: "default", service: "myservice" });
  assert.equal((await run(emulator, "diff", filesOf({ task, service: SERVICE }))).stdout, "");
});

Deno.test("answers of describe commands are taken in other upper and lower case, too", async () => {
  const emulator = myservice();
  const current = await run(emulator, "revisions --revision current", DEFINITION_FILES);
  const { tags: _, ...described } = JSON.parse(current.stdout);
  const files = {
    ...DEFINITION_FILES,
    "ecs-task-def.json": JSON.stringify({ TaskDefinition: inOtherCase(described), Tags: [] }),
    "ecs-service-def.json": JSON.stringify({ Services: [inOtherCase({ ...SERVICE, status: "ACTIVE", events: [] })] }),
  };
  await assertUnchanged(emulator, files);
});

Deno.test("one member in two spellings is refused, for nobody knows which is meant", async () => {
  const files = changedFiles("ecs-task-def.json", '"cpu": "512",', '"cpu": "512",\n  "CPU": "256",');
  const { code, stderr, calls } = await run(myservice(), "deploy", files);
  assert.equal(code, 3);
  assert.match(stderr, /ecs-task-def\.json:6:10: CPU is there twice, in different upper and lower case \(keep one\)/);
  assert.deepEqual(calls, []);
});

const COMMENTED = filesOf({
  task: {
    $schema: "https://example.com/task.json",
    _comment: "the application",
    ...TASK,
    "//": "one container",
    containerDefinitions: [{ "// name": "as in the service", ...TASK.containerDefinitions[0], _: [1] }],
  },
  service: { _comment: "x", ...SERVICE, networkConfiguration: { "//": "private", ...SERVICE.networkConfiguration } },
});

Deno.test("keys that begin with _, $ or // are comments: neither compared, nor sent, nor rendered", async () => {
  const emulator = myservice();
  await assertUnchanged(emulator, COMMENTED);
  const { stdout, stderr } = await run(emulator, "render taskdef servicedef", COMMENTED);
  assert.doesNotMatch(stdout, /"[_$/]/);
  assert.doesNotMatch(stderr, /unknown/);
  const { calls } = await run(emulator, "register", COMMENTED);
  assert.deepEqual(sent(calls, "RegisterTaskDefinition"), TASK);
  const repeated = changedFiles("ecs-task-def.json", "{\n", '{\n  "//": "one",\n  "//": "two",\n');
  assert.equal((await run(emulator, "diff --exit-code", repeated)).code, 0);
});
