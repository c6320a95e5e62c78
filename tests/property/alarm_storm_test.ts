/** Many alarms for one bad release, each of which starts the task of `examples/automatic`: one rollback, whatever the order. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { argumentsFor, readTemplate } from "../automatic_template.ts";
import { BAD_RELEASES } from "../bad_releases.ts";
import { ask } from "../emulator/asking.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { runWithEvents } from "../run_with_events.ts";
import { RUNS, tries } from "./how_often.ts";
import { runTogether } from "./programs_at_once.ts";

const template = await readTemplate();

type World = keyof typeof BAD_RELEASES;
const WORLDS = Object.keys(BAD_RELEASES) as World[];

function deploymentsOf(emulator: Emulator): number {
  return ask(emulator, "ListServiceDeployments", { service: "myservice" }).output.serviceDeployments.length;
}

/** What runs is what 3 was: 3 itself, or a copy of it. */
function assertBack(emulator: Emulator, said: string): void {
  const { taskDefinition: live } = ask(emulator, "DescribeServices", { services: ["myservice"] }).output.services[0];
  const { taskDefinition } = ask(emulator, "DescribeTaskDefinition", { taskDefinition: live }).output;
  assert.deepEqual([taskDefinition.cpu, taskDefinition.memory], ["256", "1024"], `it is not back: ${said}`);
}

/** Starts a task for each alarm at once; checks that there is one rollback, and that every task ends well. */
async function storm(world: World, alarms: readonly string[], order: readonly string[]): Promise<Emulator> {
  const emulator = BAD_RELEASES[world]();
  const before = deploymentsOf(emulator);
  const args = Object.fromEntries(
    alarms.map((alarmName) => [alarmName, argumentsFor(template, { detail: { alarmName } })]),
  );
  const { ended, calls } = await runTogether(emulator, args, order);
  const said = alarms.map((alarm) => `${alarm}: ${ended[alarm]!.code}\n${ended[alarm]!.stderr}`).join("\n") +
    calls.map(({ by, operation }) => `${by} ${operation}`).join("\n");
  assert.deepEqual(alarms.map((alarm) => ended[alarm]!.code), alarms.map(() => 0), said);
  const isStopped = calls.some(({ operation }) => operation === "StopServiceDeployment");
  assert.equal(deploymentsOf(emulator) - before, isStopped ? 0 : 1, said);
  assertBack(emulator, said);
  return emulator;
}

function alarms(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `alarm ${index + 1}`);
}

for (const world of WORLDS) {
  for (const count of [1, 2, 20]) {
    Deno.test(`${count} at once, for a release that is ${world}: one rollback, and later alarms change nothing`, async () => {
      const emulator = await storm(world, alarms(count), alarms(count));
      const calls = emulator.calls.length;
      for (const afterMs of [0, 30 * 60_000]) {
        emulator.advance(afterMs);
        const args = argumentsFor(template, { detail: { alarmName: "late" } });
        const { code, stderr, events } = await runWithEvents(emulator, args);
        assert.equal(code, 0, stderr);
        const skipped = events.flatMap((event) => event.kind === "planned" ? [event.plan.skipped] : [])[0];
        assert.ok(skipped?.code === "goesBackAlready" && skipped.state === "done", stderr);
        assert.equal(skipped.from?.revision, 4, stderr);
      }
      const since = emulator.calls.slice(calls).map(({ operation }) => operation);
      assert.deepEqual(since.filter((name) => /^(?:Update|Stop|Register)/.test(name)), []);
    });
  }
}

const arbitraryStorm = fc.integer({ min: 2, max: 6 }).chain((count) =>
  fc.record({
    names: fc.constant(alarms(count)),
    world: fc.constantFrom(...WORLDS),
    order: fc.array(fc.constantFrom(...alarms(count)), { minLength: 1, maxLength: 80 }),
  })
);

Deno.test("in whichever order the calls of a storm come: one rollback, and every run ends well", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryStorm, async ({ names, world, order }) => void await storm(world, names, order)),
    tries(Math.ceil(RUNS / 40)),
  );
});
