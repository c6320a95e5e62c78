import assert from "node:assert/strict";
import { checkDefinition, type DefinitionKind } from "../../../src/aws/check_definition.ts";
import type { JsonObject } from "../../../src/ecs/json.ts";

function problems(definition: JsonObject, kind: DefinitionKind = "taskDefinition"): string[] {
  return checkDefinition(kind, definition).map(({ path, problem, isIgnored }) =>
    `${path.join(".")}: ${problem}${isIgnored ? " [ignored]" : ""}`
  );
}

const GOOD: JsonObject = {
  family: "myservice",
  cpu: "256",
  containerDefinitions: [{
    name: "app",
    image: "app:1",
    essential: true,
    memory: 512,
    dockerLabels: { "any.key": "is fine" },
    environment: [{ name: "A", value: "1" }],
    portMappings: [{ containerPort: 80 }],
    command: ["run"],
  }],
  tags: [{ key: "a", value: "b" }],
  taskRoleArn: null,
};

Deno.test("checkDefinition() has nothing to say about what the API has names for", () => {
  assert.deepEqual(problems(GOOD), []);
  const service = {
    serviceName: "s",
    desiredCount: 2,
    networkConfiguration: { awsvpcConfiguration: { subnets: ["a"] } },
  };
  assert.deepEqual(problems(service, "service"), []);
});

Deno.test("checkDefinition() finds what the SDK would silently leave out, and what was meant", () => {
  assert.deepEqual(problems({ ...GOOD, containerDefinition: [], note: "x" }), [
    "containerDefinition: is unknown to ECS and is left out (did you mean containerDefinitions?) [ignored]",
    "note: is unknown to ECS and is left out [ignored]",
  ]);
  assert.deepEqual(problems({ containerDefinitions: [{ enviroment: [] }, { Image: "x" }] }), [
    "containerDefinitions.0.enviroment: is unknown to ECS and is left out (did you mean environment?) [ignored]",
    "containerDefinitions.1.Image: is unknown to ECS and is left out (did you mean image?) [ignored]",
  ]);
});

Deno.test("checkDefinition() finds what is of the wrong type, and names no value", () => {
  const wrong = {
    cpu: 256,
    containerDefinitions: [{
      essential: "yes",
      memory: "s3cret",
      command: "run",
      dockerLabels: { a: 1 },
      environment: {},
    }],
    volumes: ["a"],
  };
  assert.deepEqual(problems(wrong), [
    "cpu: must be a text, not a number (put it in quotes)",
    "containerDefinitions.0.essential: must be a boolean, not a text",
    "containerDefinitions.0.memory: must be a number, not a text",
    "containerDefinitions.0.command: must be a list, not a text",
    "containerDefinitions.0.dockerLabels.a: must be a text, not a number (put it in quotes)",
    "containerDefinitions.0.environment: must be a list, not an object",
    "volumes.0: must be an object, not a text",
  ]);
});

Deno.test("checkDefinition() is not fooled by names that every object has", () => {
  assert.match(
    problems({ constructor: "x", toString: "y" }).join("\n"),
    /^constructor: is unknown[^]*\ntoString: is unknown/,
  );
});
