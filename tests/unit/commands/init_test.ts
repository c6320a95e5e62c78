import assert from "node:assert/strict";
import { ask } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice, RESOURCE_ID, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { isRead } from "../../emulator/operations.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { type Result, runInProcess, type RunOptions } from "../../in_process.ts";

/** The files that `init` writes of a service say what runs: a deploy of them changes nothing. */

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";
const SCALING = {
  ServiceNamespace: "ecs",
  ResourceId: RESOURCE_ID,
  ScalableDimension: "ecs:service:DesiredCount",
};
const REGION: RunOptions = { files: {}, env: { AWS_REGION: "ap-northeast-1" } };

const GROUP = (name: string) =>
  `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const LOAD_BALANCER = { targetGroupArn: GROUP("myservice"), containerName: "app", containerPort: 8080 };

function deployed(emulator: Emulator, definition: JsonObject, settings: JsonObject = {}): Emulator {
  emulator.registerTaskDefinition(definition);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5", ...settings });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** The definition of revision 4 with more in its container, or around it. */
function withContainer(more: JsonObject, around: JsonObject = {}): JsonObject {
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  return { ...others, ...around, containerDefinitions: [{ ...app, ...more }] };
}

const PORT = { portMappings: [{ containerPort: 8080, name: "http" }] };
const EBS = { name: "data", managedEBSVolume: { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 10 } };
const TAGS = [{ key: "team", value: "web" }];

const WORLDS: Readonly<Record<string, () => Emulator>> = {
  "one that auto scaling looks after": () => myservice(),
  "one with load balancers": () =>
    myservice({ service: { loadBalancers: [LOAD_BALANCER], healthCheckGracePeriodSeconds: 60 } }),
  "one with Service Connect": () =>
    deployed(myservice(), withContainer(PORT), {
      serviceConnectConfiguration: { enabled: true, namespace: "internal", services: [{ portName: "http" }] },
    }),
  "one with volumes": () =>
    deployed(
      myservice(),
      withContainer(
        { mountPoints: [{ sourceVolume: "files", containerPath: "/files" }] },
        {
          volumes: [
            { name: "data", configuredAtLaunch: true },
            { name: "files", efsVolumeConfiguration: { fileSystemId: "fs-0a1b2c3d", transitEncryption: "ENABLED" } },
          ],
        },
      ),
      { volumeConfigurations: [EBS] },
    ),
  "one with capacity providers": () =>
    myservice({
      service: {
        launchType: undefined,
        capacityProviderStrategy: [
          { capacityProvider: "FARGATE", weight: 1, base: 1 },
          { capacityProvider: "FARGATE_SPOT", weight: 3 },
        ],
      } as unknown as JsonObject,
    }),
  "one that is deployed blue/green": () => createScenario("blue_green"),
  "one with a circuit breaker, alarms and hooks": () =>
    myservice({
      alarms: { "new-alarm": "OK" },
      service: {
        deploymentConfiguration: {
          minimumHealthyPercent: 50,
          maximumPercent: 150,
          deploymentCircuitBreaker: { enable: true, rollback: true },
          alarms: { alarmNames: ["new-alarm"], enable: true, rollback: true },
        },
      },
    }),
  "one with tags": () =>
    deployed(
      myservice({ service: { tags: TAGS, propagateTags: "SERVICE", enableECSManagedTags: true } }),
      { ...taskDefinition(4), tags: TAGS },
    ),
  "one that runs a copy which a rollback has made": () =>
    deployed(myservice(), {
      ...taskDefinition(3),
      tags: [...TAGS, { key: "ecspresso:copied-from", value: "myservice:3" }],
    }),
  "one that was rolled back": () => myservice({ history: [3, 4, 3] }),
  "one whose definition has braces, quotes and much else": () =>
    deployed(
      myservice(),
      withContainer({
        environment: [
          { name: "FORMAT", value: "{{.Name}} '\"\\ {{ env `HOME` }} }} \u2028 \u0001 日本" },
          { name: "##[", value: "" },
        ],
        command: ["sh", "-c", 'echo "it\'s"\n'],
        dockerLabels: { "local": "a", "a.b": "c" },
        healthCheck: { command: ["CMD-SHELL", "true"], startPeriod: 10 },
        linuxParameters: { initProcessEnabled: true },
      }),
    ),
  "one with a setting that only its revisions show": () =>
    myservice({
      service: { monitoring: { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] } },
    }),
};

async function init(emulator: Emulator, args = "", options = REGION): Promise<Result> {
  return await runInProcess(emulator, `init --service myservice ${args}`.trim().split(" "), options);
}

const changes = (emulator: Emulator) =>
  emulator.calls.map(({ operation }) => operation).filter((name) => !isRead(name));

for (const [what, world] of Object.entries(WORLDS)) {
  Deno.test(`a deploy of what init has written changes nothing of ${what}`, async () => {
    const emulator = world();
    emulator.calls.length = 0;
    const { code, stderr, files: made } = await init(emulator);
    assert.equal(code, 0, stderr);
    assert.deepEqual([...made.keys()].sort(), ["ecs-service-def.json", "ecs-task-def.json", "ecspresso.yml"]);
    const files = Object.fromEntries(made);

    const diff = await runInProcess(emulator, ["diff", "--exit-code"], { files });
    assert.deepEqual([diff.code, diff.stdout], [0, ""], diff.stderr);
    const dry = await runInProcess(emulator, ["deploy", "--dry-run"], { files });
    assert.equal(dry.code, 0, dry.stderr);
    assert.doesNotMatch(dry.stderr + dry.stdout, /\[warn\]/);
    const before = emulator.state();
    const deploy = await runInProcess(emulator, ["deploy"], { files });
    assert.equal(deploy.code, 0, deploy.stderr);
    assert.deepEqual(changes(emulator), []);
    assert.deepEqual(emulator.state(), before);
  });
}

/** The files by name, and what they say. */
async function written(emulator: Emulator, args = "", options = REGION): Promise<Record<string, string>> {
  const { code, stderr, files } = await init(emulator, args, options);
  assert.equal(code, 0, stderr);
  return Object.fromEntries(files);
}

Deno.test("the config names the service, where it is, and files beside itself", async () => {
  const files = await written(myservice(), "--config team/web.yml --task-definition-path ecs-task.json");
  assert.deepEqual(Object.keys(files).sort(), ["ecs-task.json", "team/ecs-service-def.json", "team/web.yml"]);
  assert.equal(
    files["team/web.yml"],
    `region: ap-northeast-1
