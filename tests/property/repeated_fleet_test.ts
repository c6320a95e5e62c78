import fc from "fast-check";
import assert from "node:assert/strict";
import { crashLoop, healthy } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { definitionOf, fleet, fleetService } from "../emulator/fleet.ts";
import { isRead } from "../emulator/operations.ts";
import { runUntil } from "../killed_run.ts";
import { FLEETS, tries } from "./how_often.ts";

/** A rollback of many is killed anywhere, and typed again: at once or hours later, until it has nothing left to do. */

/** What is with a service before the first run; each runs revision 3, and is to go back to 2. */
const STATES = ["released", "backForLong", "goingBack", "releasedAgain", "crashesAtFirst"] as const;

const arbitraryRun = fc.record({
  services: fc.array(
    fc.record({
      state: fc.oneof({ weight: 6, arbitrary: fc.constant("released" as const) }, fc.constantFrom(...STATES)),
      wave: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 2, maxLength: 8 },
  ),
  choice: fc.constantFrom("previous", "stable"),
  onFailure: fc.constantFrom("continue", "stop"),
  parallel: fc.integer({ min: 1, max: 8 }),
  deaths: fc.array(
    fc.record({ call: fc.integer({ min: 1, max: 80 }), moment: fc.constantFrom("before", "after") }),
    { minLength: 1, maxLength: 2 },
  ),
  laterMs: fc.constantFrom(0, 20_000, 600_000, 5 * 3_600_000),
});

type RepeatedRun = typeof arbitraryRun extends fc.Arbitrary<infer Spec> ? Spec : never;

const HOURS_MS = 5 * 3_600_000;

function worldOf({ services }: RepeatedRun): Emulator {
  const emulator = fleet({ services: services.length, deployed: 2 });
  emulator.advance(HOURS_MS);
  const update = (number: number, revision: number) =>
    emulator.updateService({ service: fleetService(number), taskDefinition: `${fleetService(number)}:${revision}` });
  const inState = (...states: readonly string[]) =>
    services.flatMap(({ state }, index) => states.includes(state) ? [index + 1] : []);
  services.forEach((_, index) => {
    emulator.registerTaskDefinition(definitionOf(fleetService(index + 1), 3));
    update(index + 1, 3);
  });
  emulator.advance(HOURS_MS);
  for (const number of inState("backForLong", "releasedAgain")) update(number, 2);
  emulator.advance(HOURS_MS);
  for (const number of inState("releasedAgain")) update(number, 3);
  emulator.advance(HOURS_MS);
  for (const number of inState("goingBack")) update(number, 2);
  emulator.advance(3_000);
  for (const number of inState("crashesAtFirst")) emulator.setBehaviour(`${fleetService(number)}:2`, crashLoop());
  return emulator;
}

function filesOf({ services }: RepeatedRun): Record<string, string> {
  const entries = services.map(({ wave }, index) =>
    `  - service: ${fleetService(index + 1)}\n    region: ap-northeast-1\n    wave: ${wave}\n`
  );
  return { "fleet.yml": `services:\n${entries.join("")}` };
}

const MAX_RUNS = 4;

async function runToTheEnd(spec: RepeatedRun): Promise<{ emulator: Emulator; code: number | undefined; log: string }> {
  const { choice, onFailure, parallel, deaths, laterMs, services } = spec;
  const emulator = worldOf(spec);
  const args = [
    ...["rollback", "--fleet", "fleet.yml", "--revision", choice, "--fail-after", "3"],
    ...["--on-failure", onFailure, "--parallel", String(parallel)],
  ];
  const log: string[] = [];
  for (const death of deaths) {
    log.push((await runUntil(emulator, args, filesOf(spec), death)).stderr);
    emulator.advance(laterMs);
  }
  // What kept tasks from starting is mended meanwhile.
  services.forEach((_, index) => emulator.setBehaviour(`${fleetService(index + 1)}:2`, healthy()));
  let code: number | undefined;
  for (let runs = 0; code !== 0 && runs < MAX_RUNS; runs++) {
    const { code: ended, stderr } = await runUntil(emulator, args, filesOf(spec));
    code = ended;
    log.push(stderr);
    emulator.advance(laterMs);
  }
  return { emulator, code, log: log.join("\n---\n") };
}

Deno.test(`${FLEETS} rollbacks of many that are killed and repeated leave no service behind, and roll none back twice`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (spec) => {
      const { emulator, code, log } = await runToTheEnd(spec);
      assert.equal(code, 0, log);
      spec.services.forEach(({ state }, index) => {
        const service = fleetService(index + 1);
        assert.equal(emulator.state().services[`default/${service}`]!.taskDefinition, `${service}:2`, log);
        const orders = emulator.calls.filter(({ operation, applied, input }) =>
          applied && !isRead(operation) && input?.service === service
        );
        const most = state === "backForLong" || state === "goingBack" ? 0 : 1;
        assert.equal(orders.length, most, `${service} got ${orders.length} orders\n${log}`);
      });
    }),
    tries(FLEETS),
  );
});
