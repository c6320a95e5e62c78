import assert from "node:assert/strict";
import { sameTaskDefinition } from "../../../src/definitions/compare_task_definitions.ts";
import { ask } from "../../emulator/asking.ts";
import { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../../src/model/json.ts";

const LOCAL: JsonObject = {
  family: "app",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: "0.25 vCPU",
  memory: "0.5 GB",
  containerDefinitions: [{
    name: "app",
    image: "app:1",
    environment: [{ name: "LEVEL", value: "info" }],
    portMappings: [{ containerPort: 80 }],
    healthCheck: { command: ["CMD-SHELL", "true"] },
  }],
};

/** What AWS answers of LOCAL: after the answers that public repositories keep. */
const REGISTERED: JsonObject = {
  taskDefinitionArn: "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/app:1",
  containerDefinitions: [{
    name: "app",
    image: "app:1",
    cpu: 0,
    portMappings: [{ containerPort: 80, hostPort: 80, protocol: "tcp" }],
    essential: true,
    environment: [{ name: "LEVEL", value: "info" }],
    environmentFiles: [],
    mountPoints: [],
    volumesFrom: [],
    healthCheck: { command: ["CMD-SHELL", "true"], interval: 30, timeout: 5, retries: 3 },
    systemControls: [],
  }],
  family: "app",
  networkMode: "awsvpc",
  revision: 1,
  volumes: [],
  status: "ACTIVE",
  requiresAttributes: [{ name: "ecs.capability.task-eni" }],
  placementConstraints: [],
  compatibilities: ["EC2", "FARGATE"],
  requiresCompatibilities: ["FARGATE"],
  cpu: "256",
  memory: "512",
  registeredAt: "2023-01-01T00:00:00.000Z",
  registeredBy: "arn:aws:iam::123456789012:user/somebody",
  tags: [],
};

const tags = (...keys: string[]) => keys.map((key) => ({ key, value: "v" }));

Deno.test("sameTaskDefinition() recognizes a definition in what AWS answers of it", () => {
  assert.equal(sameTaskDefinition(LOCAL, REGISTERED), true);
  assert.equal(sameTaskDefinition(REGISTERED, LOCAL), true);
});

Deno.test("sameTaskDefinition() sees a change", () => {
  assert.equal(sameTaskDefinition({ ...LOCAL, memory: "1 GB" }, REGISTERED), false);
  assert.equal(sameTaskDefinition(LOCAL, { ...REGISTERED, executionRoleArn: "arn:role" }), false);
});

const TAGS: [local: JsonObject, registered: JsonObject, ignored: string[], same: boolean][] = [
  [{}, { tags: tags("a") }, [], true],
  [{ tags: [] }, { tags: tags("a") }, [], true],
  [{ tags: null }, { tags: tags("a") }, [], true],
  [{ tags: tags("a") }, { tags: tags("a") }, [], true],
  [{ tags: tags("a") }, { tags: [] }, [], false],
  [{ tags: tags("a") }, { tags: tags("a", "b") }, [], false],
  [{ tags: tags("a") }, { tags: tags("a", "b") }, ["b"], true],
  [{ tags: tags("a") }, { tags: tags("a", "aws:b") }, [], true],
  // Somebody who writes tags means all of them.
  [{ tags: tags("a") }, { tags: tags("b") }, ["a"], false],
];

for (const [local, registered, ignored, same] of TAGS) {
  const keys = ({ tags }: JsonObject) => JSON.stringify(tags);
  Deno.test(`sameTaskDefinition() of tags ${keys(local)} and ${keys(registered)} without ${ignored}: ${same}`, () => {
    assert.equal(sameTaskDefinition({ ...LOCAL, ...local }, { ...REGISTERED, ...registered }, ignored), same);
  });
}

Deno.test("sameTaskDefinition() recognizes what has been registered", () => {
  const emulator = new Emulator({});
  const local = { ...LOCAL, cpu: "256", memory: "512", tags: tags("b", "a") };
  ask(emulator, "RegisterTaskDefinition", structuredClone(local));
  const { output } = ask(emulator, "DescribeTaskDefinition", { taskDefinition: "app", include: ["TAGS"] });
  assert.equal(sameTaskDefinition(local, { ...output.taskDefinition, tags: output.tags }), true);
  assert.equal(sameTaskDefinition({ ...local, pidMode: "task" }, output.taskDefinition), false);
});
