import assert from "node:assert/strict";
import { updatableMembers } from "../../../src/aws/api_members.ts";
import { findServiceChanges as find, NO_CHANGES } from "../../../src/definitions/compare_services.ts";
import { settingOf } from "../../../src/model/definition_change.ts";
import type { Json, JsonObject } from "../../../src/model/json.ts";

const NETWORK = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } };
const RUNNING: JsonObject = {
  serviceName: "myservice",
  status: "ACTIVE",
  launchType: "FARGATE",
  platformVersion: "1.4.0",
  desiredCount: 2,
  networkConfiguration: NETWORK,
  schedulingStrategy: "REPLICA",
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  propagateTags: "NONE",
  deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
  loadBalancers: [],
  serviceRegistries: [],
  placementConstraints: [],
  placementStrategy: [],
  deployments: [{ status: "PRIMARY" }],
};
const SAME: JsonObject = { launchType: "FARGATE", platformVersion: "1.4.0", networkConfiguration: NETWORK };
const CONNECT = { enabled: true, namespace: "internal" };
const OTHER_NETWORK = { awsvpcConfiguration: { subnets: ["subnet-2"], securityGroups: ["sg-1"] } };
const BALANCER = { targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 };

const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
const UPDATABLE_MEMBERS = updatableMembers();

function findServiceChanges(local: JsonObject, running: JsonObject, ignoredTags: readonly string[] = []) {
  return find({ local, running, ignoredTags, updatable: UPDATABLE_MEMBERS, unread: [] });
}

/** The member, what the file says, and what brings back what was there. */
const UPDATABLE: [string, Json, Json][] = [
  ["availabilityZoneRebalancing", "ENABLED", "DISABLED"],
  ["capacityProviderStrategy", [{ capacityProvider: "FARGATE_SPOT", weight: 1 }], []],
  [
    "deploymentConfiguration",
    { maximumPercent: 150, minimumHealthyPercent: 50 },
    { maximumPercent: 200, minimumHealthyPercent: 100 },
  ],
  ["desiredCount", 3, 2],
  ["enableECSManagedTags", true, false],
  ["enableExecuteCommand", true, false],
  ["healthCheckGracePeriodSeconds", 30, 0],
  ["loadBalancers", [BALANCER], []],
  ["networkConfiguration", OTHER_NETWORK, NETWORK],
  ["placementConstraints", [{ type: "distinctInstance" }], []],
  ["placementStrategy", [{ type: "spread", field: "instanceId" }], []],
  ["platformVersion", "1.3.0", "1.4.0"],
  ["propagateTags", "SERVICE", "NONE"],
  ["serviceConnectConfiguration", CONNECT, { enabled: false }],
  ["serviceRegistries", [{ registryArn: "arn:registry" }], []],
  ["volumeConfigurations", [{ name: "data", managedEBSVolume: { roleArn: "arn:role", sizeInGiB: 10 } }], []],
  ["vpcLatticeConfigurations", [{ roleArn: "arn:role", targetGroupArn: "arn:tg", portName: "http" }], []],
  ["monitoring", MONITORING, { metricConfigurations: [] }],
  ["gatewayConnectors", [{ portName: "http" }], []],
  ["deploymentController", { type: "EXTERNAL" }, { type: "ECS" }],
];

/** API reference, ServiceRevision. */
const IN_REVISION = new Set([
  "capacityProviderStrategy",
  "gatewayConnectors",
  "loadBalancers",
  "monitoring",
  "networkConfiguration",
  "platformVersion",
  "serviceConnectConfiguration",
  "serviceRegistries",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
]);

Deno.test("what can be updated is tried here, every member that the API has today", () => {
  assert.deepEqual([...UPDATABLE_MEMBERS.known.keys()].sort(), UPDATABLE.map(([name]) => name).sort());
});

for (const [name, wanted, before] of UPDATABLE) {
  Deno.test(`findServiceChanges() changes ${name}, alone, and knows what brings it back`, () => {
    const changes = findServiceChanges({ ...SAME, [name]: wanted }, RUNNING);
    const { inRevision, settings, ...others } = changes;
    const { inRevision: _, settings: __, ...none } = NO_CHANGES;
    assert.deepEqual([...new Set(settings.map(settingOf))], [name]);
    assert.deepEqual(others, { ...none, attributes: { [name]: wanted }, before: { [name]: before } });
    assert.deepEqual(inRevision, IN_REVISION.has(name) ? [name] : []);
    const again = findServiceChanges({ ...SAME, [name]: wanted }, { ...RUNNING, [name]: wanted });
    assert.deepEqual(again, NO_CHANGES, "once is enough");
  });
}

