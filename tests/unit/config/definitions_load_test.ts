import assert from "node:assert/strict";
import type { Invocation } from "../../../src/host.ts";
import { memoryDefinitions, memoryEnvironment, memoryFiles, memoryValues } from "./memory_host.ts";
import type { DefinitionFileKind } from "../../../src/problems.ts";
import { inWords } from "../../in_words.ts";

const env = memoryEnvironment({ TAG: "v1", SECRET: "hunter2" });
const { sources: values } = memoryValues({ parameters: { "/cpu": { type: "String", value: "256" } } });
const MINIMAL = '"family": "app", "containerDefinitions": [{"name": "app"}]';

function load(text: string, kind: DefinitionFileKind = "taskDefinition") {
  return memoryDefinitions("conf/def.json", memoryFiles({ "conf/def.json": text }), { env, values }).load(kind);
}

async function assertRefused(text: string, message: string, kind?: DefinitionFileKind): Promise<void> {
  await assert.rejects(inWords(load(text, kind)), { name: "ConfigError", message }, text);
}

Deno.test("load() reads JSON with templates, comments and trailing commas", async () => {
  const text = `\uFEFF{
  // the application
  "family": "app", /* one container */
  "cpu": {{ ssm \`/cpu\` }},
  "containerDefinitions": [
    { "name": "app", "image": "app:{{ must_env \`TAG\` }}", "environment": [], "cpu": 0, "essential": true, },
  ],
}\r\n`;
  const definition = await load(text);
  assert.equal(definition.path, "conf/def.json");
  assert.deepEqual(definition.value, {
    family: "app",
    cpu: 256,
    containerDefinitions: [{ name: "app", image: "app:v1", environment: [], cpu: 0, essential: true }],
  });
});

Deno.test("load() knows where in the file each part stands", async () => {
  const text =
    '{\n  "family": "app",\n  "containerDefinitions": [\n    {"name": "{{ env `TAG` }}", "cpu": 1},\n    {}\n  ]\n}';
  for (const wrap of [false, true]) {
    const definition = await load(wrap ? `{"taskDefinition":\n${text}}` : text);
    const lines = wrap ? 1 : 0;
    const table: [(string | number)[], number, number][] = [
      [[], 1, 1],
      [["family"], 2, 13],
      [["containerDefinitions", 0, "name"], 4, 14],
      [["containerDefinitions", 0, "cpu"], 4, 40],
      [["containerDefinitions", 1], 5, 5],
      [["containerDefinitions", 1, "name", "x"], 5, 5],
      [["containerDefinitions", 7], 3, 27],
      [["containerDefinitions", "name"], 3, 27],
      [["family", 0], 2, 13],
      [["memory"], 1, 1],
    ];
    for (const [path, line, column] of table) {
      assert.deepEqual(
        definition.positionAt(path),
        { file: "conf/def.json", line: line + lines, column },
        path.join("."),
      );
    }
  }
});

Deno.test("load() takes answers of describe commands", async () => {
  const described = `{${MINIMAL}, "cpu": "256", "taskDefinitionArn": "arn", "revision": 3, "status": "ACTIVE",
    "requiresAttributes": [{"name": "x"}], "compatibilities": ["EC2"], "registeredAt": 1.5, "registeredBy": "me",
    "deregisteredAt": 2, "deleteRequestedAt": 3}`;
  const value = { family: "app", containerDefinitions: [{ name: "app" }], cpu: "256" };
  assert.deepEqual((await load(described)).value, value);
  assert.deepEqual((await load(`{"taskDefinition": ${described}}`)).value, value);
  // DescribeTaskDefinition shows the tags beside the task definition.
  const tags = [{ key: "a", value: "b" }];
  assert.deepEqual((await load(`{"taskDefinition": ${described}, "tags": ${JSON.stringify(tags)}}`)).value, {
    ...value,
    tags,
  });
  assert.deepEqual((await load(`{"taskDefinition": {${MINIMAL}, "tags": []}, "tags": [{}]}`)).value["tags"], []);

  const service = `{"serviceName": "s", "desiredCount": 2, "serviceArn": "arn", "clusterArn": "arn", "status": "ACTIVE",
    "runningCount": 2, "pendingCount": 0, "deployments": [{"id": "x"}], "events": [], "taskSets": [], "createdAt": 1,
    "createdBy": "me", "roleArn": "arn", "currentServiceDeployment": "arn", "currentServiceRevisions": [],
    "platformFamily": "Linux", "resourceManagementType": "CUSTOMER", "launchType": "FARGATE", "role": "r"}`;
  const serviceValue = { serviceName: "s", desiredCount: 2, launchType: "FARGATE", role: "r" };
  for (const text of [service, `{"service": ${service}}`, `{"services": [${service}], "failures": []}`]) {
    assert.deepEqual((await load(text, "serviceDefinition")).value, serviceValue);
  }
});

