/** Random runs of a command that moves a service, and what has to hold for all of them. */
import fc from "fast-check";
import assert from "node:assert/strict";
import { tries } from "./how_often.ts";
import { type CommonOptions, describeRun, type Observed } from "./observed.ts";
import { arbitraryScript } from "./arbitrary_script.ts";
import { NOTHING_WRONG, type Script } from "./rollback_faults.ts";
import { checkReplay, hasSucceeded } from "./run_invariants.ts";
import type { WorldSpec } from "./world_spec.ts";

/** A command, the worlds and options that it is tried with, and its promises. */
export interface Tried<Options extends CommonOptions> {
  readonly worlds: fc.Arbitrary<WorldSpec>;
  readonly options: fc.Arbitrary<Options>;
  readonly observe: (world: WorldSpec, options: Options, script: Script) => Promise<Observed<Options>>;
  /** Throws an AssertionError that names the broken promise. */
  readonly checkInvariants: (run: Observed<Options>) => void;
  /** Holds a dry run that approves against the real run. */
  readonly compare: (dry: Observed<Options>, real: Observed<Options>) => void;
}

/**
 * Whatever AWS, other people and the user do, every promise is kept.
 *
 * @param dryRuns against so many of the real runs in which nobody does anything, a dry run is held: a real run takes long
 * @returns how many there were
 */
export async function assertPromisesKept<Options extends CommonOptions>(
  tried: Tried<Options>,
  numRuns: number,
  dryRuns = 0,
): Promise<number> {
  const { worlds, options, observe, checkInvariants } = tried;
  let held = 0;
  await fc.assert(
    fc.asyncProperty(worlds, options, arbitraryScript, async (world, asked, script) => {
      const run = await observe(world, asked, script);
      explainedBy([run], () => {
        checkInvariants(run);
        checkReplay(run);
      });
      const isCalm = script.faults.length === 0 && script.stop === null;
      if (asked.dryRun || !isCalm || held === dryRuns) return;
      await assertDryRunRight(tried, run);
      held++;
    }),
    tries(numRuns),
  );
  return held;
}

/** Where nothing goes wrong, dry runs are right. */
export async function assertDryRunsRight<Options extends CommonOptions>(
  tried: Tried<Options>,
  numRuns: number,
): Promise<void> {
  const { worlds, options, observe, checkInvariants } = tried;
  await fc.assert(
    fc.asyncProperty(worlds, options, async (world, asked) => {
      const real = await observe(world, { ...asked, dryRun: false }, NOTHING_WRONG);
      explainedBy([real], () => checkInvariants(real));
      await assertDryRunRight(tried, real);
    }),
    tries(numRuns),
  );
}

/** A dry run refuses what the real run refuses, and in the same words. What it approves is compared with that. */
async function assertDryRunRight<Options extends CommonOptions>(
  { observe, checkInvariants, compare }: Tried<Options>,
  real: Observed<Options>,
): Promise<void> {
  const dry = await observe(real.world, { ...real.options, dryRun: true }, NOTHING_WRONG);
  explainedBy([dry, real], () => {
    checkInvariants(dry);
    if (dry.code !== 0) {
      return assert.deepEqual([real.code, real.stderr], [dry.code, dry.stderr.replace(" (dry run)", "")]);
    }
    assert.ok(real.code === 0 || real.code > 4, `a dry run approved what ended with ${real.code}`);
    compare(dry, real);
  });
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
