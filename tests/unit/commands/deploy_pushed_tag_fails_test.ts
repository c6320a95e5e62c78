import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { failsToStart } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { imageWithTag, myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { runningDigests } from "../../property/image_run.ts";

/** A deploy of a tag that was pushed again fails, and is rolled back to the image that ran. */

const LATEST = imageWithTag("latest");
const FILES = { ...DEFINITION_FILES, "ecs-task-def.json": JSON.stringify(taskDefinition(4, LATEST)) };
const FAILS = failsToStart("Essential container in task exited");

/** The service runs the image that is returned; the tag names a broken one. */
function pushedBroken(): { emulator: Emulator; ran: string } {
  const deploymentCircuitBreaker = { enable: true, rollback: false };
  const service = { deploymentConfiguration: { deploymentCircuitBreaker } };
  const emulator = myservice({ movingTag: "latest", history: [4], service });
  const ran = emulator.imageDigests(LATEST).at(-1)!;
  emulator.setBehaviour(emulator.setImage(LATEST), FAILS);
  return { emulator, ran };
}

async function run(emulator: Emulator, args: string) {
  const before = emulator.calls.length;
  const ran = await runInProcess(emulator, args.split(" "), { files: FILES });
  emulator.advance(UNTIL_STEADY_MS);
  const operations = emulator.calls.slice(before).map(({ operation }) => operation);
  return { ...ran, operations, writes: operations.filter((name) => !/^(Describe|List)/.test(name)) };
}

const DEPLOY = "deploy --rollback-events DEPLOYMENT_FAILURE --timeout 3m";

Deno.test("a deploy of a pushed tag that fails goes back to the image that ran, by a copy", async () => {
  const { emulator, ran } = pushedBroken();
  const { code, writes, stderr } = await run(emulator, DEPLOY);
  assert.deepEqual([code, writes], [6, ["UpdateService", "RegisterTaskDefinition", "UpdateService"]], stderr);
  assert.match(stderr, /myservice:5, a copy of myservice:4, is live: 2 of 2 tasks/);
  assert.deepEqual(runningDigests(emulator), [{ app: ran }]);
});

Deno.test("the command that is advised where no copy may be registered works once one may", async () => {
  const { emulator, ran } = pushedBroken();
  emulator.inject({ operation: "RegisterTaskDefinition", times: Infinity, effect: accessDenied() });
  const denied = await run(emulator, DEPLOY);
  assert.deepEqual([denied.code, denied.stderr.includes("--pin never")], [6, false], denied.stderr);
  const [, args] = /once that is allowed: ecspresso (.*)$/m.exec(denied.stderr) ?? [];
  assert.ok(args !== undefined, denied.stderr);
  emulator.clearFaults();
  const { code, stderr } = await run(emulator, args);
  assert.equal(code, 0, stderr);
  assert.deepEqual(runningDigests(emulator), [{ app: ran }]);
});

Deno.test("what runs before a deploy is read by no further call where ECS's record shows it", async () => {
  const { emulator } = pushedBroken();
  const without = await run(emulator, "deploy --dry-run");
  const events = await run(emulator, "deploy --dry-run --rollback-events DEPLOYMENT_FAILURE");
  assert.deepEqual(events.operations.toSorted(), without.operations.toSorted());
});
