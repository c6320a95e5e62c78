import assert from "node:assert/strict";
import { alignServices, findUnrestored } from "../../../src/definitions/compare_services.ts";
import type { JsonObject } from "../../../src/model/json.ts";

const tags = (...keys: string[]) => keys.map((key) => ({ key, value: "v" }));

const RUNNING = {
  serviceName: "app",
  desiredCount: 3,
  availabilityZoneRebalancing: "ENABLED",
  propagateTags: "SERVICE",
};

const SERVICES: [local: JsonObject, same: boolean][] = [
  [{}, true],
  [{ desiredCount: null }, true],
  [{ desiredCount: 3, serviceName: "app", availabilityZoneRebalancing: "ENABLED" }, true],
  [{ desiredCount: 0 }, false],
  [{ serviceName: "other" }, true],
  [{ availabilityZoneRebalancing: "DISABLED" }, false],
];

for (const [local, same] of SERVICES) {
  Deno.test(`alignServices() compares only what is left to nobody else: ${JSON.stringify(local)}`, () => {
    const aligned = alignServices({ propagateTags: "SERVICE", ...local }, RUNNING);
    assert.equal(JSON.stringify(aligned.local) === JSON.stringify(aligned.remote), same);
  });
}

Deno.test("alignServices() leaves ignored tags out of both sides", () => {
  const aligned = alignServices({ tags: tags("a", "b") }, { tags: tags("b", "c") }, ["a", "c"]);
  assert.deepEqual(aligned.local, { tags: tags("b") });
  assert.deepEqual(aligned.remote, { tags: tags("b") });
});

Deno.test("alignServices() takes LATEST, a platform that is left out, and the number that it stands for as one", () => {
  const table: [JsonObject, string, boolean][] = [
    [{}, "LATEST", true],
    [{}, "1.4.0", true],
    [{}, "1.3.0", true],
    [{ platformVersion: "LATEST" }, "1.4.0", true],
    [{ platformVersion: "LATEST" }, "LATEST", true],
    [{ platformVersion: "LATEST" }, "1.3.0", false],
    [{ platformVersion: "1.4.0" }, "1.3.0", false],
    [{ platformVersion: "1.4.0" }, "LATEST", false],
  ];
  for (const [local, platformVersion, same] of table) {
    const aligned = alignServices(local, { platformVersion });
    assert.equal(
      JSON.stringify(aligned.local) === JSON.stringify(aligned.remote),
      same,
      JSON.stringify([local, platformVersion]),
    );
  }
});

Deno.test("alignServices() compares launch type and capacity providers only where one of them is written", () => {
  const strategy = { capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }] };
  const table: [JsonObject, JsonObject, boolean][] = [
    [{}, { launchType: "EC2" }, true],
    [{ launchType: "" }, { launchType: "FARGATE" }, true],
    [{}, strategy, true],
    [{ launchType: "FARGATE" }, strategy, false],
    [strategy, { launchType: "FARGATE" }, false],
    [strategy, strategy, true],
  ];
  for (const [local, running, same] of table) {
    const aligned = alignServices(local, running);
    assert.equal(
      JSON.stringify(aligned.local) === JSON.stringify(aligned.remote),
      same,
      JSON.stringify([local, running]),
    );
  }
});

Deno.test("alignServices() compares namespaces of Service Connect where both are names, or both ARNs", () => {
  const connect = (namespace?: string) => ({
    serviceConnectConfiguration: { enabled: true, ...(namespace !== undefined && { namespace }) },
  });
  const table: [string | undefined, string | undefined, boolean][] = [
    ["internal", "internal", true],
    ["internal", "other", false],
    ["internal", "arn:aws:servicediscovery:namespace/ns-1", true],
    ["arn:a", "arn:a", true],
    ["arn:a", "arn:b", false],
    ["arn:a", "internal", true],
    [undefined, "arn:a", true],
    ["internal", undefined, false],
  ];
  for (const [written, answered, same] of table) {
    const deployments = [{ status: "PRIMARY", ...connect(answered) }];
    const aligned = alignServices(connect(written), { deployments });
    assert.equal(JSON.stringify(aligned.local) === JSON.stringify(aligned.remote), same, `${written} ${answered}`);
  }
});

const CONNECT = { enabled: true, namespace: "arn:aws:servicediscovery:ap-northeast-1:123456789012:namespace/ns-1" };
const primary = (members: JsonObject) => ({ deployments: [{ status: "PRIMARY", ...members }] });

const CASES: [string, JsonObject, JsonObject, string[]][] = [
  ["the same", { propagateTags: "SERVICE" }, { propagateTags: "SERVICE" }, []],
  ["off in another way", { loadBalancers: [] }, { enableExecuteCommand: false, healthCheckGracePeriodSeconds: 0 }, []],
  ["still there", {}, { monitoring: { metricConfigurations: [{ metricNames: ["a"], resolutionSeconds: 20 }] } }, [
    "monitoring",
  ]],
  ["gone", { enableExecuteCommand: true }, {}, ["enableExecuteCommand"]],
  ["only names that count", { propagateTags: "SERVICE" }, { propagateTags: "NONE" }, []],
  ["Service Connect that is off", primary({}), primary({ serviceConnectConfiguration: { enabled: false } }), []],
  ["Service Connect that is on", primary({}), primary({ serviceConnectConfiguration: CONNECT }), [
    "serviceConnectConfiguration",
  ]],
  ["LATEST by its number", { platformVersion: "LATEST" }, { platformVersion: "1.4.0" }, []],
  ["a number", { platformVersion: "1.3.0" }, { platformVersion: "1.4.0" }, ["platformVersion"]],
];

for (const [name, was, now, expected] of CASES) {
  Deno.test(`findUnrestored(): ${name}`, () => {
    const names = name === "only names that count"
      ? []
      : [...new Set([...Object.keys(was), ...Object.keys(now)])].sort();
    const members = names.filter((one) => one !== "deployments");
    if ("deployments" in was) members.push("serviceConnectConfiguration");
    assert.deepEqual(findUnrestored(was, now, members), expected);
  });
}
