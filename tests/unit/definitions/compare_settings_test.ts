import assert from "node:assert/strict";
import { updatableMembers } from "../../../src/aws/api_members.ts";
import { findSettingChanges as find } from "../../../src/definitions/compare_settings.ts";
import type { Json, JsonObject } from "../../../src/model/json.ts";

const vpc = (...securityGroups: string[]) => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"], securityGroups } },
});
const RECORD: JsonObject = {
  serviceRevisionArn: "arn:revision",
  taskDefinition: "arn:3",
  createdAt: 1,
  launchType: "FARGATE",
  platformVersion: "1.4.0",
  containerImages: [{ containerName: "app", image: "app:1" }],
  loadBalancers: [],
  ...vpc("sg-1", "sg-2"),
};
const SPOT = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
const CONNECT = { enabled: true, namespace: "internal", services: [{ portName: "http" }] };
const BALANCER = { targetGroupArn: "arn:blue", containerName: "app", containerPort: 8080 };
const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };

function findSettingChanges(was: JsonObject, now: JsonObject, unread: readonly string[] = []) {
  return find({ ...RECORD, ...was }, { ...RECORD, ...now }, updatableMembers(), unread);
}

function pathsOf(was: JsonObject, now: JsonObject): string[] {
  return findSettingChanges(was, now).differences.map(({ change }) => String(change.attribute));
}

Deno.test("findSettingChanges() finds nothing where the settings mean the same", () => {
  const same: [JsonObject, JsonObject][] = [
    [{}, {}],
    [{}, { ...vpc("sg-2", "sg-1"), taskDefinition: "arn:4", createdAt: 2, containerImages: [], desiredCount: 9 }],
    [{}, { serviceRegistries: [], serviceConnectConfiguration: { enabled: false }, monitoring: {} }],
    [{ volumeConfigurations: [] }, {}],
    [
      { serviceConnectConfiguration: CONNECT },
      { serviceConnectConfiguration: { ...CONNECT, services: [{ portName: "http", discoveryName: "http" }] } },
    ],
    [{ launchType: "EC2" }, {}],
  ];
  for (const [was, now] of same) {
    assert.deepEqual(findSettingChanges(was, now), { attributes: {}, differences: [] }, JSON.stringify(now));
  }
});

Deno.test("findSettingChanges() brings back every setting that a service revision has, and turns off what it has not", () => {
  const other: [string, Json, Json][] = [
    ["capacityProviderStrategy", SPOT, []],
    ["gatewayConnectors", [{ portName: "http" }], []],
    ["loadBalancers", [BALANCER], []],
    ["monitoring", MONITORING, { metricConfigurations: [] }],
    ["serviceConnectConfiguration", CONNECT, { enabled: false }],
    ["serviceRegistries", [{ registryArn: "arn:registry" }], []],
    ["volumeConfigurations", [{ name: "data", managedEBSVolume: { roleArn: "arn:role", sizeInGiB: 10 } }], []],
    ["vpcLatticeConfigurations", [{ roleArn: "arn:role", targetGroupArn: "arn:tg", portName: "http" }], []],
  ];
  const withOff = [...updatableMembers().known].filter(([, { isInRevision, off }]) =>
    isInRevision && off !== undefined
  );
  assert.deepEqual(other.map(([name]) => name), withOff.map(([name]) => name).sort(), "one is left out");
  for (const [name, value, off] of other) {
    assert.deepEqual(findSettingChanges({}, { [name]: value }).attributes, { [name]: off });
    assert.deepEqual(findSettingChanges({ [name]: value }, {}).attributes, { [name]: value });
  }
  const was = vpc("sg-3");
  assert.deepEqual(findSettingChanges(was, {}).attributes, was);
  assert.deepEqual(findSettingChanges({}, { platformVersion: "1.3.0" }).attributes, { platformVersion: "1.4.0" });
});

