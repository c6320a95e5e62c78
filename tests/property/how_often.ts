/** How often a property is tried: as FC_RUNS says. */
export const RUNS = Number(Deno.env.get("FC_RUNS") ?? 1_000);
/** What takes longer is tried less often. */
export const DEPLOYS = Math.ceil(RUNS / 4);
export const INPUTS = Math.ceil(RUNS / 4);
export const DRY_RUNS = Math.ceil(RUNS / 10);
export const FLEETS = Math.ceil(RUNS / 20);
export const DEFINITIONS = Math.ceil(RUNS / 25);

// The tests are the same for everybody; to look for what they do not find is what fuzzing is for.
const seed = Deno.env.get("FC_SEED") ?? (Deno.env.has("FC_RUNS") ? undefined : "20230101");
const path = Deno.env.get("FC_PATH");

/** The settings for so many tries; FC_SEED and FC_PATH, which a failure prints, repeat one. */
export function tries(numRuns: number) {
  if (seed === undefined) return { numRuns };
  return { numRuns, seed: Number(seed), ...(path === undefined ? {} : { path }) };
}