Deno.test("load() leaves out members that are null, as in AWS's API, and nothing else", async () => {
  const text = `{${MINIMAL}, "cpu": null, "volumes": [{"host": null, "name": "v"}, null], "tags": [], "memory": ""}`;
  assert.deepEqual((await load(text)).value, {
    family: "app",
    containerDefinitions: [{ name: "app" }],
    volumes: [{ name: "v" }, null],
    tags: [],
    memory: "",
  });
  const odd = (await load(`{${MINIMAL}, "__proto__": {"polluted": 1}, "constructor": 1}`)).value;
  assert.deepEqual(Object.keys(odd), ["family", "containerDefinitions", "__proto__", "constructor"]);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("load() names the place and what to do", async () => {
  const containers = 'write "containerDefinitions": [{"name": "app", "image": "IMAGE"}]';
  const table: [string, string][] = [
    ["", "1:1: is not valid JSON: value expected"],
    ['{"a": }', "1:7: is not valid JSON: value expected"],
    ["[]", "1:1: must be a task definition, a JSON object as AWS's API has it"],
    ["\n 5", "2:2: must be a task definition, a JSON object as AWS's API has it"],
    ["{\n}", '1:1: family: is missing (write "family": "NAME")'],
    ['\n{"taskDefinition": {}}', '2:20: family: is missing (write "family": "NAME")'],
    ['{"taskDefinition": "arn"}', '1:1: family: is missing (write "family": "NAME")'],
    ['{\n"family": 3}', '2:11: family: must be a string (write "family": "NAME")'],
    ['{\n"family": ""}', '2:11: family: is empty (write "family": "NAME")'],
    ['{"family": "a"}', `1:1: containerDefinitions: is missing (${containers})`],
    ['{"family": "a",\n"containerDefinitions": {}}', `2:25: containerDefinitions: must be a list (${containers})`],
    ['{"family": "a",\n"containerDefinitions": []}', `2:25: containerDefinitions: is empty (${containers})`],
    [`{${MINIMAL},\n"family": "b"}`, "2:1: family: is there twice"],
    [`{${MINIMAL}, "volumes": [{"name": "a",\n  "name": "b"}]}`, "2:3: name: is there twice"],
    [`{${MINIMAL},\n "x": "{{ must_env \`GONE\` }}"}`, "2:11: must_env `GONE`: this environment variable is not set"],
    [`{${MINIMAL},\n "x": "{{ ssm \`/none\` }}"}`, "2:11: ssm `/none`: the Parameter Store has no such parameter"],
  ];
  for (const [text, message] of table) await assertRefused(text, `conf/def.json:${message}`);

  const services: [string, string][] = [
    ["[]", "1:1: must be a service definition, a JSON object as AWS's API has it"],
    ['{\n"services": []}', "2:13: services: is empty (the service was not found when this was written)"],
    ['{"services": [{},\n{}]}', "2:1: services: holds several services (keep only the one to deploy)"],
    ['{"services": ["s"]}', "1:15: must be a service definition, a JSON object as AWS's API has it"],
  ];
  for (const [text, message] of services) await assertRefused(text, `conf/def.json:${message}`, "serviceDefinition");
});

Deno.test("load() puts no value into a message", async () => {
  for (
    const text of ['{"a": {{ env `SECRET` }}}', '{"family": ["{{ env `SECRET` }}"]}', '{"a": "{{ env `SECRET` }}" x}']
  ) {
    await assert.rejects(inWords(load(text)), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.doesNotMatch(error.message, /hunter2|\n/);
      return true;
    }, text);
  }
});

Deno.test("load() says that there is no such file, or why it cannot be read", async () => {
  const missing = (kind: DefinitionFileKind) => memoryDefinitions("gone.json", memoryFiles({})).load(kind);
  await assert.rejects(inWords(missing("taskDefinition")), {
    name: "ConfigError",
    message: "gone.json: there is no such task definition file (task_definition in the config names it)",
  });
  await assert.rejects(inWords(missing("serviceDefinition")), {
    message: "gone.json: there is no such service definition file (service_definition in the config names it)",
  });
  const unreadable = { readText: () => Promise.reject(new Error("Permission denied\n  at x")) };
  await assert.rejects(inWords(memoryDefinitions("def.json", unreadable).load("taskDefinition")), {
    message: "def.json: cannot be read: Permission denied",
  });
});

Deno.test("load() refuses what is too large, and what is nested too deeply", async () => {
  await assertRefused(
    " ".repeat(1_000_001),
    "conf/def.json: is too large for a definition file: 1,000,001 characters, of at most 1,000,000",
  );
  await assertRefused("[".repeat(300_000), "conf/def.json:1:1: is nested too deeply");
  const deep = `{${MINIMAL}, "x": ${"[".repeat(1_000)}${"]".repeat(1_000)}}`;
  assert.ok(JSON.stringify((await load(deep)).value).includes("[[[[]]]]"));
});

Deno.test("load() evaluates Jsonnet first, then templates", async () => {
  const text = "{\n  family: 'app',\n  containerDefinitions: [{ image: 'app:{{ must_env `TAG` }}' }],\n}";
  const stdout = `{"containerDefinitions": [{"image": "app:{{ must_env \`TAG\` }}", "cpu": null}], "family": "app"}`;
  const loadJsonnet = (source: string, output: string) => {
    const invoke = ({ stdin, directory }: Invocation) => {
      assert.deepEqual([stdin, directory], [source, "conf"]);
      return Promise.resolve({ code: 0, stdout: output, stderr: "" });
    };
    const files = memoryFiles({ "conf/def.jsonnet": `\uFEFF${source}` });
    return memoryDefinitions("conf/def.jsonnet", files, { env, invoke }).load("taskDefinition");
  };
  const definition = await loadJsonnet(text, stdout);
  assert.deepEqual(definition.value, { family: "app", containerDefinitions: [{ image: "app:v1" }] });
  // Where Jsonnet took a value from is not known, unless a template gave it.
  assert.deepEqual(definition.positionAt(["family"]), { file: "conf/def.jsonnet" });
  await assert.rejects(inWords(loadJsonnet(text.replaceAll("TAG", "GONE"), stdout.replaceAll("TAG", "GONE"))), {
    name: "ConfigError",
    message: "conf/def.jsonnet:3:43: must_env `GONE`: this environment variable is not set",
  });
  await assert.rejects(inWords(loadJsonnet("{}", "{}")), {
    message: 'conf/def.jsonnet: family: is missing (write "family": "NAME")',
  });
});
