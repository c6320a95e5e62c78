/**
 * Runs the program as a process against an emulated ECS behind somebody who misbehaves on the wire, in every way that
 * networks, proxies and AWS itself are known to, at every call of a rollback and of a deploy: `deno task chaos`.
 *
 * With names behind it: those runs only, or those of the matrix whose names contain the words. `--seed N` spreads the
 * misbehaviours over the calls in another way. Exits with 1 when anything was lost, misreported or over time.
 */

import { findCell } from "../tests/chaos/matrix.ts";
import { formatFinding, formatTable, hasFailed } from "../tests/chaos/report.ts";
import { matrixOf, observeCalm, tryCells } from "../tests/chaos/try_cells.ts";

const TELL_EVERY = 100;

function readArguments(args: readonly string[]): { seed: number; names: string[] } {
  const at = args.indexOf("--seed");
  const seed = at < 0 ? 1 : Number(args[at + 1]);
  if (!Number.isInteger(seed) || seed < 0) throw new Error("--seed takes a whole number");
  return { seed, names: at < 0 ? [...args] : args.filter((_, index) => index !== at && index !== at + 1) };
}

/** The undisturbed runs that are needed, and the cells to try. @throws Error for a name that no run has */
async function choose(names: readonly string[], seed: number) {
  const named = names.map(findCell).filter((cell) => cell !== undefined);
  if (names.length > 0 && named.length === names.length) {
    return { calm: await observeCalm(named.map(({ scene }) => scene)), cells: named };
  }
  const calm = await observeCalm();
  const matrix = matrixOf(calm, seed);
  const cells = matrix.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  if (cells.length === 0) throw new Error(`no run is called ${names.join(" or ")}`);
  return { calm, cells };
}

async function main(args: readonly string[]): Promise<boolean> {
  const { seed, names } = readArguments(args);
  const startedAtMs = performance.now();
  const { calm, cells } = await choose(names, seed);
  let tried = 0;
  const findings = await tryCells(cells, calm, (finding) => {
    if (hasFailed(finding)) console.log(`${formatFinding(finding)}\n`);
    if (++tried % TELL_EVERY === 0) console.error(`${tried} of ${cells.length} tried`);
  });
  console.log(formatTable(findings, performance.now() - startedAtMs));
  return !findings.some(hasFailed);
}

try {
  Deno.exit(await main(Deno.args) ? 0 : 1);
} catch (error) {
  console.error(`chaos: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
