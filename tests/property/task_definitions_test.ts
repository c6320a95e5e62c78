import fc from "fast-check";
import assert from "node:assert/strict";
import { readDefinition } from "../../src/aws/api_members.ts";
import {
  alignTaskDefinitions,
  findLostMembers,
  sameTaskDefinition,
} from "../../src/definitions/compare_task_definitions.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { ask } from "../emulator/asking.ts";
import { Emulator } from "../emulator/emulator.ts";
import { runInProcess } from "../in_process.ts";
import { writtenTaskDefinitions } from "./arbitrary_task_definitions.ts";
import { RUNS, tries } from "./how_often.ts";

/** A task definition that is registered is known again: nothing is registered, deployed or shown without a change. */

/** What ECS answers of a definition once it is registered. */
function described(emulator: Emulator, input: JsonObject): JsonObject {
  const registered = ask(emulator, "RegisterTaskDefinition", input as never);
  assert.equal(registered.type, undefined, registered.message);
  const { taskDefinition, tags } = ask(emulator, "DescribeTaskDefinition", {
    taskDefinition: "app",
    include: ["TAGS"],
  }).output;
  return { ...taskDefinition, tags };
}

Deno.test("a task definition is registered as it was written, and known again in what ECS answers", () => {
  fc.assert(
    fc.property(writtenTaskDefinitions, fc.boolean(), ({ definition, written }, fillsInAllDefaults) => {
      const { value, problems } = readDefinition("taskDefinition", written);
      assert.deepEqual(problems, []);
      assert.deepEqual(value, readDefinition("taskDefinition", definition).value);
      const answered = described(new Emulator({ fillsInAllDefaults }), value);
      const { local, remote } = alignTaskDefinitions(value, answered);
      assert.deepEqual(remote, local);
      assert.equal(sameTaskDefinition(value, answered), true);
      assert.deepEqual(findLostMembers(value, answered), []);
    }),
    tries(RUNS / 4),
  );
});

function filesOf(definition: JsonObject): Record<string, string> {
  const isAwsvpc = definition.networkMode === "awsvpc";
  const service = {
    launchType: (definition.requiresCompatibilities as string[] | undefined)?.includes("FARGATE") ? "FARGATE" : "EC2",
    desiredCount: 1,
    ...(isAwsvpc && { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } } }),
  };
  return {
    "ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: app\nservice_definition: service.json\n" +
      "task_definition: task.json\n",
    "service.json": JSON.stringify(service),
  };
}

/** Braces of the user's own would be a template. */
function withoutTemplates(json: string): string {
  return json.replaceAll("{{", "{ {").replaceAll("}}", "} }");
}

Deno.test("deploying a file again writes nothing, and its diff is empty", async () => {
  await fc.assert(
    fc.asyncProperty(writtenTaskDefinitions, fc.boolean(), async ({ definition, written }, fillsInAllDefaults) => {
      const files = { ...filesOf(definition), "task.json": withoutTemplates(JSON.stringify(written)) };
      const emulator = new Emulator({ fillsInAllDefaults });
      const first = await runInProcess(emulator, ["deploy", "--no-wait"], { files });
      assert.equal(first.code, 0, first.stderr);
      const before = emulator.state();
      const again = await runInProcess(emulator, ["deploy", "--no-wait"], { files });
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(emulator.state(), before);
      const diff = await runInProcess(emulator, ["diff", "--exit-code"], { files });
      assert.deepEqual([diff.code, diff.stdout], [0, ""], diff.stderr);
      const copy = await runInProcess(emulator, ["register", "--dry-run"], { files });
      assert.deepEqual(JSON.parse(copy.stdout), readDefinition("taskDefinition", definition).value);
    }),
    tries(RUNS / 40),
  );
});
