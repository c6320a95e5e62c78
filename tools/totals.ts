/** How many tests had which end. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Deno's closing line, as in `ok | 4 passed (1 step) | 0 failed | 1 ignored (333ms)`. */
const closingLine =
  /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/gm;

// deno-lint-ignore no-control-regex
const colour = /\x1b\[[0-9;]*m/g;

/**
 * Reads the totals from what `deno test` printed. The last closing line counts, for a test may have printed one of its
 * own. Without any, the run ended early (a type error, for instance) and nothing passed.
 */
export function parseTotals(output: string): TestTotals {
  const last = [...output.replaceAll(colour, "").matchAll(closingLine)].at(-1);
  const [passed, failed, skipped] = [1, 2, 3].map((group) => Number(last?.[group] ?? 0));
  return { passed: passed!, failed: failed!, skipped: skipped! };
}

/** The totals of several runs together. */
export function addTotals(runs: readonly TestTotals[]): TestTotals {
  const sum = (end: keyof TestTotals) => runs.reduce((total, run) => total + run[end], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** `4 passed, 0 failed`, and `, 1 skipped` when there are any. */
export function formatTotals({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
