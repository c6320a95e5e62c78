/** Two or three runs at the same time that are to roll back the same services: whatever the order of their calls. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Emulator } from "../emulator/emulator.ts";
import { fleet, fleetService } from "../emulator/fleet.ts";
import { imageWithTag } from "../emulator/myservice.ts";
import { runUntil } from "../killed_run.ts";
import { FLEETS, tries } from "./how_often.ts";
import { runTogether } from "./programs_at_once.ts";

type Which = "first" | "second" | "third";

interface AtOnce {
  readonly services: number;
  readonly runs: readonly Which[];
  /** By a plan file that was made before; or each of them counts what is previous itself. */
  readonly isPlanned: boolean;
  readonly scales: boolean;
  /** The tag of the target was pushed again: a copy that names the digest is registered. */
  readonly hasMovedTag: boolean;
  readonly order: readonly Which[];
}

const arbitraryWhich = fc.constantFrom<Which>("first", "second", "third");
const arbitraryAtOnce: fc.Arbitrary<AtOnce> = fc.record({
  services: fc.integer({ min: 1, max: 6 }),
  runs: fc.constantFrom<readonly Which[]>(["first", "second"], ["first", "second", "third"]),
  isPlanned: fc.boolean(),
  scales: fc.boolean(),
  hasMovedTag: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  order: fc.array(arbitraryWhich, { minLength: 1, maxLength: 60 }),
});

const PLAN = "plan.json";
const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };

function world({ services, hasMovedTag }: AtOnce): Emulator {
  const emulator = fleet({ services, deployed: 3 });
  if (hasMovedTag) emulator.setImage(imageWithTag("1.2.0"));
  for (const service of names(services)) {
    emulator.registerScalableTarget({
      ResourceId: `service/default/${service}`,
      ...{ MinCapacity: 1, MaxCapacity: 4, SuspendedState: PRIOR },
    });
  }
  return emulator;
}

const names = (services: number) => Array.from({ length: services }, (_, index) => fleetService(index + 1));

function argsOf({ services, scales }: AtOnce): string[] {
  return [
    ...["rollback", ...names(services).flatMap((service) => ["--service", service]), "--region", "ap-northeast-1"],
    ...["--revision", "previous", ...(scales ? ["--suspend-auto-scaling", "--resume-auto-scaling"] : [])],
  ];
}

Deno.test("several runs of the same at once: each service goes back once, and all end well", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryAtOnce, async (atOnce) => {
      const { services, runs, isPlanned, order } = atOnce;
      const emulator = world(atOnce);
      const { scalableTargets } = emulator.state();
      const typed = argsOf(atOnce);
      const files = isPlanned ? (await runUntil(emulator, [...typed, "--dry-run", "--plan-out", PLAN])).files : {};
      const args = isPlanned ? ["rollback", "--plan", PLAN] : typed;
      const all = Object.fromEntries(runs.map((name) => [name, args])) as Record<Which, string[]>;
      const from = emulator.calls.length;
      const { ended, calls } = await runTogether(emulator, all, order, files);
      const said = `${JSON.stringify(atOnce)}\n${runs.map((name) => ended[name].stderr).join("\n----\n")}\n` +
        calls.map(({ by, operation }) => `${by} ${operation}`).join("\n");
      for (const name of runs) assert.equal(ended[name].code, 0, said);
      for (const service of names(services)) assertBackOnce(emulator, service, from, said);
      assert.deepEqual(emulator.state().scalableTargets, scalableTargets, said);
    }),
    tries(Math.ceil(FLEETS / 2)),
  );
});

/** ECS starts one deployment where the same is ordered twice. */
function assertBackOnce(emulator: Emulator, service: string, from: number, said: string): void {
  const { taskDefinition } = emulator.state().services[`default/${service}`]!;
  const orders = emulator.calls.slice(from).filter(({ operation, applied, input }) =>
    operation === "UpdateService" && applied && input?.service === service
  );
  const ordered = new Set(orders.map(({ input }) => String(input?.taskDefinition).split("/").at(-1)));
  assert.deepEqual([...ordered], [taskDefinition], `${service}: one order, or the same\n${said}`);
}
