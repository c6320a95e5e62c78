import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

/** Task definitions that ECS takes, to be made others that it refuses. */

export const app: JsonObject = { name: "app", image: "example/app:1", memory: 128 };
export const side: JsonObject = { name: "side", image: "example/side:1", memory: 128, essential: false };
export const ROLE = "arn:aws:iam::123456789012:role/execution";
export const fargate: JsonObject = {
  family: "f",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  containerDefinitions: [app],
};

export function ofContainers(...containerDefinitions: JsonObject[]): JsonObject {
  return { family: "f", containerDefinitions };
}

/** A task definition for Fargate, whose container has these members besides. */
export function onFargate(members: JsonObject): JsonObject {
  return { ...fargate, executionRoleArn: ROLE, containerDefinitions: [{ ...app, ...members }] };
}

export const NOT_ON_FARGATE = "Fargate compatible task definitions do not support";

export function assertRefused(input: JsonObject, message: string): void {
  const emulator = new Emulator();
  const answer = ask(emulator, "RegisterTaskDefinition", input);
  assert.deepEqual([answer.type, answer.message], ["ClientException", message]);
  assert.deepEqual(emulator.state().taskDefinitions, {});
}
