import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

/** Of each member that UpdateService takes: a value, whether it starts a deployment, and where it is answered. */
const MEMBERS: [string, JsonObject[string], boolean, "service" | "deployment"][] = [
  ["desiredCount", 3, false, "service"],
  ["healthCheckGracePeriodSeconds", 30, false, "service"],
  ["enableExecuteCommand", true, false, "service"],
  ["propagateTags", "SERVICE", false, "service"],
  ["enableECSManagedTags", true, false, "service"],
  ["placementStrategy", [{ type: "spread", field: "instanceId" }], false, "service"],
  ["placementConstraints", [{ type: "distinctInstance" }], false, "service"],
  ["availabilityZoneRebalancing", "ENABLED", false, "service"],
  ["capacityProviderStrategy", [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }], false, "service"],
  ["networkConfiguration", { awsvpcConfiguration: { subnets: ["subnet-1"] } }, true, "service"],
  ["platformVersion", "LATEST", true, "service"],
  ["loadBalancers", [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 }], true, "service"],
  ["serviceRegistries", [{ registryArn: "arn:registry" }], true, "service"],
  ["serviceConnectConfiguration", { enabled: true, namespace: "internal" }, true, "deployment"],
  ["volumeConfigurations", [{ name: "data", managedEBSVolume: { roleArn: "arn:role" } }], true, "deployment"],
  ["vpcLatticeConfigurations", [{ roleArn: "arn:role", targetGroupArn: "a", portName: "p" }], true, "deployment"],
];

Deno.test("UpdateService takes what a service consists of, and starts a deployment where tasks have to change", async (t) => {
  for (const [member, value, starts, where] of MEMBERS) {
    await t.step(`${member} ${starts ? "starts" : "does not start"} a deployment`, () => {
      const emulator = createScenario("healthy");
      const { service } = ask(emulator, "UpdateService", { service: "myservice", [member]: value }).output;
      assert.equal(service.deployments.length, starts ? 2 : 1);
      for (const shown of [service, emulator.describeService("myservice")]) {
        assert.deepEqual((where === "service" ? shown : shown.deployments[0])[member], value);
        if (where === "deployment") assert.equal(member in shown, false);
      }
      // The same once more changes nothing.
      const again = ask(emulator, "UpdateService", { service: "myservice", [member]: value }).output.service;
      assert.equal(again.deployments[0].id, service.deployments[0].id);
    });
  }
});

Deno.test("UpdateService merges the deployment configuration and starts no deployment for it", () => {
  const emulator = createScenario("healthy");
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  const { service } = ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration }).output;
  assert.equal(service.deployments.length, 1);
  assert.deepEqual(service.deploymentConfiguration, {
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    ...deploymentConfiguration,
  });
});

Deno.test("UpdateService refuses values of the wrong kind", async (t) => {
  const table: [JsonObject, string][] = [
    [{ propagateTags: "ALL" }, "InvalidParameterException"],
    [{ availabilityZoneRebalancing: "ON" }, "InvalidParameterException"],
    [{ healthCheckGracePeriodSeconds: "30" }, "SerializationException"],
    [{ enableExecuteCommand: "true" }, "SerializationException"],
    [{ serviceRegistries: {} }, "SerializationException"],
    [{ volumeConfigurations: ["data"] }, "SerializationException"],
  ];
  for (const [input, type] of table) {
    await t.step(JSON.stringify(input), () => {
      const emulator = createScenario("healthy");
      const before = emulator.describeService("myservice");
      assert.equal(ask(emulator, "UpdateService", { service: "myservice", ...input }).type, type);
      assert.deepEqual(emulator.describeService("myservice"), before);
    });
  }
});

Deno.test("a capacity provider strategy takes the place of the launch type, and an empty one gives it back", () => {
  const emulator = createScenario("healthy");
  const update = (capacityProviderStrategy: JsonObject[]) =>
    ask(emulator, "UpdateService", { service: "myservice", capacityProviderStrategy }).output.service;
  const strategy = [{ capacityProvider: "FARGATE", weight: 1, base: 0 }];
  const { launchType, capacityProviderStrategy } = update(strategy);
  assert.deepEqual([launchType, capacityProviderStrategy], [undefined, strategy]);
  assert.equal(update([]).launchType, "FARGATE");
});