cluster: default
service: myservice
service_definition: ecs-service-def.json
task_definition: ../ecs-task.json
timeout: 10m
`,
  );
});

Deno.test("an ARN says region, cluster and account", async () => {
  const { code, files } = await runInProcess(myservice(), ["init", "--service", ARN], { files: {} });
  assert.equal(code, 0);
  assert.match(files.get("ecspresso.yml")!, /region: ap-northeast-1\ncluster: default\nservice: myservice\n/);
});

Deno.test("the number of tasks is the file's, unless auto scaling or the instances say it", async () => {
  const count = (files: Record<string, string>) => JSON.parse(files["ecs-service-def.json"]!).desiredCount;
  assert.equal(count(await written(myservice())), undefined);
  const unscaled = myservice();
  ask(unscaled, "DeregisterScalableTarget", SCALING, "autoscaling");
  assert.equal(count(await written(unscaled)), 2);
  const unknown = unscaled;
  unknown.inject({ operation: "DescribeScalableTargets", effect: accessDenied("application-autoscaling") });
  assert.equal(count(await written(unknown)), undefined);
});

Deno.test("tags that AWS and this program set stay out of the files", async () => {
  const emulator = WORLDS["one that runs a copy which a rollback has made"]!();
  const files = await written(emulator);
  assert.deepEqual(JSON.parse(files["ecs-task-def.json"]!).tags, TAGS);
});

Deno.test("what is there is never overwritten unasked, and nothing else is written then", async () => {
  for (const name of ["ecspresso.yml", "ecs-service-def.json", "ecs-task-def.json"]) {
    const options = { ...REGION, files: { [name]: "mine" } };
    const emulator = myservice();
    emulator.calls.length = 0;
    const { code, stderr, files } = await init(emulator, "", options);
    assert.deepEqual([code, [...files], emulator.calls.length], [4, [[name, "mine"]], 0], stderr);
    assert.match(stderr, new RegExp(`${name} is there already`));
    const forced = await written(myservice(), "--force-overwrite", options);
    assert.notEqual(forced[name], "mine");
    assert.equal(Object.keys(forced).length, 3);
  }
});

Deno.test("what cannot be written at all is a mistake of the command line, and in part is left to do", async () => {
  const first = await init(myservice(), "", { ...REGION, unwritable: ["ecs-task-def.json"] });
  assert.deepEqual([first.code, first.files.size], [2, 0], first.stderr);
  const last = await init(myservice(), "", { ...REGION, unwritable: ["ecspresso.yml"] });
  assert.deepEqual([last.code, last.files.size], [8, 2], last.stderr);
  assert.match(last.stderr, /still to do: .*--force-overwrite/);
});

Deno.test("a service without a name, or that another system deploys, has no files", async () => {
  for (const args of ["init", "init --config other.yml", "init --service a --service b", "init --fleet fleet.yml"]) {
    const { code, stderr } = await runInProcess(myservice(), args.split(" "), REGION);
    assert.equal(code, 2, stderr);
  }
  for (const type of ["CODE_DEPLOY", "EXTERNAL"]) {
    const service = {
      deploymentController: { type },
      ...(type === "EXTERNAL" ? {} : { loadBalancers: [LOAD_BALANCER] }),
    };
    const { code, files, stderr } = await init(myservice({ history: [3], service }));
    assert.deepEqual([code, files.size], [4, 0], stderr);
  }
});
