/** Random runs of a command that moves a service, and what has to hold for all of them. */
import fc from "fast-check";
import assert from "node:assert/strict";
import { tries } from "./how_often.ts";
import { type CommonOptions, describeRun, type Observed } from "./observe_run.ts";
import { arbitraryScript, NOTHING_WRONG, type Script } from "./rollback_faults.ts";
import { checkReplay, hasSucceeded } from "./run_invariants.ts";
import type { WorldSpec } from "./rollback_worlds.ts";

/** A command, the worlds and options that it is tried with, and its promises. */
export interface Tried<Options extends CommonOptions> {
  readonly worlds: fc.Arbitrary<WorldSpec>;
  readonly options: fc.Arbitrary<Options>;
  readonly observe: (world: WorldSpec, options: Options, script: Script) => Promise<Observed<Options>>;
  /** Throws an AssertionError that names the broken promise. */
  readonly checkInvariants: (run: Observed<Options>) => void;
}

/** Whatever AWS, other people and the user do, every promise is kept. */
export async function assertPromisesKept<Options extends CommonOptions>(
  { worlds, options, observe, checkInvariants }: Tried<Options>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(worlds, options, arbitraryScript, async (world, asked, script) => {
      const run = await observe(world, asked, script);
      explainedBy([run], () => {
        checkInvariants(run);
        checkReplay(run);
      });
    }),
    tries(numRuns),
  );
}

/**
 * Where nothing goes wrong, a dry run refuses what the real run refuses, and in the same words. What it approves, `compare`
 * holds against the real run.
 */
export async function assertDryRunsRight<Options extends CommonOptions>(
  { worlds, options, observe, checkInvariants }: Tried<Options>,
  numRuns: number,
  compare: (dry: Observed<Options>, real: Observed<Options>) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(worlds, options, async (world, asked) => {
      const dry = await observe(world, { ...asked, dryRun: true }, NOTHING_WRONG);
      const real = await observe(world, { ...asked, dryRun: false }, NOTHING_WRONG);
      explainedBy([dry, real], () => {
        checkInvariants(dry);
        checkInvariants(real);
        if (dry.code !== 0) {
          return assert.deepEqual([real.code, real.stderr], [dry.code, dry.stderr.replace(" (dry run)", "")]);
        }
        assert.ok(real.code === 0 || real.code > 4, `a dry run approved what ended with ${real.code}`);
        compare(dry, real);
      });
    }),
    tries(numRuns),
  );
}

/** The real run has the plan that the dry run shows, and takes its steps; it deregisters only after success. */
export function assertSamePlan(dry: Observed, real: Observed): void {
  const [planned, carriedOut] = [dry, real].map(({ state }) => state.services[0]?.main?.plan);
  // A dry run looks further ahead, and has more to notice.
  assert.deepEqual({ ...carriedOut, notices: [] }, { ...planned, notices: [] });
  const steps = planned!.steps.map(({ kind }) => kind).filter((kind) => kind !== "deregister" || hasSucceeded(real));
  assert.deepEqual(real.events.flatMap((event) => event.kind === "stepStarted" ? [event.step.kind] : []), steps);
}

/** Adds to what is broken the whole of the runs in which it is. */
function explainedBy(runs: readonly Observed[], check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error([(error as Error).message, ...runs.map(describeRun)].join("\n"));
  }
}
