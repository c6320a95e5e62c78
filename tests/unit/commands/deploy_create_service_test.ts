import assert from "node:assert/strict";
import { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { runInProcess } from "../../in_process.ts";

/** `deploy` of a service that is not there yet. */

const CONFIG = `region: ap-northeast-1
cluster: default
service: web
service_definition: sd.json
task_definition: td.json
`;

const TASK: JsonObject = {
  family: "web",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  containerDefinitions: [{ name: "web", image: "nginx:1", portMappings: [{ containerPort: 80 }] }],
};

const NETWORK: JsonObject = {
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0a"], securityGroups: ["sg-0a"] } },
};

const LOAD_BALANCER: JsonObject = {
  targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/a/0123456789abcdef",
  containerName: "web",
  containerPort: 80,
};

function filesOf(service: JsonObject, task: JsonObject = TASK): Record<string, string> {
  return { "ecspresso.yml": CONFIG, "sd.json": JSON.stringify(service), "td.json": JSON.stringify(task) };
}

function run(emulator: Emulator, service: JsonObject, args: readonly string[], task?: JsonObject) {
  return runInProcess(emulator, args, { files: filesOf(service, task) });
}

function inputOf(emulator: Emulator, operation: string): JsonObject {
  return emulator.calls.find((call) => call.operation === operation)!.input!;
}

function count(emulator: Emulator, operation: string): number {
  return emulator.calls.filter((call) => call.operation === operation).length;
}

const CODE_DEPLOY = {
  desiredCount: 1,
  launchType: "FARGATE",
  ...NETWORK,
  deploymentController: { type: "CODE_DEPLOY" },
  loadBalancers: [LOAD_BALANCER],
};

const EXTERNAL = { desiredCount: 1, deploymentController: { type: "EXTERNAL" } };

Deno.test("a service whose deployments are CodeDeploy's is created, and the end says who deploys it", async () => {
  const emulator = new Emulator();
  const { code, stderr } = await run(emulator, CODE_DEPLOY, ["deploy"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /its deployments belong to AWS CodeDeploy/);
  assert.doesNotMatch(stderr, /defect|Waiting for/);
  assert.equal(emulator.state().services["default/web"]!.taskDefinition, "web:1");
});

Deno.test("a service with task sets is created without a task definition, and the end says who deploys it", async () => {
  const emulator = new Emulator();
  const { code, stderr } = await run(emulator, EXTERNAL, ["deploy"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /its task sets belong to the system that deploys it/);
  assert.equal("taskDefinition" in inputOf(emulator, "CreateService"), false);
  assert.equal(emulator.describeService("web").status, "ACTIVE");
});

Deno.test("a service with task sets is not created with what belongs to a task set: refused before anything is registered", async () => {
  for (const args of [["deploy"], ["deploy", "--dry-run"]]) {
    const emulator = new Emulator();
    const { code, stderr } = await run(emulator, { ...EXTERNAL, launchType: "FARGATE", ...NETWORK }, args);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /launchType, networkConfiguration/);
    assert.equal(count(emulator, "RegisterTaskDefinition") + count(emulator, "CreateService"), 0);
  }
});

Deno.test("a dry run of creating such services says who deploys them, and changes nothing", async () => {
  for (const [definition, words] of [[CODE_DEPLOY, /AWS CodeDeploy/], [EXTERNAL, /task sets/]] as const) {
    const emulator = new Emulator();
    const { code, stdout } = await run(emulator, definition, ["deploy", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, words);
    assert.equal(count(emulator, "RegisterTaskDefinition") + count(emulator, "CreateService"), 0);
  }
});

const DAEMON_TASK = { ...TASK, networkMode: "bridge", requiresCompatibilities: ["EC2"] };
const DAEMON = { launchType: "EC2", schedulingStrategy: "DAEMON" };

Deno.test("a DAEMON service is created, and deployed again, without a desired count", async () => {
  const emulator = new Emulator();
  const definition = { ...DAEMON, desiredCount: 2 };
  assert.equal((await run(emulator, definition, ["deploy"], DAEMON_TASK)).code, 0);
  assert.equal("desiredCount" in inputOf(emulator, "CreateService"), false);
  const { maximumPercent, minimumHealthyPercent } = emulator.describeService("web")
    .deploymentConfiguration as JsonObject;
  assert.deepEqual([maximumPercent, minimumHealthyPercent], [100, 0]);

  const diff = await run(emulator, { ...definition, desiredCount: 7 }, ["diff"], DAEMON_TASK);
  assert.deepEqual([diff.code, diff.stdout], [0, ""]);
  const { code } = await run(emulator, { ...definition, desiredCount: 7 }, ["deploy"], DAEMON_TASK);
  assert.deepEqual([code, count(emulator, "UpdateService")], [0, 0]);
  // Nor where the file does not say that it is one.
  const { launchType, desiredCount } = definition;
  const said = await run(emulator, { launchType, desiredCount, enableExecuteCommand: true }, ["deploy"], DAEMON_TASK);
  assert.equal(said.code, 0, said.stderr);
  assert.deepEqual(Object.keys(inputOf(emulator, "UpdateService")).sort(), [
    "cluster",
    "enableExecuteCommand",
    "service",
  ]);
});

Deno.test("--tasks with a DAEMON service is refused, before it is created and afterwards", async () => {
  const emulator = new Emulator();
  for (const args of [["--tasks", "2"], ["--tasks=2", "--dry-run"]]) {
    const { code, stderr } = await run(emulator, DAEMON, ["deploy", ...args], DAEMON_TASK);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /a DAEMON service runs one task on each container instance/);
    if (count(emulator, "CreateService") === 0) await run(emulator, DAEMON, ["deploy"], DAEMON_TASK);
  }
  assert.equal(count(emulator, "UpdateService"), 0);
});

Deno.test("a new service with both a launch type and capacity providers is refused before anything is registered", async () => {
  const emulator = new Emulator();
  const both = { ...NETWORK, launchType: "FARGATE", capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] };
  for (const args of [["deploy"], ["deploy", "--dry-run"]]) {
    const { code, stderr } = await run(emulator, both, args);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /has both a launchType and a capacityProviderStrategy, and ECS takes only one/);
  }
  assert.equal(count(emulator, "RegisterTaskDefinition"), 0);
  assert.equal((await run(emulator, { ...both, launchType: "" }, ["deploy"])).code, 0);
});

