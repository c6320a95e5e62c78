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

async function main(args: readonly string[]): Promise<boolean> {
  const { seed, names } = readArguments(args);
  const startedAtMs = performance.now();
  const calm = await observeCalm();
  const matrix = matrixOf(calm, seed);
  const cells = names.length === 0
    ? matrix
    : names.flatMap((name) => findCell(name) ?? matrix.filter((cell) => cell.name.includes(name)));
  if (cells.length === 0) throw new Error(`no run is called ${names.join(" or ")}`);
  let tried = 0;
  const findings = await tryCells(cells, calm, (finding) => {
    if (hasFailed(finding)) console.log(`${formatFinding(finding)}\n`);
    if (++tried % TELL_EVERY === 0) console.error(`${tried} of ${cells.length} tried`);
  });
  console.log(formatTable(findings, performance.now() - startedAtMs));
  return !findings.some(hasFailed);
}

Deno.exit(await main(Deno.args) ? 0 : 1);
