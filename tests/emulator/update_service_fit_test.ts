import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

const TARGET = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3";

Deno.test("UpdateService returns the new PRIMARY deployment first", () => {
  const emulator = createScenario("healthy");
  const { service } = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" }).output;
  assert.equal(service.taskDefinition, TARGET);
  assert.deepEqual(
    service.deployments.map((one: JsonObject) => [one.status, one.taskDefinition, one.runningCount]),
    [["PRIMARY", TARGET, 0], ["ACTIVE", TARGET.replace(/3$/, "4"), 2]],
  );
  assert.match(service.deployments[0].id, /^ecs-svc\/\d{19}$/);
});

Deno.test("UpdateService starts a deployment only for what needs one", async (t) => {
  const table: [JsonObject, boolean][] = [
    [{}, false],
    [{ desiredCount: 3 }, false],
    [{ taskDefinition: "myservice:4" }, false],
    [{ taskDefinition: "myservice" }, false],
    [{ taskDefinition: "myservice:4", forceNewDeployment: true }, true],
    [{ taskDefinition: TARGET }, true],
    [{ networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } } }, true],
  ];
  for (const [input, starts] of table) {
    await t.step(JSON.stringify(input), () => {
      const emulator = createScenario("healthy");
      const { service } = ask(emulator, "UpdateService", { service: "myservice", ...input }).output;
      assert.equal(service.deployments.length, starts ? 2 : 1);
    });
  }
});

Deno.test("UpdateService refuses a task definition that does not fit the service", async (t) => {
  const fargate = { requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", cpu: "256", memory: "512" };
  const container = { name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 8080 }] };
  const table: [string, JsonObject, RegExp][] = [
    [
      "launch type",
      { networkMode: "awsvpc", requiresCompatibilities: ["EC2"], containerDefinitions: [container] },
      /^Task definition does not support launch_type FARGATE\.$/,
    ],
    [
      "container",
      { ...fargate, containerDefinitions: [{ ...container, name: "web" }] },
      /^The container app does not exist in the task definition\.$/,
    ],
    [
      "port",
      { ...fargate, containerDefinitions: [{ ...container, portMappings: [] }] },
      /did not have a container port 8080/,
    ],
  ];
  for (const [name, definition, message] of table) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      const loadBalancers = [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 }];
      emulator.updateService({ service: "myservice", loadBalancers });
      emulator.registerTaskDefinition({ family: "other", ...definition });
      const before = emulator.state();
      const answer = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "other:1" });
      assert.equal(answer.type, "InvalidParameterException");
      assert.match(answer.message ?? "", message);
      assert.deepEqual(emulator.state(), before);
    });
  }
});

Deno.test("UpdateService refuses a task definition whose network mode does not fit the service", () => {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "i", memory: 128 }];
  for (const networkMode of ["awsvpc", "bridge"]) {
    emulator.registerTaskDefinition({ family: "app", networkMode, containerDefinitions });
  }
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["a"] } };
  emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 1, networkConfiguration });
  const { type, message } = ask(emulator, "UpdateService", { service: "web", taskDefinition: "app:2" });
  assert.equal(type, "InvalidParameterException");
  assert.match(message ?? "", /Network Configuration is not valid/);
});

Deno.test("UpdateService leaves task definitions to other deployment controllers", () => {
  for (const type of ["CODE_DEPLOY", "EXTERNAL"]) {
    const emulator = new Emulator();
    const containerDefinitions = [{ name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 80 }] }];
    emulator.registerTaskDefinition({ family: "app", containerDefinitions });
    emulator.createService({
      serviceName: "s",
      desiredCount: 1,
      deploymentController: { type },
      ...(type === "CODE_DEPLOY"
        ? {
          taskDefinition: "app",
          loadBalancers: [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 80 }],
        }
        : {}),
    });
    const answer = ask(emulator, "UpdateService", { service: "s", taskDefinition: "app:1" });
    assert.equal(answer.type, "InvalidParameterException");
    assert.ok(
      answer.message?.includes(`services with a${type === "EXTERNAL" ? "n" : ""} ${type} deployment controller.`),
    );
  }
});
