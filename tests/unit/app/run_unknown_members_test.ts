import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice, taskDefinition } from "../../emulator/myservice.ts";
import { assertUnchanged, filesOf, run, sent, SERVICE, TASK } from "../commands/definition_runs.ts";

/** What ECS may know and the bundled model of its API does not, or neither. */

const ISOLATION = { mode: "STRICT" };
const NEWER = {
  RegisterTaskDefinitionRequest: { futureIsolation: "FutureIsolation" },
  TaskDefinition: { futureIsolation: "FutureIsolation" },
  ContainerDefinition: { futureMode: "String" },
  FutureIsolation: { mode: "String" },
};
const UNKNOWN = filesOf({
  task: {
    ...TASK,
    futureIsolation: ISOLATION,
    containerDefinitions: [{ ...TASK.containerDefinitions[0], futureMode: "A" }],
  },
});

Deno.test("what only ECS knows of a file is sent, compared and shown", async () => {
  const emulator = myservice({ options: { furtherMembers: NEWER } });
  const before = await run(emulator, "diff", UNKNOWN);
  assert.match(before.stdout, /^\+ {2}"futureIsolation": \{$/m);
  const { code, stderr, calls } = await run(emulator, "deploy", UNKNOWN);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /futureIsolation is unknown to ecspresso and is sent to ECS as it is$/m);
  assert.doesNotMatch(stderr, /registered myservice:5 without/);
  const input = sent(calls, "RegisterTaskDefinition");
  assert.deepEqual(input, JSON.parse(UNKNOWN["ecs-task-def.json"]!));
  await assertUnchanged(emulator, UNKNOWN);
  const changed = { ...UNKNOWN, "ecs-task-def.json": UNKNOWN["ecs-task-def.json"]!.replace("STRICT", "LOOSE") };
  const diff = await run(emulator, "diff", changed);
  assert.match(diff.stdout, /^- {4}"mode": "STRICT"\n\+ {4}"mode": "LOOSE"$/m);
  const rollback = await run(emulator, "rollback --revision 4 --dry-run", DEFINITION_FILES);
  assert.match(rollback.stdout, /futureIsolation/, "the plan shows what is lost by going back");
});

Deno.test("what ECS drops of a file is said after it is registered", async () => {
  for (const command of ["register", "deploy --no-wait"]) {
    const { code, stderr } = await run(myservice(), command, UNKNOWN);
    assert.equal(code, 0);
    assert.match(
      stderr,
      /ECS registered myservice:5 without these members of the file: containerDefinitions\.app\.futureMode, futureIsolation\./,
      command,
    );
  }
});

Deno.test("where a copy that lacks something may not be deregistered, what to type is said", async () => {
  const { RegisterTaskDefinitionRequest: _, ...answersOnly } = NEWER;
  const emulator = withDeregistered(answersOnly);
  emulator.inject({ operation: "DeregisterTaskDefinition", effect: accessDenied() });
  const { code, stderr, writes } = await run(emulator, "rollback --revision 5 --reregister", DEFINITION_FILES);
  assert.equal(code, 5);
  assert.match(stderr, /the service is unchanged, and myservice:6 is not to be used: choose another revision/);
  assert.match(stderr, /still to do: aws .*deregister-task-definition --task-definition myservice:6/);
  assert.equal(writes.includes("UpdateService"), false);
});

/** Revision 5 has what only ECS knows, and is deregistered. */
function withDeregistered(furtherMembers: Record<string, Record<string, string>>): Emulator {
  const emulator = myservice({ options: { furtherMembers: NEWER } });
  const containers = taskDefinition(4).containerDefinitions as JsonObject[];
  const containerDefinitions = containers.map((container) => ({ ...container, futureMode: "A" }));
  emulator.registerTaskDefinition({ ...taskDefinition(4), containerDefinitions, futureIsolation: ISOLATION });
  emulator.deregisterTaskDefinition("myservice:5");
  emulator.configure({ furtherMembers });
  return emulator;
}

Deno.test("the copy of --reregister has also what only ECS knows", async () => {
  const emulator = withDeregistered(NEWER);
  const { code, stderr, calls } = await run(emulator, "rollback --revision 5 --reregister", DEFINITION_FILES);
  assert.equal(code, 0, stderr);
  assert.deepEqual(sent(calls, "RegisterTaskDefinition").futureIsolation, ISOLATION);
});

Deno.test("a copy in which ECS drops something is refused: the service is left alone, the copy deregistered", async () => {
  const { RegisterTaskDefinitionRequest: _, ...answersOnly } = NEWER;
  const emulator = withDeregistered(answersOnly);
  const before = emulator.state();
  const planned = await run(emulator, "rollback --revision 5 --reregister --dry-run", DEFINITION_FILES);
  assert.equal(planned.code, 0);
  assert.match(
    planned.stdout,
    /does not know containerDefinitions\.app\.futureMode, futureIsolation of myservice:5\. If/,
  );
  const { code, stderr, writes } = await run(emulator, "rollback --revision 5 --reregister", DEFINITION_FILES);
  // Not 4: that promises that nothing was changed.
  assert.equal(code, 5, stderr);
  assert.match(stderr, /the service is unchanged, and myservice:6 is deregistered again: choose another revision/);
  assert.match(stderr, /cannot roll back .* to a copy of myservice:5: ECS did not keep futureIsolation in the copy/);
  assert.deepEqual(writes, ["RegisterTaskDefinition", "DeregisterTaskDefinition"]);
  assert.deepEqual(emulator.state().services, before.services);
  assert.equal(emulator.state().taskDefinitions["myservice:6"], "INACTIVE");
});

const NEWER_SERVICE = {
  CreateServiceRequest: { futureIsolation: "FutureIsolation" },
  UpdateServiceRequest: { futureIsolation: "FutureIsolation" },
  Service: { futureIsolation: "FutureIsolation" },
  FutureIsolation: { mode: "String" },
};
const UNKNOWN_OF_SERVICE = filesOf({ service: { ...SERVICE, desiredCount: 2, futureIsolation: ISOLATION } });
const NOT_SHOWN =
  /its answer lacks these members of the service definition: futureIsolation\. Remove them from the file/;

/** The files of a service that is there, and of one that is not. */
const FILES_OF_BOTH = ["myservice", "another"].map((name) =>
  Object.fromEntries(
    Object.entries(UNKNOWN_OF_SERVICE).map((
      [file, text],
    ) => [file, text.replace("service: myservice", `service: ${name}`)]),
  )
);

Deno.test("what ECS drops of a service is said after each order, not only that ecspresso does not know it", async () => {
  for (const files of FILES_OF_BOTH) {
    const emulator = myservice();
    for (const _ of ["once", "again"]) {
      const { code, stderr, writes } = await run(emulator, "deploy", files);
      assert.equal(code, 0, stderr);
      assert.equal(writes.length, 1);
      assert.match(stderr, NOT_SHOWN);
    }
  }
});

Deno.test("what only ECS knows of a service is sent once, and no more", async () => {
  for (const files of FILES_OF_BOTH) {
    const emulator = myservice({ options: { furtherMembers: NEWER_SERVICE } });
    const { code, stderr } = await run(emulator, "deploy", files);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, NOT_SHOWN);
    await assertUnchanged(emulator, files);
  }
});
