import fc from "fast-check";
import assert from "node:assert/strict";
import { arbitraryScript, NOTHING_WRONG } from "./rollback_faults.ts";
import { checkInvariants } from "./rollback_invariants.ts";
import { announcedSteps, plannedSteps } from "./rollback_steps.ts";
import { tell } from "./observe_run.ts";
import { arbitraryOptions, observe, type Options } from "./rollback_run.ts";
import { arbitraryWorld, type WorldSpec } from "./rollback_worlds.ts";

/**
 * Whatever AWS, other people and the user do during a rollback, the promises hold. `deno task fuzz` tries ten times as
 * many; FC_SEED and FC_PATH, which a failure prints, repeat one.
 */

const RUNS = Number(Deno.env.get("FC_RUNS") ?? 2_000);
// The tests are the same for everybody; to look for what they do not find is what fuzzing is for.
const seed = Deno.env.get("FC_SEED") ?? (Deno.env.has("FC_RUNS") ? undefined : "20230101");
const path = Deno.env.get("FC_PATH");
const again = seed === undefined ? {} : { seed: Number(seed), ...(path === undefined ? {} : { path }) };

Deno.test(`${RUNS} random rollbacks keep every promise`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, arbitraryOptions, arbitraryScript, async (world, options, script) => {
      const run = await observe(world, options, script);
      try {
        checkInvariants(run);
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${tell(run)}`);
      }
    }),
    { numRuns: RUNS, ...again },
  );
});

const CALM_RUNS = Math.ceil(RUNS / 10);

Deno.test(`${CALM_RUNS} dry runs write nothing, and their plans are what the real runs do`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, arbitraryOptions, async (world, options) => {
      const dry = await observe(world, { ...options, dryRun: true }, NOTHING_WRONG);
      const real = await observe(world, { ...options, dryRun: false }, NOTHING_WRONG);
      try {
        checkInvariants(dry);
        checkInvariants(real);
        if (dry.code !== 0) {
          return assert.deepEqual([real.code, real.stderr], [dry.code, dry.stderr.replace(" (dry run)", "")]);
        }
        assert.ok(real.code === 0 || real.code > 4, `a dry run approved what ended with ${real.code}`);
        const planned = plannedSteps(dry.stdout);
        // Deregistering is for success only.
        const expected = real.stderr.includes("Service is stable now") || !planned.at(-1)?.startsWith("deregister")
          ? planned
          : planned.slice(0, -1);
        assert.deepEqual(announcedSteps(real.stderr), expected);
        if (canSucceed(world, options)) assert.ok(real.code === 0 || real.code === 8, "it should have succeeded");
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${tell(dry)}\n${tell(real)}`);
      }
    }),
    { numRuns: CALM_RUNS, ...again },
  );
});

/** Where nothing is wrong, the rollback works: or a program that always gives up would keep every promise. */
function canSucceed(world: WorldSpec, options: Options): boolean {
  const isSound = Object.values(world.behaviours).every((name) => name === "healthy");
  // A single task can be replaced neither before it stops nor after, where at most 100 % may run.
  const hasRoom = world.strategy === "BLUE_GREEN" || world.bounds[1] === 200;
  const isNamed = options.naming === "number" || options.naming === "family";
  const isThere = options.revision <= 4 && (options.reregister || !world.inactive.includes(options.revision));
  return isSound && hasRoom && isNamed && isThere && options.timeoutS >= 180;
}
