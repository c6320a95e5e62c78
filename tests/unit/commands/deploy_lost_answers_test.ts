import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { accessDenied, actAfter, dropAfter, dropBefore } from "../../emulator/faults.ts";
import { emptyAnswer } from "../../emulator/foreign_answers.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";
import { BOTH, count, deploy, EVENTS, faulty, NEW_IMAGE, running, TO_3 } from "./deploys.ts";

Deno.test("deploy changes nothing where registering is refused, and gives nothing to the service where its answer is lost", async () => {
  const refused = faulty("RegisterTaskDefinition", accessDenied());
  const before = refused.state();
  const { code, stderr } = await deploy(refused, [...BOTH, ...EVENTS], NEW_IMAGE);
  assert.equal(code, 5);
  assert.match(stderr, /RegisterTaskDefinition failed: AccessDeniedException/);
  assert.deepEqual(refused.state(), before);

  const lost = faulty("RegisterTaskDefinition", dropBefore());
  assert.equal((await deploy(lost, [...BOTH, ...EVENTS], NEW_IMAGE)).code, 5);
  assert.deepEqual([count(lost, "RegisterTaskDefinition"), count(lost, "UpdateService")], [1, 0]);
  assert.deepEqual(lost.state().services, before.services);
  assert.deepEqual(lost.state().scalableTargets, before.scalableTargets);
});

Deno.test("deploy finds what it has registered after a lost answer, and what is older or says something else is not that", async () => {
  for (const effect of [dropAfter(), emptyAnswer({ applied: true })]) {
    const lost = faulty("RegisterTaskDefinition", effect);
    const { code, stderr } = await deploy(lost, [], NEW_IMAGE);
    assert.deepEqual([code, count(lost, "RegisterTaskDefinition"), running(lost)], [0, 1, "myservice:5"], stderr);
  }
  const older = myservice();
  assert.equal((await deploy(older, [], NEW_IMAGE)).code, 0);
  older.advance(60_000);
  older.inject({ operation: "RegisterTaskDefinition", effect: dropBefore() });
  assert.equal((await runInProcess(older, ["register"], NEW_IMAGE)).code, 5, "the same, but older than the order");
  const other = faulty("RegisterTaskDefinition", dropBefore());
  other.inject({
    operation: "RegisterTaskDefinition",
    effect: actAfter((emulator) =>
      void emulator.registerTaskDefinition({ family: "myservice", containerDefinitions: [] })
    ),
  });
  assert.equal((await deploy(other, [], NEW_IMAGE)).code, 5, "somebody else's");
});

Deno.test("deploy restores scaling and rolls nothing back where UpdateService is refused", async () => {
  const emulator = faulty("UpdateService", accessDenied());
  const before = emulator.state();
  const { code } = await deploy(emulator, ["--revision", "3", ...BOTH, ...EVENTS]);
  assert.equal(code, 5);
  assert.deepEqual(emulator.state(), before);
  assert.equal(count(emulator, "UpdateService"), 1);
});

Deno.test("deploy finds its deployment after a lost answer of UpdateService, and sends it once", async () => {
  const emulator = faulty("UpdateService", dropAfter());
  assert.equal((await deploy(emulator, ["--revision", "3"])).code, 0);
  assert.deepEqual([running(emulator), count(emulator, "UpdateService")], ["myservice:3", 1]);
  const failing = faulty("UpdateService", dropAfter(), createScenario("circuit_breaker"));
  assert.equal((await deploy(failing, [...TO_3, ...EVENTS])).code, 6);
  assert.deepEqual([running(failing), count(failing, "UpdateService")], ["myservice:4", 2], "one there, one back");
});

Deno.test("deploy reads back what starts no deployment after a lost answer of UpdateService, and sends it once", async () => {
  const exec = changedFiles("ecs-service-def.json", '"launchType"', '"enableExecuteCommand": true, "launchType"');
  for (const [args, files] of [[["--tasks", "5"], DEFINITION_FILES], [["--latest-task-definition"], exec]] as const) {
    for (const effect of [dropAfter(), emptyAnswer({ applied: true })]) {
      const emulator = faulty("UpdateService", effect);
      const { code, stderr } = await deploy(emulator, [...args, "--no-wait"], { files });
      assert.deepEqual([code, count(emulator, "UpdateService")], [0, 1], stderr);
    }
    const lost = faulty("UpdateService", dropBefore());
    const { code, stderr } = await deploy(lost, args, { files });
    assert.deepEqual([code, count(lost, "UpdateService")], [5, 1], stderr);
    assert.match(stderr, /unknown, may be in flight: the service was not seen to have \w+ as ordered/);
  }
});