Deno.test("findSettingChanges() leaves alone what no update changes, and says so", () => {
  const was = { networkConfiguration: null };
  assert.deepEqual(findSettingChanges(was, {}).attributes, {});
  const [only] = findSettingChanges(was, {}).differences;
  assert.deepEqual([only?.change.attribute, only?.change.kind, only?.comesBack], [
    "networkConfiguration",
    "removed",
    "never",
  ]);
  // The cluster's default may have been anything.
  assert.deepEqual(findSettingChanges({ launchType: null }, { capacityProviderStrategy: SPOT }).attributes, {});
});

Deno.test("findSettingChanges() does not compare what is not shown", () => {
  assert.deepEqual(findSettingChanges({ monitoring: MONITORING }, {}, ["monitoring"]).differences, []);
});

Deno.test("findSettingChanges() lists what brings the revision's settings back", () => {
  const changed = { securityGroups: ["sg-3"] };
  const now = { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"], ...changed } } };
  const attribute = "networkConfiguration.awsvpcConfiguration.securityGroups";
  assert.deepEqual(findSettingChanges({}, now).differences, [{
    change: { scope: "service", attribute, kind: "changed", from: '["sg-3"]', to: '["sg-1","sg-2"]' },
    comesBack: "byUpdate",
  }]);
  assert.deepEqual(findSettingChanges({}, { monitoring: MONITORING }).differences.map(({ change }) => change.kind), [
    "removed",
  ]);
  assert.deepEqual(findSettingChanges({ monitoring: MONITORING }, {}).differences.map(({ change }) => change.kind), [
    "added",
  ]);
});

Deno.test("the latest platform and a number are the same, and an old number is never reported alone", () => {
  for (
    const [was, now] of [["LATEST", "1.4.0"], ["1.4.0", "LATEST"], ["1.4.0", null], ["LATEST", "1.3.0"], [
      "1.3.0",
      null,
    ]]
  ) {
    assert.deepEqual(pathsOf({ platformVersion: was! }, { platformVersion: now! }), [], `${was} and ${now}`);
  }
  const others = vpc("sg-3");
  const path = "networkConfiguration.awsvpcConfiguration.securityGroups";
  assert.deepEqual(pathsOf({ platformVersion: "LATEST" }, { ...others, platformVersion: "1.4.0" }), [path]);
  assert.deepEqual(pathsOf({ platformVersion: "1.4.0" }, { ...others, platformVersion: "LATEST" }), [path]);
  assert.deepEqual(pathsOf({ platformVersion: "LATEST" }, { ...others, platformVersion: "1.3.0" }), [
    path,
    "platformVersion",
  ]);
});

Deno.test("the target groups that blue/green alternates are one pair, and are never sent in another order", () => {
  const pair = (targetGroupArn: string, alternateTargetGroupArn: string, productionListenerRule = "arn:rule") => [{
    ...BALANCER,
    targetGroupArn,
    advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, roleArn: "arn:role" },
  }];
  for (const name of ["loadBalancers", "vpcLatticeConfigurations"]) {
    const compare = (was: Json, now: Json) => findSettingChanges({ [name]: was }, { [name]: now });
    const [blue, green] = [pair("arn:blue", "arn:green"), pair("arn:green", "arn:blue")];
    assert.deepEqual(compare(blue, green), { attributes: {}, differences: [] });
    const otherRule = compare(blue, pair("arn:green", "arn:blue", "arn:other"));
    assert.deepEqual(otherRule.attributes, { [name]: green });
    assert.deepEqual(otherRule.differences.map(({ change }) => change.attribute), [
      `${name}.advancedConfiguration.productionListenerRule`,
    ]);
    for (const now of [pair("arn:red", "arn:blue"), [BALANCER], []]) {
      for (const { attributes, differences } of [compare(blue, now), compare(now, blue)]) {
        assert.deepEqual(attributes, {});
        assert.ok(differences.length > 0 && differences.every(({ comesBack }) => comesBack === "alternating"));
      }
    }
  }
});
