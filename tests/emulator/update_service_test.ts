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

Deno.test("UpdateService merges the deployment configuration and starts no deployment for it", () => {
  const emulator = createScenario("healthy");
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  const { service } = ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration }).output;
  assert.equal(service.deployments.length, 1);
  const { maximumPercent, minimumHealthyPercent, deploymentCircuitBreaker } = service.deploymentConfiguration;
  assert.deepEqual([maximumPercent, minimumHealthyPercent], [200, 100]);
  assert.deepEqual([deploymentCircuitBreaker.enable, deploymentCircuitBreaker.rollback], [true, true]);
});

const ALARMS = { alarmNames: ["high"], enable: true, rollback: true };
const HOOK = { targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] };

Deno.test("what is left out of a deployment configuration is kept, or gets its default, as AWS has it for each member", async (t) => {
  const threshold = { type: "COUNT", value: 7 };
  const breaker = { enable: true, rollback: true, resetOnHealthyTask: false, thresholdConfiguration: threshold };
  const table: [string, JsonObject, JsonObject, JsonObject][] = [
    ["other members", { alarms: ALARMS }, { maximumPercent: 150 }, { alarms: ALARMS, maximumPercent: 150 }],
    [
      "optional members of the breaker",
      { deploymentCircuitBreaker: breaker },
      { deploymentCircuitBreaker: { enable: true, rollback: false } },
      { deploymentCircuitBreaker: { ...breaker, rollback: false } },
    ],
    [
      "required members of the breaker",
      { deploymentCircuitBreaker: breaker },
      { deploymentCircuitBreaker: { enable: true } },
      { deploymentCircuitBreaker: { ...breaker, rollback: false } },
    ],
    [
      "the steps of linear",
      { strategy: "LINEAR", linearConfiguration: { stepPercent: 33, stepBakeTimeInMinutes: 9 } },
      { linearConfiguration: { stepPercent: 44 } },
      { strategy: "LINEAR", linearConfiguration: { stepPercent: 44, stepBakeTimeInMinutes: 6 } },
    ],
    [
      "the steps of canary",
      { strategy: "CANARY", canaryConfiguration: { canaryPercent: 21, canaryBakeTimeInMinutes: 9 } },
      { canaryConfiguration: {} },
      { strategy: "CANARY", canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 } },
    ],
    ["hooks", { lifecycleHooks: [HOOK, { ...HOOK, lifecycleStages: ["PRE_SCALE_UP"] }] }, { lifecycleHooks: [HOOK] }, {
      lifecycleHooks: [HOOK],
    }],
    ["hooks that are gone", { lifecycleHooks: [HOOK] }, { lifecycleHooks: [] }, { lifecycleHooks: [] }],
    [
      "the timeout of a hook",
      { lifecycleHooks: [{ ...HOOK, timeoutConfiguration: { timeoutInMinutes: 31, action: "CONTINUE" } }] },
      { lifecycleHooks: [{ ...HOOK, timeoutConfiguration: { timeoutInMinutes: 45 } }] },
      { lifecycleHooks: [{ ...HOOK, timeoutConfiguration: { timeoutInMinutes: 45, action: "ROLLBACK" } }] },
    ],
    ["alarms", { alarms: ALARMS }, { alarms: { alarmNames: [], enable: false, rollback: false } }, {
      alarms: { alarmNames: [], enable: false, rollback: false },
    }],
  ];
  for (const [name, before, given, after] of table) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      const update = (deploymentConfiguration: JsonObject) =>
        ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration }).output.service;
      update(before);
      const { deploymentConfiguration, deployments } = update(given);
      assert.deepEqual({ ...deploymentConfiguration, ...after }, deploymentConfiguration);
      assert.equal(deployments.length, 1);
    });
  }
});

