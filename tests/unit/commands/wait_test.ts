import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";

/** `wait` after an order that nobody has waited for: whenever it begins, it reports the same end. */

const BEGINS_AFTER_MS = [0, 5_000, 20_000, 45_000, 70_000, 100_000, 300_000, 3_600_000];
const options = { files: DEFINITION_FILES };

async function orderThenWait(emulator: Emulator, order: readonly string[], afterMs: number) {
  assert.equal((await runInProcess(emulator, [...order, "--no-wait"], options)).code, 0);
  emulator.advance(afterMs);
  return await runInProcess(emulator, ["wait"], options);
}

const DEPLOY = ["deploy", "--revision", "3", "--preflight", "off"];
const CASES: [string, () => Emulator, readonly string[], number, RegExp][] = [
  ["a deploy that works", myservice, DEPLOY, 0, /Service is stable now/],
  ["a deploy that ECS turns back", () => createScenario("circuit_breaker_rollback"), DEPLOY, 6, /ECS .*myservice:4/],
  ["a deploy that fails", () => createScenario("circuit_breaker"), DEPLOY, 6, /Deployment of myservice:3 failed: /],
  [
    "a rollback that stops the deployment under way",
    () => myservice({ behaviours: { 4: crashLoop() } }),
    ["rollback", "--revision", "3"],
    0,
    /Service is stable now/,
  ],
  ["a blue/green deploy", () => createScenario("blue_green"), DEPLOY, 0, /Service is stable now/],
];

for (const [name, world, order, code, words] of CASES) {
  Deno.test(`wait ends with ${code} after ${name}, whenever it begins`, async () => {
    for (const afterMs of BEGINS_AFTER_MS) {
      const waited = await orderThenWait(world(), order, afterMs);
      assert.equal(waited.code, code, `${afterMs} ms later:\n${waited.stderr}`);
      assert.match(waited.stderr, words, `${afterMs} ms later`);
    }
  });
}
