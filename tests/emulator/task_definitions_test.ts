import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";

const containerDefinitions = [{ name: "app", image: "example/app:1", memory: 128 }];

function listed(emulator: Emulator, input: JsonObject = {}): string[] {
  return ask(emulator, "ListTaskDefinitions", { familyPrefix: "myservice", ...input }).output.taskDefinitionArns
    .map((arn: string) => arn.slice(arn.lastIndexOf(":") + 1));
}

const deregister = (emulator: Emulator, ...revisions: number[]) =>
  revisions.forEach((revision) => emulator.deregisterTaskDefinition(`myservice:${revision}`));

Deno.test("deleted revisions are DELETE_IN_PROGRESS until nothing uses them, and then gone", () => {
  const emulator = createScenario("healthy");
  deregister(emulator, 1, 4);
  const { taskDefinitions, failures } =
    ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: ["myservice:1", "myservice:4"] }).output;
  assert.deepEqual(failures, []);
  assert.deepEqual(
    taskDefinitions.map((one: JsonObject) => [one.status, one.deleteRequestedAt]),
    Array(2).fill(["DELETE_IN_PROGRESS", emulator.now() / 1000]),
  );
  emulator.advance(59_999);
  assert.deepEqual(listed(emulator, { status: "DELETE_IN_PROGRESS", sort: "DESC" }), ["4", "1"]);
  emulator.advance(1);
  assert.deepEqual(listed(emulator, { status: "DELETE_IN_PROGRESS" }), ["4"]);
  const described = (revision: number) =>
    ask(emulator, "DescribeTaskDefinition", { taskDefinition: `myservice:${revision}` });
  assert.equal(described(1).message, "Unable to describe task definition.");
  assert.equal(described(4).output.taskDefinition.status, "DELETE_IN_PROGRESS");
  assert.equal(emulator.describeService("myservice").runningCount, 2);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(300_000);
  assert.deepEqual(listed(emulator, { status: "DELETE_IN_PROGRESS" }), []);
});

Deno.test("DeleteTaskDefinitions reports what it cannot delete, and takes ten at most", () => {
  const emulator = createScenario("healthy");
  deregister(emulator, 1);
  const asked = ["myservice:1", "myservice:2", "myservice:9", "myservice"];
  const { taskDefinitions, failures } = ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: asked }).output;
  assert.deepEqual(taskDefinitions.map(({ revision }: JsonObject) => revision), [1]);
  assert.deepEqual(failures.map(({ arn }: JsonObject) => arn), [
    "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:2",
    "myservice:9",
    "myservice",
  ]);
  assert.match(failures[0].reason, /still in ACTIVE status/);
  assert.match(failures[1].reason, /does not exist/);
  const eleven = Array.from({ length: 11 }, (_, index) => `myservice:${index + 1}`);
  const refused = ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: eleven });
  assert.deepEqual([refused.type, refused.message], [
    "InvalidParameterException",
    "You can delete up to 10 task definitions at a time.",
  ]);
});

Deno.test("a revision that is being deleted is refused at once, whatever the delay for deregistered ones", () => {
  const emulator = createScenario("inactive_enforcement_delay");
  const update = () => ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" }).type;
  ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: ["myservice:3"] });
  assert.equal(update(), "ClientException");
});

Deno.test("a family whose last revision was deleted goes on counting", () => {
  const emulator = new Emulator();
  const register = () => emulator.registerTaskDefinition({ family: "f", containerDefinitions });
  register();
  emulator.deregisterTaskDefinition("f:1");
  ask(emulator, "DeleteTaskDefinitions", { taskDefinitions: ["f:1"] });
  emulator.advance(60_000);
  assert.deepEqual(ask(emulator, "ListTaskDefinitionFamilies").output.families, []);
  assert.equal((register().taskDefinition as JsonObject).revision, 2);
});

Deno.test("tags are registered, described and listed; they are not part of the task definition", () => {
  const emulator = new Emulator();
  const tags = [{ key: "ecspresso:copied-from", value: "f:1" }];
  const registered = ask(emulator, "RegisterTaskDefinition", { family: "f", containerDefinitions, tags }).output;
  assert.deepEqual(registered.tags, tags);
  assert.equal("tags" in registered.taskDefinition, false);
  const describe = (input: JsonObject) =>
    ask(emulator, "DescribeTaskDefinition", { taskDefinition: "f", ...input }).output;
  assert.deepEqual(describe({ include: ["TAGS"] }).tags, tags);
  assert.equal("tags" in describe({}), false);
  const resourceArn = registered.taskDefinition.taskDefinitionArn;
  ask(emulator, "TagResource", { resourceArn, tags: [{ key: "a", value: "b" }] });
  ask(emulator, "UntagResource", { resourceArn, tagKeys: ["ecspresso:copied-from"] });
  assert.deepEqual(ask(emulator, "ListTagsForResource", { resourceArn }).output.tags, [{ key: "a", value: "b" }]);
});

Deno.test("tags of ECS keep to AWS's limits", async (t) => {
  const table: [string, JsonObject[]][] = [
    ["an empty key", [{ key: "", value: "x" }]],
    ["a long key", [{ key: "k".repeat(129), value: "x" }]],
    ["a long value", [{ key: "k", value: "x".repeat(257) }]],
    ["a key of AWS's own", [{ key: "aws:k", value: "x" }]],
    ["characters", [{ key: "k", value: "{}" }]],
    ["too many", Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: "" }))],
  ];
  for (const [name, tags] of table) {
    await t.step(name, () => {
      const emulator = new Emulator();
      const { type } = ask(emulator, "RegisterTaskDefinition", { family: "f", containerDefinitions, tags });
      assert.equal(type, "InvalidParameterException");
      assert.deepEqual(emulator.state().taskDefinitions, {});
    });
  }
});

Deno.test("a family of ten thousand revisions is listed in pages of a hundred, either way", () => {
  const emulator = myservice({ revisions: 10_000, history: [9_999, 10_000] });
  for (const [sort, first, last] of [["ASC", "1", "10000"], ["DESC", "10000", "1"]] as const) {
    const pages: string[][] = [];
    let nextToken: string | undefined;
    do {
      const input = { familyPrefix: "myservice", sort, nextToken };
      const { taskDefinitionArns, nextToken: next } = ask(emulator, "ListTaskDefinitions", input).output;
      pages.push(taskDefinitionArns);
      nextToken = next;
    } while (nextToken);
    assert.deepEqual([pages.length, new Set(pages.flat()).size], [100, 10_000]);
    assert.ok(pages.every((page) => page.length === 100));
    assert.match(pages[0]![0]!, new RegExp(`:${first}$`));
    assert.match(pages[99]![99]!, new RegExp(`:${last}$`));
  }
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:10000");
});