Deno.test("findServiceChanges() lists what changes, also from and to a default, and not what it leaves alone", () => {
  const cases: [JsonObject, JsonObject, readonly (readonly [string, string, string?, string?])[]][] = [
    [{ enableExecuteCommand: true }, {}, [["enableExecuteCommand", "changed", "false", "true"]]],
    [{ healthCheckGracePeriodSeconds: 30 }, {}, [["healthCheckGracePeriodSeconds", "changed", "0", "30"]]],
    [{ deploymentController: { type: "CODE_DEPLOY" } }, {}, [
      ["deploymentController.type", "changed", "ECS", "CODE_DEPLOY"],
    ]],
    [
      { deploymentConfiguration: {} },
      { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 100 } },
      [
        ["deploymentConfiguration.maximumPercent", "changed", "150", "200"],
      ],
    ],
    [{ propagateTags: "SERVICE", launchType: "EC2" }, {}, [["propagateTags", "changed", "NONE", "SERVICE"]]],
    [{ serviceConnectConfiguration: { enabled: false } }, {
      deployments: [{ status: "PRIMARY", serviceConnectConfiguration: CONNECT }],
    }, [
      ["serviceConnectConfiguration.enabled", "changed", "true", "false"],
      ["serviceConnectConfiguration.namespace", "removed", "internal", undefined],
    ]],
    [{}, { enableExecuteCommand: true }, []],
  ];
  for (const [local, running, expected] of cases) {
    const { settings } = findServiceChanges({ ...SAME, ...local }, { ...RUNNING, ...running });
    assert.deepEqual(
      settings.map(({ attribute, kind, from, to }) => [attribute, kind, ...(from || to ? [from, to] : [])]),
      expected,
    );
  }
});

Deno.test("findServiceChanges() says of what may not be read that it changes, and not how", () => {
  const comparison = { local: { ...SAME, monitoring: MONITORING }, running: RUNNING, ignoredTags: [] };
  const { settings } = find({ ...comparison, updatable: UPDATABLE_MEMBERS, unread: ["monitoring"] });
  assert.deepEqual(settings, [{ scope: "service", attribute: "monitoring", kind: "changed" }]);
});

Deno.test("findServiceChanges() finds no change in AWS's own description of the service", () => {
  assert.deepEqual(findServiceChanges(RUNNING, RUNNING), NO_CHANGES);
  assert.deepEqual(findServiceChanges(SAME, RUNNING).attributes, {});
});

Deno.test("findServiceChanges() takes what was there from the PRIMARY deployment where the service does not say it", () => {
  const old = { status: "ACTIVE", serviceConnectConfiguration: { enabled: true, namespace: "old" } };
  const running = { ...RUNNING, deployments: [old, { status: "PRIMARY", serviceConnectConfiguration: CONNECT }] };
  const wanted = { enabled: true, namespace: "other" };
  const { attributes, before } = findServiceChanges({ ...SAME, serviceConnectConfiguration: wanted }, running);
  assert.deepEqual([attributes, before], [{ serviceConnectConfiguration: wanted }, {
    serviceConnectConfiguration: CONNECT,
  }]);
});

Deno.test("findServiceChanges() brings back nothing where no value of UpdateService means nothing", () => {
  const { networkConfiguration: _, ...without } = RUNNING;
  const { attributes, before } = findServiceChanges(SAME, without);
  assert.deepEqual([Object.keys(attributes), before], [["networkConfiguration"], {}]);
});

Deno.test("findServiceChanges() names what no update changes, and what only the service has", () => {
  const local = { ...SAME, launchType: "EC2", schedulingStrategy: "DAEMON", platformVersion: null };
  const running = { ...RUNNING, enableExecuteCommand: true, loadBalancers: [BALANCER] };
  const { attributes, fixed, unmentioned } = findServiceChanges(local, running);
  assert.deepEqual(attributes, {});
  assert.deepEqual(fixed.filter((name) => name !== "deploymentConfiguration"), ["launchType", "schedulingStrategy"]);
  assert.deepEqual(unmentioned.filter((name) => name !== "deploymentConfiguration"), [
    "enableExecuteCommand",
    "loadBalancers",
  ]);
});

Deno.test("findServiceChanges() changes no tags, and does not mention those that are ignored", () => {
  const local = { ...SAME, tags: [{ key: "Team", value: "a" }] };
  const running = { ...RUNNING, tags: [{ key: "Team", value: "b" }] };
  assert.deepEqual(findServiceChanges(local, running).fixed, ["tags"]);
  assert.deepEqual(findServiceChanges(local, running, ["Team"]).fixed, []);
});

Deno.test("findServiceChanges() leaves the number of tasks to auto scaling where the file does not say it", () => {
  const changes = findServiceChanges(SAME, { ...RUNNING, desiredCount: 9 });
  assert.deepEqual([changes.attributes, changes.unmentioned], [{}, []]);
});
