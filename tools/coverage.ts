import { transformSync } from "esbuild";
import { sourceFiles } from "./source_files.ts";

/** What the tests have seen of one source file. */
export interface FileCoverage {
  readonly path: string;
  readonly lines: number;
  readonly coveredLines: number;
  /** False when no test has loaded the file at all. */
  readonly isLoaded: boolean;
}

/**
 * The line coverage of every source file below `directory`. Deno reports on the files that were loaded; the others
 * count here with none of their lines covered, unless they hold types only and so have nothing to run.
 *
 * @param rawCoverage where `deno test --coverage` has left its data
 */
export async function coverageOf(directory: string, rawCoverage: string): Promise<FileCoverage[]> {
  const loaded = parseLcov(await lcov(directory, rawCoverage), await Deno.realPath("."));
  const paths = await sourceFiles(directory);
  const files = await Promise.all(paths.map(async (path) => {
    const counted = loaded.get(path);
    if (counted !== undefined) return { path, ...counted, isLoaded: true };
    return { path, lines: countCodeLines(await Deno.readTextFile(path)), coveredLines: 0, isLoaded: false };
  }));
  return files.filter(({ isLoaded, lines }) => isLoaded || lines > 0);
}

async function lcov(directory: string, rawCoverage: string): Promise<string> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["coverage", "--quiet", "--lcov", `--include=/${directory}/`, rawCoverage],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("deno coverage failed");
  return new TextDecoder().decode(stdout);
}

/**
 * Reads the lines and covered lines of each file from a report in the lcov format.
 *
 * @param root the directory that the paths of the answer are relative to
 */
export function parseLcov(report: string, root: string): Map<string, { lines: number; coveredLines: number }> {
  const files = new Map<string, { lines: number; coveredLines: number }>();
  for (const record of report.split("end_of_record")) {
    const path = record.match(/^SF:(.*)$/m)?.[1]?.replaceAll("\\", "/");
    if (path === undefined) continue;
    const counts = [...record.matchAll(/^DA:\d+,(\d+)/gm)].map((line) => Number(line[1]));
    files.set(path.slice(root.length + 1), { lines: counts.length, coveredLines: counts.filter((n) => n > 0).length });
  }
  return files;
}

/** How many lines are left of a TypeScript source without its types and comments. */
export function countCodeLines(source: string): number {
  const { code } = transformSync(source, { loader: "ts", legalComments: "none" });
  return code.split("\n").filter((line) => line.trim() !== "").length;
}

/** Covered lines of all files, in per cent; 100 when there are no lines. */
export function linePercentage(files: readonly FileCoverage[]): number {
  const lines = sum(files.map((file) => file.lines));
  return lines === 0 ? 100 : 100 * sum(files.map((file) => file.coveredLines)) / lines;
}

/** A table with a line for each file, the least covered first, and one for all of them. */
export function formatCoverage(files: readonly FileCoverage[]): string {
  const rows = files.map((file) => ({ path: file.path, percentage: linePercentage([file]) }))
    .toSorted((a, b) => a.percentage - b.percentage);
  const all = { path: "line coverage of all files", percentage: linePercentage(files) };
  return [...rows, all].map(({ path, percentage }) => `${percentage.toFixed(1).padStart(5)} %  ${path}`).join("\n");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
