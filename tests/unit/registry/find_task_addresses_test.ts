import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import { findAddressNeeds } from "../../../src/registry/find_task_addresses.ts";

const SERVICE: JsonObject = {
  desiredCount: 5,
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b", "subnet-a"] } },
};
const AWSVPC = { networkMode: "awsvpc" };

const tasksOf = (service: JsonObject) => findAddressNeeds({ ...SERVICE, ...service }, AWSVPC)?.tasks;

Deno.test("findAddressNeeds() counts the tasks that a rollout starts before it stops others", () => {
  assert.deepEqual(findAddressNeeds(SERVICE, AWSVPC), { subnets: ["subnet-a", "subnet-b"], tasks: 5 });
  assert.equal(tasksOf({ deploymentConfiguration: { maximumPercent: 150 } }), 2, "7 of 7.5 at most");
  assert.equal(tasksOf({ deploymentConfiguration: { maximumPercent: 100 } }), 0, "others are stopped first");
  assert.equal(tasksOf({ deploymentConfiguration: { strategy: "BLUE_GREEN", maximumPercent: 100 } }), 5);
  assert.equal(tasksOf({ schedulingStrategy: "DAEMON" }), 0);
  assert.equal(tasksOf({ desiredCount: 0 }), 0);
  assert.equal(tasksOf({ desiredCount: null }), 0, "not known");
});

Deno.test("findAddressNeeds() finds none where tasks share the network of their instance", () => {
  assert.equal(findAddressNeeds(SERVICE, { networkMode: "bridge" }), undefined);
  assert.equal(findAddressNeeds({ desiredCount: 1 }, AWSVPC), undefined);
});
