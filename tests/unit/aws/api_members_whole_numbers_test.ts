import assert from "node:assert/strict";
import { CreateServiceRequest$, RegisterTaskDefinitionRequest$, UpdateServiceRequest$ } from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import { FRACTION_MEMBERS, readDefinition } from "../../../src/aws/api_members.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { describeProblem } from "../../../src/report/messages/config_problem_text.ts";
import { tableOf } from "../../emulator/api/tables.ts";

function problems(definition: JsonObject, kind: "taskDefinition" | "service" = "taskDefinition"): string[] {
  return readDefinition(kind, definition).problems
    .map(({ path, problem }) => describeProblem({ code: "member", path: path.join("."), problem }));
}

const UNKNOWN = "is unknown to ecspresso and is sent to ECS as it is";

Deno.test("readDefinition() refuses a fraction, or more than 32 bits, where AWS takes whole numbers only", () => {
  const task = {
    containerDefinitions: [{ memory: 512.5, portMappings: [{ containerPort: 80.5, hostPort: 4_294_967_296 }] }],
  };
  assert.deepEqual(problems(task), [
    "containerDefinitions.0.memory must be a whole number, without a fraction",
    "containerDefinitions.0.portMappings.0.containerPort must be a whole number, without a fraction",
    "containerDefinitions.0.portMappings.0.hostPort must be a whole number, at most 2147483647",
  ]);
  const service = {
    desiredCount: 1.5,
    deploymentConfiguration: { maximumPercent: 150, linearConfiguration: { stepPercent: 12.5 } },
    futureNumber: 0.5,
  };
  assert.deepEqual(problems(service, "service"), [
    "desiredCount must be a whole number, without a fraction",
    `futureNumber ${UNKNOWN}`,
  ]);
});

/** Every number of both definitions that the SDK knows, as `Structure.member`. */
function numbersOfSdk(): string[] {
  const roots = [RegisterTaskDefinitionRequest$, CreateServiceRequest$, UpdateServiceRequest$];
  const pending = roots.map((root) => NormalizedSchema.of(root));
  const seen = new Set<string>();
  const found: string[] = [];
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    if (schema.isListSchema() || schema.isMapSchema()) {
      pending.push(schema.getValueSchema());
      continue;
    }
    const name = schema.isStructSchema() ? schema.getName()! : "";
    if (name === "" || seen.has(name)) continue;
    seen.add(name);
    for (const [member, inner] of Object.entries(schema.getMemberSchemas())) {
      if (inner.isNumericSchema()) found.push(`${name.split("#").at(-1)}.${member}`);
      else pending.push(inner);
    }
  }
  return found.sort();
}

Deno.test("every number of a definition is a whole one of 32 bits in AWS's model, but for FRACTION_MEMBERS", () => {
  const { shapes } = tableOf("ecs");
  const numbers = numbersOfSdk();
  assert.ok(numbers.length > 50, numbers.join());
  for (const path of numbers) {
    const [structure, member] = path.split(".") as [string, string];
    const { type } = shapes[shapes[structure]!.members![member]!]!;
    assert.equal(type, FRACTION_MEMBERS[structure]?.includes(member) ? "double" : "integer", path);
  }
});

Deno.test("readDefinition() takes what fits an Integer, and says by how much a number does not", () => {
  const problemOf = (desiredCount: number) => problems({ desiredCount }, "service").join();
  for (const value of [0, -1, 80, 80.0, 2_147_483_647, -2_147_483_648]) assert.equal(problemOf(value), "");
  for (const value of [0.5, -80.5, Number.NaN]) assert.match(problemOf(value), /without a fraction/);
  for (const value of [2_147_483_648, Infinity]) assert.match(problemOf(value), /at most 2147483647/);
  for (const value of [-2_147_483_649, -Infinity]) assert.match(problemOf(value), /at least -2147483648/);
});
