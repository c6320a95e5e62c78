/** Many runs of `rollback --if-deployed-within` for one bad release: whatever the order of their calls, one rollback. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ask } from "../emulator/asking.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { imageWithTag, myservice } from "../emulator/myservice.ts";
import { runTogether } from "./programs_at_once.ts";
import { RUNS, tries } from "./how_often.ts";

const MINUTE_MS = 60_000;
const ARGS = ["rollback", "--revision", "stable", "--if-deployed-within", "60m", "--reason", "alarm"];

/** Services with a bad release, which 3 was there before. */
const WORLDS: Readonly<Record<string, () => Emulator>> = {
  "deployed": () => released(20 * MINUTE_MS),
  "still being deployed": () => released(20_000),
  "deployed, of a tag that was pushed again": () => released(20 * MINUTE_MS, "latest"),
  "still being deployed, of a tag that was pushed again": () => released(20_000, "latest"),
};

function released(agoMs: number, movingTag?: string): Emulator {
  const emulator = myservice({ history: [2, 3], revisions: 4, ...(movingTag !== undefined && { movingTag }) });
  emulator.advance(60 * MINUTE_MS);
  if (movingTag !== undefined) emulator.setImage(imageWithTag(movingTag));
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(agoMs);
  return emulator;
}

function deploymentsOf(emulator: Emulator): number {
  return ask(emulator, "ListServiceDeployments", { service: "myservice" }).output.serviceDeployments.length;
}

const arbitraryStorm = fc.integer({ min: 2, max: 6 }).chain((count) => {
  const names = Array.from({ length: count }, (_, index) => `alarm ${index}`);
  return fc.record({
    names: fc.constant(names),
    world: fc.constantFrom(...Object.keys(WORLDS)),
    order: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 80 }),
  });
});

Deno.test("a storm of alarms for one release: one rollback, and every run ends well", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryStorm, async ({ names, world, order }) => {
      const emulator = WORLDS[world]!();
      const before = deploymentsOf(emulator);
      const args = Object.fromEntries(names.map((name) => [name, ARGS]));
      const { ended, calls } = await runTogether(emulator, args, order);
      const said = names.map((name) => `${name}: ${ended[name]!.code}\n${ended[name]!.stderr}`).join("\n") +
        calls.map(({ by, operation }) => `${by} ${operation}`).join("\n");
      assert.deepEqual(names.map((name) => ended[name]!.code), names.map(() => 0), said);
      const isStopped = calls.some(({ operation }) => operation === "StopServiceDeployment");
      assert.equal(deploymentsOf(emulator) - before, isStopped ? 0 : 1, said);
      const live = ask(emulator, "DescribeServices", { services: ["myservice"] }).output.services[0].taskDefinition;
      const { taskDefinition } = ask(emulator, "DescribeTaskDefinition", { taskDefinition: live }).output;
      assert.deepEqual([taskDefinition.cpu, taskDefinition.memory], ["256", "1024"], `not what 3 is: ${said}`);
    }),
    tries(Math.ceil(RUNS / 40)),
  );
});