Deno.test("a new service needs a number of tasks: one where neither file nor option names any, which is said", async () => {
  const cases: [JsonObject, string[], number][] = [
    [{}, [], 1],
    [{ desiredCount: 3 }, [], 3],
    [{ desiredCount: 3 }, ["--tasks=-1"], 3],
    [{ desiredCount: 3 }, ["--tasks", "2"], 2],
    [{}, ["--tasks=-1"], 1],
  ];
  for (const [definition, args, expected] of cases) {
    const emulator = new Emulator();
    const { code, stderr } = await run(emulator, { launchType: "FARGATE", ...NETWORK, ...definition }, [
      "deploy",
      ...args,
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(inputOf(emulator, "CreateService").desiredCount, expected);
    assert.equal(/it starts with 1 task/.test(stderr), expected === 1);
  }
});

Deno.test("--tasks=-1 leaves the number of tasks alone, whatever the file says", async () => {
  const emulator = new Emulator();
  const definition = { launchType: "FARGATE", ...NETWORK, desiredCount: 1 };
  await run(emulator, definition, ["deploy"]);
  const again = await run(emulator, { ...definition, desiredCount: 5 }, ["deploy", "--tasks=-1"]);
  assert.deepEqual([again.code, count(emulator, "UpdateService")], [0, 0], again.stderr);
  await run(emulator, { ...definition, desiredCount: 5 }, ["deploy", "--tasks=-1", "--force-new-deployment"]);
  assert.equal("desiredCount" in inputOf(emulator, "UpdateService"), false);
});

Deno.test("the config's service wins over serviceName of the file: no warning, no difference, no update", async () => {
  const emulator = new Emulator();
  const definition = { launchType: "FARGATE", ...NETWORK, desiredCount: 1, serviceName: "web-old-name" };
  assert.equal((await run(emulator, definition, ["deploy"])).code, 0);
  assert.equal(inputOf(emulator, "CreateService").serviceName, "web");
  const again = await run(emulator, definition, ["deploy"]);
  assert.equal(again.code, 0);
  assert.doesNotMatch(again.stderr, /serviceName|\[warn\]/);
  const diff = await run(emulator, definition, ["diff", "--exit-code"]);
  assert.deepEqual([diff.code, diff.stdout, count(emulator, "UpdateService")], [0, "", 0]);
});
