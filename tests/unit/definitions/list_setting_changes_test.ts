import assert from "node:assert/strict";
import { isPlain, listSettingChanges } from "../../../src/definitions/list_setting_changes.ts";
import type { Json } from "../../../src/model/json.ts";

const BALANCER = { targetGroupArn: "arn:blue", containerName: "app", containerPort: 8080 };

/** Settings without defaults. */
function changesOf(name: string, from: Json | undefined, to: Json | undefined) {
  const setting = (value: Json | undefined) => ({ canonical: value, written: value });
  return listSettingChanges([name], setting(from), setting(to)).map(({ scope, attribute, kind, from, to }) => {
    assert.equal(scope, "service");
    return [attribute, kind, from, to];
  });
}

Deno.test("listSettingChanges() lists the innermost members that differ, with both values", () => {
  const vpc = (...securityGroups: string[]) => ({ awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups } });
  const groups = "networkConfiguration.awsvpcConfiguration.securityGroups";
  const cases: [string, Json | undefined, Json | undefined, unknown[][]][] = [
    ["desiredCount", 2, 3, [["desiredCount", "changed", "2", "3"]]],
    ["propagateTags", "NONE", "SERVICE", [["propagateTags", "changed", "NONE", "SERVICE"]]],
    ["networkConfiguration", vpc("sg-1", "sg-2"), vpc("sg-3"), [[groups, "changed", '["sg-1","sg-2"]', '["sg-3"]']]],
    ["networkConfiguration", vpc("sg-1"), vpc("sg-1"), []],
    ["monitoring", undefined, { metricConfigurations: [] }, [
      ["monitoring", "added", undefined, '{"metricConfigurations":[]}'],
    ]],
    ["loadBalancers", [BALANCER, { ...BALANCER, targetGroupArn: "arn:x" }], [
      { ...BALANCER, targetGroupArn: "arn:x" },
      { ...BALANCER, containerPort: 9090 },
    ], [["loadBalancers.containerPort", "changed", "8080", "9090"]]],
    ["loadBalancers", [BALANCER], [], [["loadBalancers", "changed", JSON.stringify([BALANCER]), "[]"]]],
  ];
  for (const [name, from, to, changes] of cases) assert.deepEqual(changesOf(name, from, to), changes);
});

Deno.test("listSettingChanges() shows a default where it was written, and else what is added or removed", () => {
  const off = { canonical: undefined, written: false };
  const on = { canonical: true, written: true };
  const none = { canonical: undefined, written: undefined };
  const shown = (from: typeof off | typeof on | typeof none, to: typeof from) =>
    listSettingChanges(["enableExecuteCommand"], from, to).map(({ kind, from, to }) => [kind, from, to]);
  assert.deepEqual(shown(off, on), [["changed", "false", "true"]]);
  assert.deepEqual(shown(on, off), [["changed", "true", "false"]]);
  assert.deepEqual(shown(none, on), [["added", undefined, "true"]]);
  assert.deepEqual(shown(off, none), [], "both mean the default");
  const weights = listSettingChanges(
    ["capacityProviderStrategy"],
    { canonical: [{ capacityProvider: "a" }], written: [{ capacityProvider: "a", weight: 0 }] },
    { canonical: [{ capacityProvider: "a", weight: 1 }], written: [{ capacityProvider: "a", weight: 1 }] },
  );
  assert.deepEqual(weights.map(({ attribute, from, to }) => [attribute, from, to]), [
    ["capacityProviderStrategy.weight", "0", "1"],
  ]);
});

Deno.test("listSettingChanges() shows no free text, and nothing that is too long for a line", () => {
  const logs = (options: Json) => ({ logConfiguration: { logDriver: "splunk", options } });
  const token = "serviceConnectConfiguration.logConfiguration.options.splunk-token";
  assert.deepEqual(
    changesOf("serviceConnectConfiguration", logs({ "splunk-token": "one" }), logs({ "splunk-token": "two" })),
    [[token, "changed", undefined, undefined]],
  );
  assert.deepEqual(changesOf("serviceConnectConfiguration", undefined, logs({ "splunk-token": "two" })), [
    ["serviceConnectConfiguration", "added", undefined, undefined],
  ]);
  const many = Array.from({ length: 9 }, (_, index) => `subnet-${index}0123456789abcdef`);
  assert.deepEqual(changesOf("subnets", many, ["subnet-1"]), [["subnets", "changed", undefined, undefined]]);
  assert.deepEqual(changesOf("futureIsolation", "none", "strict"), [[
    "futureIsolation",
    "changed",
    undefined,
    undefined,
  ]]);
});

Deno.test("isPlain() takes numbers for plain, but not those of the user's own JSON", () => {
  assert.ok(isPlain(3, ["desiredCount"]) && isPlain(true, ["enableExecuteCommand"]));
  assert.ok(!isPlain({ hookDetails: { pin: 1234 } }, ["deploymentConfiguration", "lifecycleHooks", 0]));
});
