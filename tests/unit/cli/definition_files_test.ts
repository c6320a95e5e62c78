import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice, taskDefinition } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** Definition files as people have them, through every command that reads them. */

type Files = Readonly<Record<string, string>>;

const TASK = JSON.parse(DEFINITION_FILES["ecs-task-def.json"]!.replace("{{ env `TAG` `1.3.0` }}", "1.3.0"));
const SERVICE = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!);

function filesOf({ task = TASK, service = SERVICE }: { task?: unknown; service?: unknown }): Files {
  return {
    ...DEFINITION_FILES,
    "ecs-task-def.json": JSON.stringify(task),
    "ecs-service-def.json": JSON.stringify(service),
  };
}

async function run(emulator: Emulator, command: string, files: Files) {
  const before = emulator.calls.length;
  const { code, stdout, stderr } = await runInProcess(emulator, command.split(" "), { files });
  const calls = emulator.calls.slice(before);
  const writes = calls.filter(({ operation }) => !/^(Describe|List)/.test(operation));
  return { code, stdout, stderr, writes: writes.map(({ operation }) => operation), calls };
}

/** Everything that a command sent of one operation. */
function sent(calls: Emulator["calls"], operation: string): JsonObject {
  return calls.find((call) => call.operation === operation)!.input!;
}

/** An unchanged file is no reason to write, and shows no difference. */
async function assertUnchanged(emulator: Emulator, files: Files): Promise<void> {
  const diff = await run(emulator, "diff --exit-code", files);
  assert.deepEqual([diff.code, diff.stdout], [0, ""], diff.stderr);
  const again = await run(emulator, "deploy", files);
  assert.deepEqual([again.code, again.writes], [0, []], again.stderr);
}

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
  assert.match(stderr, /ecs-task-def\.json:6:10: CPU is there twice, in upper and lower case \(leave one\)/);
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

const ISOLATION = { mode: "STRICT" };
const NEWER = {
  RegisterTaskDefinitionRequest: { futureIsolation: "FutureIsolation" },
  TaskDefinition: { futureIsolation: "FutureIsolation" },
  ContainerDefinition: { futureMode: "String" },
  FutureIsolation: { mode: "String" },
};
const UNKNOWN = filesOf({
  task: {
    ...TASK,
    futureIsolation: ISOLATION,
    containerDefinitions: [{ ...TASK.containerDefinitions[0], futureMode: "A" }],
  },
});

Deno.test("what only ECS knows of a file is sent, compared and shown", async () => {
  const emulator = myservice({ options: { furtherMembers: NEWER } });
  const before = await run(emulator, "diff", UNKNOWN);
  assert.match(before.stdout, /^\+ {2}"futureIsolation": \{$/m);
  const { code, stderr, calls } = await run(emulator, "deploy", UNKNOWN);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /futureIsolation is unknown to ecspresso: it is sent as it stands, and ECS decides$/m);
  assert.doesNotMatch(stderr, /has registered myservice:5 without/);
  const input = sent(calls, "RegisterTaskDefinition");
  assert.deepEqual(input, JSON.parse(UNKNOWN["ecs-task-def.json"]!));
  await assertUnchanged(emulator, UNKNOWN);
  const changed = { ...UNKNOWN, "ecs-task-def.json": UNKNOWN["ecs-task-def.json"]!.replace("STRICT", "LOOSE") };
  const diff = await run(emulator, "diff", changed);
  assert.match(diff.stdout, /^- {4}"mode": "STRICT"\n\+ {4}"mode": "LOOSE"$/m);
  const rollback = await run(emulator, "rollback --revision 4 --dry-run", DEFINITION_FILES);
  assert.match(rollback.stdout, /futureIsolation/, "the plan shows what is lost by going back");
});

Deno.test("what ECS drops of a file is said after it is registered", async () => {
  for (const command of ["register", "deploy --no-wait"]) {
    const { code, stderr } = await run(myservice(), command, UNKNOWN);
    assert.equal(code, 0);
    assert.match(
      stderr,
      /ECS has registered myservice:5 without this of the file: containerDefinitions\.app\.futureMode, futureIsolation\./,
      command,
    );
  }
});

Deno.test("where a copy that lacks something may not be deregistered, what to type is said", async () => {
  const { RegisterTaskDefinitionRequest: _, ...answersOnly } = NEWER;
  const emulator = withDeregistered(answersOnly);
  emulator.inject({ operation: "DeregisterTaskDefinition", effect: accessDenied() });
  const { code, stderr, writes } = await run(emulator, "rollback --revision 5 --reregister", DEFINITION_FILES);
  assert.equal(code, 5);
  assert.match(stderr, /the service is as it was, and myservice:6 is not to be used: choose another revision/);
  assert.match(stderr, /still to do: aws .*deregister-task-definition --task-definition myservice:6/);
  assert.equal(writes.includes("UpdateService"), false);
});

/** Revision 5 has what only ECS knows, and is deregistered. */
function withDeregistered(furtherMembers: Record<string, Record<string, string>>): Emulator {
  const emulator = myservice({ options: { furtherMembers: NEWER } });
  const containers = taskDefinition(4).containerDefinitions as JsonObject[];
  const containerDefinitions = containers.map((container) => ({ ...container, futureMode: "A" }));
  emulator.registerTaskDefinition({ ...taskDefinition(4), containerDefinitions, futureIsolation: ISOLATION });
  emulator.deregisterTaskDefinition("myservice:5");
  emulator.configure({ furtherMembers });
  return emulator;
}

Deno.test("the copy of --reregister has also what only ECS knows", async () => {
  const emulator = withDeregistered(NEWER);
  const { code, stderr, calls } = await run(emulator, "rollback --revision 5 --reregister", DEFINITION_FILES);
  assert.equal(code, 0, stderr);
  assert.deepEqual(sent(calls, "RegisterTaskDefinition").futureIsolation, ISOLATION);
});

Deno.test("a copy in which ECS drops something is refused: the service is left alone, the copy deregistered", async () => {
  const { RegisterTaskDefinitionRequest: _, ...answersOnly } = NEWER;
  const emulator = withDeregistered(answersOnly);
  const before = emulator.state();
  const planned = await run(emulator, "rollback --revision 5 --reregister --dry-run", DEFINITION_FILES);
  assert.equal(planned.code, 0);
  assert.match(
    planned.stdout,
    /no name for what myservice:5 has in containerDefinitions\.app\.futureMode, futureIsolation: if/,
  );
  const { code, stderr, writes } = await run(emulator, "rollback --revision 5 --reregister", DEFINITION_FILES);
  // Not 4: that promises that nothing was changed.
  assert.equal(code, 5, stderr);
  assert.match(stderr, /the service is as it was, and myservice:6 is deregistered again: choose another revision/);
  assert.match(stderr, /cannot roll back .* to a copy of myservice:5: ECS did not keep futureIsolation in the copy/);
  assert.deepEqual(writes, ["RegisterTaskDefinition", "DeregisterTaskDefinition"]);
  assert.deepEqual(emulator.state().services, before.services);
  assert.equal(emulator.state().taskDefinitions["myservice:6"], "INACTIVE");
});
