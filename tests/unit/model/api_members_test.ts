import {
  CreateServiceRequest$,
  RegisterTaskDefinitionRequest$,
  Service$,
  TaskDefinition$,
  UpdateServiceRequest$,
} from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import assert from "node:assert/strict";
import { SERVICE_READ_ONLY, TASK_DEFINITION_READ_ONLY } from "../../../src/model/api_members.ts";

type Schema = Parameters<typeof NormalizedSchema.of>[0];

/** The members of an answer that no request takes, in the order of their names. */
function answerOnly(answer: Schema, ...requests: Schema[]): string[] {
  const namesOf = (schema: Schema) => Object.keys(NormalizedSchema.of(schema).getMemberSchemas());
  const taken = new Set(requests.flatMap(namesOf));
  return namesOf(answer).filter((name) => !taken.has(name)).sort();
}

Deno.test("TASK_DEFINITION_READ_ONLY is what the SDK's model has in answers only", () => {
  assert.deepEqual(
    [...TASK_DEFINITION_READ_ONLY].sort(),
    answerOnly(TaskDefinition$, RegisterTaskDefinitionRequest$),
  );
});

Deno.test("SERVICE_READ_ONLY is what the SDK's model has in answers only", () => {
  const expected = answerOnly(Service$, CreateServiceRequest$, UpdateServiceRequest$);
  assert.deepEqual([...SERVICE_READ_ONLY].sort(), expected);
});