Deno.test("an old deployment is shown with its own settings, and going back restores them", () => {
  const emulator = createScenario("healthy");
  const settings = { platformVersion: "LATEST", serviceConnectConfiguration: { enabled: true } };
  const { service } = ask(emulator, "UpdateService", { service: "myservice", ...settings }).output;
  const shown = (one: JsonObject) => [one.platformVersion, one.serviceConnectConfiguration];
  assert.deepEqual(service.deployments.map(shown), [["LATEST", { enabled: true }], ["1.4.0", undefined]]);
  ask(emulator, "StopServiceDeployment", { serviceDeploymentArn: service.currentServiceDeployment });
  emulator.advance(300_000);
  const { deployments } = emulator.describeService("myservice");
  assert.deepEqual((deployments as JsonObject[]).map(shown), [["1.4.0", undefined]]);
});

Deno.test("what was deployed is in the service revisions, described in batches", () => {
  const emulator = createScenario("healthy");
  emulator.updateService({ service: "myservice", serviceConnectConfiguration: { enabled: true } });
  const arns = (emulator.describeService("myservice").currentServiceRevisions as JsonObject[]).map(({ arn }) => arn);
  const describe = (serviceRevisionArns: unknown[]) =>
    ask(emulator, "DescribeServiceRevisions", { serviceRevisionArns } as JsonObject);
  const { serviceRevisions, failures } = describe([...arns, "arn:none"]).output;
  assert.deepEqual(
    serviceRevisions.map((one: JsonObject) => one.serviceConnectConfiguration),
    [{ enabled: true }, undefined],
  );
  assert.deepEqual(failures, [{ arn: "arn:none", reason: "MISSING" }]);
  assert.equal(describe(Array(21).fill(arns[0])).type, "InvalidParameterException");
});

/** A service that another controller than ECS deploys. */
function controlledBy(type: string): Emulator {
  const emulator = new Emulator();
  emulator.registerTaskDefinition({ family: "app", containerDefinitions: [{ name: "app", image: "i" }] });
  emulator.createService({ serviceName: "s", taskDefinition: "app", desiredCount: 2, deploymentController: { type } });
  return emulator;
}

Deno.test("with another deployment controller the tasks are in task sets", async (t) => {
  for (const type of ["CODE_DEPLOY", "EXTERNAL"]) {
    await t.step(type, () => {
      const emulator = controlledBy(type);
      const shown = () => {
        const { deployments, taskSets } = emulator.describeService("s");
        assert.deepEqual(deployments, []);
        return (taskSets as JsonObject[]).map((one) => [
          one.status,
          one.stabilityStatus,
          one.computedDesiredCount,
          one.runningCount,
        ]);
      };
      assert.deepEqual(shown(), [["PRIMARY", "STABILIZING", 2, 0]]);
      emulator.advance(60_000);
      assert.deepEqual(shown(), [["PRIMARY", "STEADY_STATE", 2, 2]]);
      const [set] = emulator.describeService("s").taskSets as JsonObject[];
      assert.match(String(set!.taskSetArn), /:task-set\/default\/s\/ecs-svc\/\d{19}$/);
      assert.equal(set!.startedBy, type === "CODE_DEPLOY" ? "CODE_DEPLOY" : undefined);
    });
  }
});

Deno.test("other deployment controllers leave the numbers of a service to UpdateService, nothing else", async (t) => {
  const refused: JsonObject[] = [
    { networkConfiguration: {} },
    { platformVersion: "LATEST" },
    { loadBalancers: [] },
    { forceNewDeployment: true },
  ];
  for (const input of refused) {
    await t.step(JSON.stringify(input), () => {
      for (const [type, words] of [["CODE_DEPLOY", "a CODE_DEPLOY"], ["EXTERNAL", "an EXTERNAL"]] as const) {
        const answer = ask(controlledBy(type), "UpdateService", { service: "s", ...input });
        assert.equal(answer.type, "InvalidParameterException");
        assert.ok(answer.message?.includes(`on services with ${words} deployment controller. `), answer.message);
      }
    });
  }
  const { service } = ask(controlledBy("CODE_DEPLOY"), "UpdateService", { service: "s", desiredCount: 3 }).output;
  assert.equal(service.desiredCount, 3);
});

Deno.test("tags of a service are described when they are asked for", () => {
  const emulator = createScenario("healthy");
  const resourceArn = String(emulator.describeService("myservice").serviceArn);
  const tags = [{ key: "team", value: "web" }];
  assert.equal(ask(emulator, "TagResource", { resourceArn, tags }).type, undefined);
  const describe = (input: JsonObject) =>
    ask(emulator, "DescribeServices", { services: ["myservice"], ...input }).output.services[0];
  assert.deepEqual(describe({ include: ["TAGS"] }).tags, tags);
  assert.equal("tags" in describe({}), false);
});
