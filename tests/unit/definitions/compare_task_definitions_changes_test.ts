import assert from "node:assert/strict";
import { findTaskDefinitionChanges } from "../../../src/definitions/compare_task_definitions.ts";
import type { JsonObject } from "../../../src/model/json.ts";

const variable = (name: string, value: string) => ({ name, value });
const secret = (name: string, valueFrom: string) => ({ name, valueFrom });
const task = (container: JsonObject, others: JsonObject = {}): JsonObject => ({
  ...others,
  containerDefinitions: [{ name: "app", image: "app:1", ...container }],
});

Deno.test("findTaskDefinitionChanges() finds nothing between what means the same", () => {
  const [a, b] = [task({ cpu: 0, command: [] }, { family: "a", revision: 4 }), task({ essential: true })];
  assert.deepEqual(findTaskDefinitionChanges(a, b), []);
});

Deno.test("findTaskDefinitionChanges() shows images, sizes, roles and secret references with their values", () => {
  const from = task(
    { image: "app:4", memory: 512, secrets: [secret("DB", "arn:ssm:new"), secret("KEY", "k")] },
    { cpu: "256", taskRoleArn: "arn:role/a", networkMode: "bridge", requiresCompatibilities: [] },
  );
  const to = task(
    { image: "app:3", memory: 1024, secrets: [secret("PIN", "p"), secret("DB", "arn:ssm:old")] },
    { cpu: "512", executionRoleArn: "arn:role/b", networkMode: "host", requiresCompatibilities: ["FARGATE", "EC2"] },
  );
  assert.deepEqual(findTaskDefinitionChanges(from, to), [
    { scope: "task", attribute: "cpu", kind: "changed", from: "256", to: "512" },
    { scope: "task", attribute: "taskRoleArn", kind: "removed", from: "arn:role/a" },
    { scope: "task", attribute: "executionRoleArn", kind: "added", to: "arn:role/b" },
    { scope: "task", attribute: "networkMode", kind: "changed", from: "bridge", to: "host" },
    { scope: "task", attribute: "requiresCompatibilities", kind: "added", to: "EC2, FARGATE" },
    { scope: { container: "app" }, attribute: "image", kind: "changed", from: "app:4", to: "app:3" },
    { scope: { container: "app" }, attribute: "memory", kind: "changed", from: "512", to: "1024" },
    {
      scope: { container: "app" },
      attribute: { kind: "secret", name: "DB" },
      kind: "changed",
      from: "arn:ssm:new",
      to: "arn:ssm:old",
    },
    { scope: { container: "app" }, attribute: { kind: "secret", name: "KEY" }, kind: "removed", from: "k" },
    { scope: { container: "app" }, attribute: { kind: "secret", name: "PIN" }, kind: "added", to: "p" },
  ]);
});

Deno.test("findTaskDefinitionChanges() names environment variables and all else, and shows no value of them", () => {
  const from = task({
    environment: [variable("LEVEL", "s3cret-1"), variable("NEW", "s3cret-2"), variable("SAME", "s3cret-3")],
    command: ["s3cret-4"],
    healthCheck: null,
  }, { volumes: [{ name: "s3cret-8" }] });
  const to = task({
    environment: [variable("SAME", "s3cret-3"), variable("LEVEL", "s3cret-5"), variable("OLD", "s3cret-6")],
    command: ["s3cret-7"],
    healthCheck: { command: ["s3cret-9"] },
  });
  const changes = findTaskDefinitionChanges(from, to);
  assert.deepEqual(changes, [
    { scope: "task", attribute: "volumes", kind: "removed" },
    { scope: { container: "app" }, attribute: { kind: "environment", name: "LEVEL" }, kind: "changed" },
    { scope: { container: "app" }, attribute: { kind: "environment", name: "NEW" }, kind: "removed" },
    { scope: { container: "app" }, attribute: { kind: "environment", name: "OLD" }, kind: "added" },
    { scope: { container: "app" }, attribute: "command", kind: "changed" },
    { scope: { container: "app" }, attribute: "healthCheck", kind: "added" },
  ]);
  assert.doesNotMatch(JSON.stringify(changes), /s3cret/);
});

Deno.test("findTaskDefinitionChanges() shows containers that come and go", () => {
  const containers = (...definitions: JsonObject[]) => ({ containerDefinitions: [{ name: "app" }, ...definitions] });
  const from = containers({ name: "sidecar", image: "proxy:2" }, { name: "old" });
  assert.deepEqual(findTaskDefinitionChanges(from, containers({ name: "agent", image: "agent:1", cpu: 5 })), [
    { scope: { container: "agent" }, attribute: "image", kind: "added", to: "agent:1" },
    { scope: { container: "old" }, attribute: "image", kind: "removed" },
    { scope: { container: "sidecar" }, attribute: "image", kind: "removed", from: "proxy:2" },
  ]);
});