Deno.test("a deployment configuration that does not go together is refused, in AWS's words where they are known", async (t) => {
  const table: [JsonObject, RegExp][] = [
    [{ linearConfiguration: {} }, /^Linear configuration can only be present with LINEAR deployment strategy$/],
    [{ strategy: "LINEAR", canaryConfiguration: {} }, /^Canary configuration can only be present with CANARY/],
    [{ lifecycleHooks: [{ targetType: "PAUSE" }] }, /^Lifecycle stage cannot be null or empty/],
    [{ lifecycleHooks: [{ lifecycleStages: ["PRE_SCALE_UP"] }] }, /^Role arn or Hook Target arn is missing for one/],
    [
      { deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration: { type: "COUNT" } } },
      /^Invalid deployment circuit breaker threshold value\.$/,
    ],
    [
      { strategy: "BLUE_GREEN", earlySuccessCriteria: { enable: true, healthyPercent: 1 } },
      /can only be present with ROLLING/,
    ],
    [{ earlySuccessCriteria: { enable: true } }, /healthyPercent and sourceServiceRevisionCleanup must be specified/],
    [
      { earlySuccessCriteria: { enable: true, healthyPercent: 99, sourceServiceRevisionCleanup: "BLOCKING" } },
      /^healthyPercent must be greater than or equal to minimumHealthyPercent/,
    ],
    [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 2 } }, /^stepPercent must be between 3 and 100/],
    [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 0 } }, /^canaryPercent must be between 0\.1 and 100/],
    [
      { strategy: "CANARY", canaryConfiguration: { canaryBakeTimeInMinutes: 1441 } },
      /^canaryBakeTimeInMinutes must be between 0 and 1440/,
    ],
    [
      { minimumHealthyPercent: 100, maximumPercent: 100 },
      /^Both maximumPercent and minimumHealthyPercent cannot be 100/,
    ],
  ];
  for (const [deploymentConfiguration, words] of table) {
    await t.step(JSON.stringify(deploymentConfiguration), () => {
      const emulator = createScenario("healthy");
      const before = emulator.describeService("myservice");
      const answer = ask(emulator, "UpdateService", { service: "myservice", deploymentConfiguration });
      assert.equal(answer.type, "InvalidParameterException");
      assert.match(answer.message ?? "", words);
      assert.deepEqual(emulator.describeService("myservice"), before);
    });
  }
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
    ask(emulator, "UpdateService", { service: "myservice", capacityProviderStrategy, forceNewDeployment: true }).output
      .service;
  const strategy = [{ capacityProvider: "FARGATE", weight: 1, base: 0 }];
  const { launchType, capacityProviderStrategy, deployments } = update(strategy);
  assert.deepEqual([launchType, capacityProviderStrategy, deployments.length], [undefined, strategy, 2]);
  assert.equal(update([]).launchType, "FARGATE");
});

Deno.test("a strategy that changes has to be forced; the same one in other words does not change", () => {
  const emulator = createScenario("healthy");
  const update = (input: JsonObject) => ask(emulator, "UpdateService", { service: "myservice", ...input });
  const spot = { capacityProvider: "FARGATE_SPOT", weight: 3, base: 0 };
  const strategy = [{ capacityProvider: "FARGATE" }, spot];
  const refused = (input: JsonObject) => {
    const { type, message } = update(input);
    assert.equal(type, "InvalidParameterException");
    assert.match(message ?? "", /^When switching from launch type to .* you must force a new deployment\.$/);
  };
  assert.equal(update({ capacityProviderStrategy: [] }).type, undefined, "nothing changes");
  refused({ capacityProviderStrategy: strategy });
  assert.equal(update({ capacityProviderStrategy: strategy, forceNewDeployment: true }).type, undefined);
  const same = [spot, { capacityProvider: "FARGATE", weight: 0, base: 0 }];
  assert.equal(update({ capacityProviderStrategy: same }).type, undefined);
  refused({ capacityProviderStrategy: [spot] });
  refused({ capacityProviderStrategy: [] });
});

Deno.test("a service that never had a launch type cannot go back to one", () => {
  const emulator = new Emulator();
  emulator.registerTaskDefinition({ family: "app", containerDefinitions: [{ name: "app", image: "i", memory: 128 }] });
  emulator.createCluster("own", ["instances"]);
  const capacityProviderStrategy = [{ capacityProvider: "instances" }];
  const service = { serviceName: "s", cluster: "own", taskDefinition: "app", desiredCount: 1 };
  emulator.createService({ ...service, capacityProviderStrategy });
  const back = { service: "s", cluster: "own", capacityProviderStrategy: [], forceNewDeployment: true };
  assert.equal(ask(emulator, "UpdateService", back).type, "InvalidParameterException");
});

Deno.test("the deployment controller is changed, and deploys nothing in the same request", () => {
  const emulator = createScenario("healthy");
  const update = (input: JsonObject) =>
    ask(emulator, "UpdateService", { service: "myservice", deploymentController: { type: "CODE_DEPLOY" }, ...input });
  assert.match(update({ taskDefinition: "myservice:3" }).message ?? "", /^emulator: /);
  assert.deepEqual(update({}).output.service.deploymentController, { type: "CODE_DEPLOY" });
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

/** A service that another controller than ECS deploys. */
function controlledBy(type: string): Emulator {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 80 }] }];
  emulator.registerTaskDefinition({ family: "app", containerDefinitions });
  const loadBalancers = [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 80 }];
  const service = { serviceName: "s", desiredCount: 2, deploymentController: { type } };
  if (type === "EXTERNAL") {
    emulator.createService(service);
    assert.equal(
      ask(emulator, "CreateTaskSet", { cluster: "default", service: "s", taskDefinition: "app", loadBalancers }).type,
      undefined,
    );
  } else {
    emulator.createService({ ...service, taskDefinition: "app", loadBalancers });
  }
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
  const unknown: JsonObject[] = [{ serviceConnectConfiguration: { enabled: false } }, { monitoring: MONITORING }];
  for (const input of unknown) {
    const answer = ask(controlledBy("CODE_DEPLOY"), "UpdateService", { service: "s", ...input });
    assert.match(answer.message ?? "", /^emulator: /);
  }
  const deploymentConfiguration = { maximumPercent: 150 };
  const external = ask(controlledBy("EXTERNAL"), "UpdateService", { service: "s", deploymentConfiguration });
  assert.match(external.message ?? "", /^emulator: /);
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
