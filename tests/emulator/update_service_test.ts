import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { taskDefinition, UNTIL_STEADY_MS } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";

const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };

/** Of each member that UpdateService takes: a value, whether it starts a deployment, and where it is answered. */
const MEMBERS: [string, JsonObject[string], boolean, "service" | "deployment" | "revision"][] = [
  ["desiredCount", 3, false, "service"],
  ["healthCheckGracePeriodSeconds", 30, false, "service"],
  ["enableExecuteCommand", true, false, "service"],
  ["propagateTags", "SERVICE", false, "service"],
  ["enableECSManagedTags", true, false, "service"],
  ["placementStrategy", [{ type: "spread", field: "instanceId" }], false, "service"],
  ["placementConstraints", [{ type: "distinctInstance" }], false, "service"],
  ["availabilityZoneRebalancing", "ENABLED", false, "service"],
  [
    "networkConfiguration",
    { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: [], assignPublicIp: "DISABLED" } },
    true,
    "service",
  ],
  ["platformVersion", "LATEST", true, "service"],
  ["loadBalancers", [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 }], true, "service"],
  ["serviceRegistries", [{ registryArn: "arn:registry" }], true, "service"],
  ["serviceConnectConfiguration", { enabled: true, namespace: "arn:namespace" }, true, "deployment"],
  ["vpcLatticeConfigurations", [{ roleArn: "arn:role", targetGroupArn: "a", portName: "p" }], true, "deployment"],
  ["monitoring", MONITORING, true, "revision"],
  ["gatewayConnectors", [{ portName: "http" }], true, "revision"],
];

/** `myservice` at a revision whose port has the name `p`. */
function withNamedPort(): Emulator {
  const emulator = createScenario("healthy");
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const portMappings = [{ containerPort: 8080, name: "p" }];
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [{ ...app, portMappings }] });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

Deno.test("UpdateService takes what a service consists of, and starts a deployment where tasks have to change", async (t) => {
  for (const [member, value, starts, where] of MEMBERS) {
    await t.step(`${member} ${starts ? "starts" : "does not start"} a deployment`, () => {
      const emulator = withNamedPort();
      const { service } = ask(emulator, "UpdateService", { service: "myservice", [member]: value }).output;
      assert.equal(service.deployments.length, starts ? 2 : 1);
      for (const shown of [service, emulator.describeService("myservice")]) {
        if (where === "revision") assert.deepEqual(newestRevision(emulator)[member], value);
        else assert.deepEqual((where === "service" ? shown : shown.deployments[0])[member], value);
        if (where !== "service") assert.equal(member in shown, false);
      }
      // The same once more changes nothing.
      const again = ask(emulator, "UpdateService", { service: "myservice", [member]: value }).output.service;
      assert.equal(again.deployments[0].id, service.deployments[0].id);
    });
  }
});

function newestRevision(emulator: Emulator): JsonObject {
  const revisions = emulator.describeService("myservice").currentServiceRevisions as JsonObject[];
  const serviceRevisionArns = revisions.map(({ arn }) => arn!);
  const { serviceRevisions } = ask(emulator, "DescribeServiceRevisions", { serviceRevisionArns }).output;
  return serviceRevisions.toSorted((a: JsonObject, b: JsonObject) => Number(b.createdAt) - Number(a.createdAt))[0];
}

Deno.test("whether monitoring starts a deployment, AWS does not say; service revisions show it either way", () => {
  const emulator = createScenario("healthy");
  emulator.configure({ revisionMembersRollOut: false });
  const { service } = ask(emulator, "UpdateService", { service: "myservice", monitoring: MONITORING }).output;
  assert.equal(service.deployments.length, 1);
  assert.deepEqual(newestRevision(emulator).monitoring, MONITORING);
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

Deno.test("UpdateService refuses what the scheduling strategy DAEMON does not have", () => {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "i", memory: 64 }];
  emulator.registerTaskDefinition({ family: "agent", containerDefinitions });
  emulator.createService({ serviceName: "agent", taskDefinition: "agent", schedulingStrategy: "DAEMON" });
  const refused: JsonObject[] = [
    { desiredCount: 1 },
    { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 } },
    { placementStrategy: [{ type: "random" }] },
    { volumeConfigurations: [{ name: "data" }] },
  ];
  for (const members of refused) {
    const { message } = ask(emulator, "UpdateService", { service: "agent", ...members });
    assert.match(message ?? "", /^The daemon scheduling strategy (does not support|is not supported)/);
  }
});

Deno.test("an old deployment is shown with its own settings, and going back restores them", () => {
  const emulator = createScenario("healthy");
  const settings = { platformVersion: "1.3.0", serviceConnectConfiguration: { enabled: true } };
  const { service } = ask(emulator, "UpdateService", { service: "myservice", ...settings }).output;
  const shown = (one: JsonObject) => [one.platformVersion, one.serviceConnectConfiguration];
  assert.deepEqual(service.deployments.map(shown), [["1.3.0", { enabled: true }], ["1.4.0", undefined]]);
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
