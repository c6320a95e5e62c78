import assert from "node:assert/strict";
import { compareTaskDefinitions } from "../../../../src/rollout/plan/compare_task_definitions.ts";
import { container, taskDefinition } from "../../made_up.ts";

Deno.test("compareTaskDefinitions() finds nothing between equals", () => {
  const same = { containers: [container()] };
  assert.deepEqual(compareTaskDefinitions(taskDefinition(4, same), taskDefinition(3, same)), []);
});

Deno.test("compareTaskDefinitions() shows images, sizes, roles and secret references with their values", () => {
  const from = taskDefinition(4, {
    cpu: "256",
    taskRoleArn: "arn:role/a",
    containers: [container({ image: "app:4", memory: 512, secrets: new Map([["DB", "arn:ssm:new"], ["KEY", "k"]]) })],
  });
  const to = taskDefinition(3, {
    cpu: "512",
    executionRoleArn: "arn:role/b",
    containers: [container({ image: "app:3", memory: 1024, secrets: new Map([["DB", "arn:ssm:old"], ["PIN", "p"]]) })],
  });
  assert.deepEqual(compareTaskDefinitions(from, to), [
    { scope: "task", attribute: "cpu", kind: "changed", from: "256", to: "512" },
    { scope: "task", attribute: "taskRoleArn", kind: "removed", from: "arn:role/a" },
    { scope: "task", attribute: "executionRoleArn", kind: "added", to: "arn:role/b" },
    { scope: "container app", attribute: "image", kind: "changed", from: "app:4", to: "app:3" },
    { scope: "container app", attribute: "memory", kind: "changed", from: "512", to: "1024" },
    { scope: "container app", attribute: "secret DB", kind: "changed", from: "arn:ssm:new", to: "arn:ssm:old" },
    { scope: "container app", attribute: "secret KEY", kind: "removed", from: "k" },
    { scope: "container app", attribute: "secret PIN", kind: "added", to: "p" },
  ]);
});

Deno.test("compareTaskDefinitions() names environment variables and all else, and shows no value of them", () => {
  const from = container({
    environment: new Map([["LEVEL", "s3cret-1"], ["NEW", "s3cret-2"], ["SAME", "s3cret-3"]]),
    others: new Map([["command", '["s3cret-4"]']]),
  });
  const to = container({
    environment: new Map([["LEVEL", "s3cret-5"], ["OLD", "s3cret-6"], ["SAME", "s3cret-3"]]),
    others: new Map([["command", '["s3cret-7"]'], ["healthCheck", "{}"]]),
  });
  const changes = compareTaskDefinitions(
    taskDefinition(4, { containers: [from], others: new Map([["volumes", "s3cret-8"]]) }),
    taskDefinition(3, { containers: [to] }),
  );
  assert.deepEqual(changes, [
    { scope: "task", attribute: "volumes", kind: "removed" },
    { scope: "container app", attribute: "environment LEVEL", kind: "changed" },
    { scope: "container app", attribute: "environment NEW", kind: "removed" },
    { scope: "container app", attribute: "environment OLD", kind: "added" },
    { scope: "container app", attribute: "command", kind: "changed" },
    { scope: "container app", attribute: "healthCheck", kind: "added" },
  ]);
  assert.doesNotMatch(JSON.stringify(changes), /s3cret/);
});

Deno.test("compareTaskDefinitions() shows containers that come and go", () => {
  const from = taskDefinition(4, { containers: [container(), container({ name: "sidecar", image: "proxy:2" })] });
  const to = taskDefinition(3, { containers: [container(), container({ name: "agent", image: "agent:1" })] });
  assert.deepEqual(compareTaskDefinitions(from, to), [
    { scope: "container agent", attribute: "image", kind: "added", to: "agent:1" },
    { scope: "container sidecar", attribute: "image", kind: "removed", from: "proxy:2" },
  ]);
});
