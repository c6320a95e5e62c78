import assert from "node:assert/strict";
import { DRY_RUNS, RUNS } from "./how_often.ts";
import { assertDryRunsRight, assertPromisesKept, assertSamePlan, type Tried } from "./keep_promises.ts";
import { checkInvariants } from "./rollback_invariants.ts";
import { arbitraryOptions, observe, type Options } from "./rollback_run.ts";
import { arbitraryWorld } from "./arbitrary_worlds.ts";
import type { WorldSpec } from "./world_spec.ts";
import { outcomeOf } from "./run_invariants.ts";

/**
 * Whatever AWS, other people and the user do during a rollback, the promises hold. `deno task fuzz` tries ten times as
 * many.
 */

const ROLLBACK: Tried<Options> = {
  worlds: arbitraryWorld,
  options: arbitraryOptions,
  observe,
  checkInvariants,
  compare(dry, real) {
    assertSamePlan(dry, real);
    // ECS may complete a deployment that it has taken the order to stop: then another rollback is what helps, as it says.
    const outcome = outcomeOf(real);
    const cameTooLate = real.world.rollbackRequestedMs > 0 && outcome?.kind === "failed" &&
      typeof outcome.reason !== "string" && outcome.reason.code === "completedBeforeStop";
    if (canSucceed(real.world, real.options) && !cameTooLate) {
      assert.ok(real.code === 0 || real.code === 8, "it should have succeeded");
    }
  },
};

let dryRuns = 0;

Deno.test(`${RUNS} random rollbacks keep every promise`, async () => {
  dryRuns = await assertPromisesKept(ROLLBACK, RUNS, DRY_RUNS);
});

Deno.test(`${DRY_RUNS} dry runs write nothing, and their plans are what the real runs do`, async () => {
  const left = DRY_RUNS - dryRuns;
  if (left > 0) await assertDryRunsRight(ROLLBACK, left);
});

/** Where nothing is wrong, the rollback works: or a program that always gives up would keep every promise. */
function canSucceed(world: WorldSpec, options: Options): boolean {
  const isSound = Object.values(world.behaviours).every((name) => name === "healthy");
  // A single task can be replaced neither before it stops nor after, where at most 100 % may run.
  const hasRoom = world.strategy !== "ROLLING" || world.bounds[1] === 200;
  const isNamed = options.naming === "number" || options.naming === "family";
  const isThere = options.revision <= 4 && (options.reregister || !world.inactive.includes(options.revision));
  return isSound && hasRoom && isNamed && isThere && options.timeoutS >= 180;
}
