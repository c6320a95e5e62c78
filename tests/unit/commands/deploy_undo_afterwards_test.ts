import assert from "node:assert/strict";
import { FLEET_DEPLOYS_SCENES } from "../../transcripts/scenes/fleet_deploys.ts";
import { runInProcess } from "../../in_process.ts";

/** Of a deploy that was not to be undone, the last line says how to roll back what it has deployed. */

const { args, world, options } = FLEET_DEPLOYS_SCENES["fleet_deploy_stopped"]!;

Deno.test("where one of many deploys has failed, the last line rolls back the others", async () => {
  const emulator = world!();
  const typed = typeof args === "string" ? args.split(" ") : args;
  const run = await runInProcess(emulator, typed, options);
  assert.equal(run.code, 6);
  const [, command] = /to roll back the 2 that are deployed, too .*: ecspresso (.*)\n$/.exec(run.stderr) ?? [];
  assert.ok(command !== undefined, run.stderr);
  const back = await runInProcess(emulator, command.split(" "), options);
  assert.equal(back.code, 0, back.stderr);
  const { services } = emulator.state();
  const running = [1, 2, 4].map((number) => services[`default/service-000${number}`]!.taskDefinition!.split(":")[1]);
  assert.deepEqual(running, ["2", "2", "2"]);
});

Deno.test("what a run has undone itself is not to be rolled back once more", async () => {
  const { args, world, options } = FLEET_DEPLOYS_SCENES["fleet_deploy_rolled_back"]!;
  const typed = typeof args === "string" ? args.split(" ") : args;
  const { stderr } = await runInProcess(world!(), typed, options);
  assert.doesNotMatch(stderr, /that (?:is|are) deployed/);
});
