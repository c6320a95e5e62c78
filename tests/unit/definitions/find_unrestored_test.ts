import assert from "node:assert/strict";
import { findUnrestored } from "../../../src/definitions/compare_definitions.ts";
import type { JsonObject } from "../../../src/model/json.ts";

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
