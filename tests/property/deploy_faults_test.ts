import fc from "fast-check";
import assert from "node:assert/strict";
import { checkInvariants } from "./deploy_invariants.ts";
import { arbitraryDeployWorld, arbitraryOptions, observe } from "./deploy_run.ts";
import { announcedSteps, plannedSteps } from "./deploy_steps.ts";
import { tell } from "./observe_run.ts";
import { arbitraryScript, NOTHING_WRONG } from "./rollback_faults.ts";

/**
 * Whatever AWS, other people and the user do during a deploy, and while it is taken back, the promises hold. A run takes
 * longer than one of a rollback, so there are a quarter as many.
 */

const RUNS = Math.ceil(Number(Deno.env.get("FC_RUNS") ?? 2_000) / 4);
// The tests are the same for everybody; to look for what they do not find is what fuzzing is for.
const seed = Deno.env.get("FC_SEED") ?? (Deno.env.has("FC_RUNS") ? undefined : "20230101");
const path = Deno.env.get("FC_PATH");
const again = seed === undefined ? {} : { seed: Number(seed), ...(path === undefined ? {} : { path }) };

Deno.test(`${RUNS} random deploys keep every promise`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDeployWorld, arbitraryOptions, arbitraryScript, async (world, options, script) => {
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

Deno.test(`${CALM_RUNS} dry runs of a deploy write nothing, and their plans are what the real runs do`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDeployWorld, arbitraryOptions, async (world, asked) => {
      const options = { ...asked, events: [], deregistersFailed: false };
      const dry = await observe(world, { ...options, dryRun: true }, NOTHING_WRONG);
      const real = await observe(world, { ...options, dryRun: false }, NOTHING_WRONG);
      try {
        checkInvariants(dry);
        checkInvariants(real);
        if (dry.code !== 0) {
          return assert.deepEqual([real.code, real.stderr], [dry.code, dry.stderr.replace(" (dry run)", "")]);
        }
        assert.ok(real.code === 0 || real.code > 4, `a dry run approved what ended with ${real.code}`);
        assert.deepEqual(announcedSteps(real.stderr), plannedSteps(dry.stdout));
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${tell(dry)}\n${tell(real)}`);
      }
    }),
    { numRuns: CALM_RUNS, ...again },
  );
});
