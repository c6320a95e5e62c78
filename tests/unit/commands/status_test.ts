import assert from "node:assert/strict";
import { accessDenied, throttle } from "../../emulator/faults.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";

const OF_A_STEADY_SERVICE = [
  "DescribeScalableTargets",
  "DescribeServiceRevisions",
  "DescribeServices",
  "ListTagsForResource",
];

async function showStatus(emulator: Emulator) {
  const { code, stdout, stderr } = await runInProcess(emulator, ["status"]);
  const calls = emulator.calls.map(({ operation }) => operation).filter((name) => name !== "DescribeImages");
  return { code, stdout, stderr, calls: calls.toSorted() };
}

Deno.test("status of a service that is steady reads no tasks and no record", async () => {
  const { code, stdout, calls } = await showStatus(myservice());
  assert.equal(code, 0);
  assert.deepEqual(calls, OF_A_STEADY_SERVICE);
  assert.doesNotMatch(stdout, /^Now:/m);
});

Deno.test("status of a failed deployment reads its record, its tasks and its task definition, once each", async () => {
  const { calls } = await showStatus(createScenario("circuit_breaker_tripped"));
  const more = [
    "DescribeServiceDeployments",
    "DescribeTaskDefinition",
    "DescribeTasks",
    "ListServiceDeployments",
    "ListTasks",
  ];
  assert.deepEqual(new Set(calls), new Set([...OF_A_STEADY_SERVICE, ...more]));
  for (const name of more) assert.equal(calls.filter((call) => call === name).length, 1, name);
});

for (const operation of ["ListTasks", "DescribeTasks", "DescribeTaskDefinition", "ListServiceDeployments"]) {
  Deno.test(`status shows a failed deployment without ${operation}`, async () => {
    for (const effect of [accessDenied(), throttle()]) {
      const emulator = createScenario("circuit_breaker_tripped");
      emulator.inject({ operation, times: Infinity, effect });
      const { code, stdout, stderr } = await showStatus(emulator);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^ {2}myservice:4 failed.*$/m);
      // Without tasks no cause is known, and so there is no advice to come after it.
      const label = operation.endsWith("Tasks") ? "next" : "first";
      assert.match(stdout, new RegExp(`^ {2}${label}: ecspresso rollback --revision 3 --from 4$`, "m"));
    }
  });
}
