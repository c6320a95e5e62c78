import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

/** A task definition that does not fit the service is refused by the plan: nothing is registered, and nothing updated. */

const VOLUME = { name: "data", managedEBSVolume: { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 10 } };
const CONNECT = { enabled: true, namespace: "internal", services: [{ portName: "http" }] };

const SERVICE = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!) as JsonObject;
const { containerDefinitions: [APP], ...TASK } = taskDefinition(4) as JsonObject & {
  containerDefinitions: [JsonObject];
};
const WITH_VOLUME = { ...TASK, containerDefinitions: [APP], volumes: [{ name: "data", configuredAtLaunch: true }] };
const WITH_PORT = {
  ...TASK,
  containerDefinitions: [{ ...APP, portMappings: [{ containerPort: 8080, name: "http" }] }],
};
const WITHOUT = { ...TASK, containerDefinitions: [APP] };

/** What is deployed of late: the service gets these settings with a task definition that has what they ask for. */
interface Added {
  readonly settings: JsonObject;
  readonly task: JsonObject;
  /** What a refusal says. */
  readonly words: RegExp;
  /** What takes it away again. */
  readonly off: JsonObject;
}

const ADDED: Record<string, Added> = {
  "a volume": {
    settings: { volumeConfigurations: [VOLUME] },
    task: WITH_VOLUME,
    words: /the service configures the volume data, which the task definition does not have as configuredAtLaunch/,
    off: { volumeConfigurations: [] },
  },
  "a port name of Service Connect": {
    settings: { serviceConnectConfiguration: CONNECT },
    task: WITH_PORT,
    words: /Service Connect of the service uses the port name http, which no port mapping/,
    off: { serviceConnectConfiguration: { enabled: false } },
  },
  "a port name of VPC Lattice": {
    settings: { vpcLatticeConfigurations: [{ roleArn: "arn:r", targetGroupArn: "arn:t", portName: "http" }] },
    task: WITH_PORT,
    words: /VPC Lattice of the service uses the port name http, which no port mapping/,
    off: { vpcLatticeConfigurations: [] },
  },
};

function added({ settings, task }: Added, isSteady = true): Emulator {
  const emulator = myservice();
  emulator.registerTaskDefinition(task);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5", ...settings });
  if (isSteady) emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function run(emulator: Emulator, args: string, service = SERVICE, task: JsonObject = WITHOUT) {
  const files = {
    ...DEFINITION_FILES,
    "ecs-service-def.json": JSON.stringify(service),
    "ecs-task-def.json": JSON.stringify(task),
  };
  return runInProcess(emulator, args.split(" "), { files });
}

function writes(emulator: Emulator): string[] {
  return emulator.calls.map(({ operation }) => operation).filter((name) => !isRead(name));
}

for (const [what, one] of Object.entries(ADDED)) {
  Deno.test(`${what} was added: going back, or deploying without, is refused in the plan, by a dry run alike`, async () => {
    const commands = [
      "rollback --revision previous",
      "rollback --revision 4",
      "rollback --revision 3 --reregister",
      "deploy",
      "deploy --revision 4",
      "deploy --latest-task-definition",
    ];
    for (const command of commands) {
      for (const args of [command, `${command} --dry-run`]) {
        const emulator = added(one);
        if (command.includes("latest")) emulator.registerTaskDefinition(WITHOUT);
        if (command.includes("reregister")) emulator.deregisterTaskDefinition("myservice:3");
        const before = emulator.state();
        const { code, stderr } = await run(emulator, args);
        assert.equal(code, 4, `${args}: ${stderr}`);
        assert.match(stderr, one.words);
        assert.deepEqual([emulator.state(), writes(emulator)], [before, []], args);
      }
    }
  });

  Deno.test(`${what} was added: the way out that the refusal names goes back`, async () => {
    const emulator = added(one);
    const { code, stderr } = await run(emulator, "deploy --revision 4", { ...SERVICE, ...one.off });
    assert.equal(code, 0, stderr);
    assert.equal(emulator.state().services["default/myservice"]!.taskDefinition, "myservice:4");
  });

  Deno.test(`${what} was added: while that is being deployed, ECS is asked to stop, and takes it away itself`, async () => {
    const emulator = added(one, false);
    const { code, stderr } = await run(emulator, "rollback --revision previous");
    assert.equal(code, 0, stderr);
    assert.deepEqual(writes(emulator), ["StopServiceDeployment"]);
    assert.equal(emulator.state().services["default/myservice"]!.taskDefinition, "myservice:4");
  });

  Deno.test(`${what} that a deploy adds is taken away again by its automatic rollback`, async () => {
    const emulator = myservice({ behaviours: { 5: crashLoop() } });
    const args = "deploy --rollback-events DEPLOYMENT_FAILURE --timeout 3m";
    const { code, stderr } = await run(emulator, args, { ...SERVICE, ...one.settings }, one.task);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /is live again/);
    assert.equal(emulator.state().services["default/myservice"]!.taskDefinition, "myservice:4");
  });
}

Deno.test("a volume that the task definition leaves to the service is configured there, or the deploy is refused", async () => {
  const emulator = myservice();
  const refused = await run(emulator, "deploy", SERVICE, WITH_VOLUME);
  assert.equal(refused.code, 4);
  assert.match(refused.stderr, /takes the volume data from the service .*, which does not configure it/);
  assert.deepEqual(writes(emulator), []);
  const settings = { ...SERVICE, volumeConfigurations: [VOLUME] };
  assert.equal((await run(emulator, "deploy", settings, WITH_VOLUME)).code, 0);
});

Deno.test("settings that do not fit what the service runs are refused, although that stays as it is", async () => {
  for (const args of ["deploy --skip-task-definition", "deploy --skip-task-definition --dry-run"]) {
    const emulator = myservice();
    const { code, stderr } = await run(emulator, args, { ...SERVICE, volumeConfigurations: [VOLUME] });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /the task definition that runs does not fit the service/);
    assert.deepEqual(writes(emulator), []);
  }
});

Deno.test("a new service is not created with a task definition that does not fit it", async () => {
  const files = { "ecspresso.yml": DEFINITION_FILES["ecspresso.yml"]!.replace("service: myservice", "service: other") };
  for (const dryRun of [[], ["--dry-run"]]) {
    const emulator = myservice();
    const { code, stderr } = await runInProcess(emulator, ["deploy", ...dryRun], {
      files: {
        ...DEFINITION_FILES,
        ...files,
        "ecs-service-def.json": JSON.stringify({ ...SERVICE, desiredCount: 1, serviceConnectConfiguration: CONNECT }),
      },
    });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /uses the port name http/);
    assert.deepEqual(writes(emulator), []);
  }
});
