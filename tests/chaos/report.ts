import type { Finding } from "./try_cells.ts";

/** What came of the runs, as text. */

const KINDS = ["lost", "misreported", "overTime"] as const;
const LAST_LINES = 12;

export function hasFailed({ verdict }: Finding): boolean {
  return KINDS.some((kind) => verdict[kind].length > 0);
}

/** One line for each scene, and one for all together: tried, lost, misreported, over time. */
export function formatTable(findings: readonly Finding[], tookMs: number): string {
  const scenes = [...new Set(findings.map(({ cell }) => cell.scene.name))].sort();
  const width = Math.max(...scenes.map((name) => name.length), "all".length);
  const row = (name: string, rows: readonly Finding[]) => {
    const counts = KINDS.map((kind) => rows.filter(({ verdict }) => verdict[kind].length > 0).length);
    const codes = [...new Set(rows.map(({ run }) => run.code))].sort((one, other) => one - other)
      .map((code) => `${code}: ${rows.filter(({ run }) => run.code === code).length}`).join(", ");
    const numbers = [rows.length, ...counts].map((count, index) => String(count).padStart([8, 7, 14, 12][index]!));
    return `${name.padEnd(width)}${numbers.join("")}   ${codes}`;
  };
  return [
    `${"".padEnd(width)}   tried   lost   misreported   over time   exit codes`,
    ...scenes.map((name) => row(name, findings.filter(({ cell }) => cell.scene.name === name))),
    row("all", findings),
    `in ${(tookMs / 1_000).toFixed(0)} s`,
  ].join("\n");
}

/** What is wrong with a run, what was seen of it, and how to have it again. */
export function formatFinding({ cell, run, verdict }: Finding): string {
  const problems = KINDS.flatMap((kind) => verdict[kind].map((why) => `  ${kind}: ${why}`));
  const said = run.stderr.trimEnd().split("\n").slice(-LAST_LINES).map((line) => `  | ${line.slice(0, 300)}`);
  return [
    cell.name,
    ...problems,
    `  exit code ${run.code} after ${(run.tookMs / 1_000).toFixed(1)} s; calls: ${run.arrived.join(" ")}`.slice(
      0,
      1_500,
    ),
    ...said,
    `  again: deno task chaos '${cell.name}'`,
  ].join("\n");
}
