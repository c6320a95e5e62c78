/** Something that is measured: does it once and resolves to what was measured. */
export type Subject = () => Promise<number>;

/**
 * Measures the subjects side by side: A B C, A B C and so on. A machine that slows down for a while then slows all of
 * them, and the ratios hold.
 *
 * @param warmUps rounds that do not count; the first ones read the files from the disk
 * @returns what was measured in each round, by the subjects' names
 */
export async function measure(
  subjects: Readonly<Record<string, Subject>>,
  rounds: number,
  warmUps: number,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const values = Object.fromEntries(Object.keys(subjects).map((name) => [name, [] as number[]]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, run] of Object.entries(subjects)) {
      const value = await run();
      if (round >= 0) values[name]!.push(value);
    }
  }
  return values;
}

/** The middle value, or the mean of the two in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Between which two values the middle half of them lies. */
export function middleHalf(values: readonly number[]): readonly [from: number, to: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const quarter = Math.floor(sorted.length / 4);
  return [sorted[quarter]!, sorted[sorted.length - 1 - quarter]!];
}

/** A line of the table: what was measured of one thing. */
export interface Row {
  readonly name: string;
  /** `undefined` where it could not be measured on this machine. */
  readonly values: readonly number[] | undefined;
  /** What the ratio is to; left out where there is none, `undefined` where it could not be measured. */
  readonly baseline?: readonly number[] | undefined;
  /** The highest ratio that is still good. */
  readonly limit?: number | undefined;
}

/** Rows of the same unit. */
export interface Section {
  readonly title: string;
  /** How many digits there are behind the point. */
  readonly digits: number;
  readonly rows: readonly Row[];
}

const HEAD = ["", "median", "middle half", "ratio", "limit", ""];
const ABSENT = "not on this machine";

/** The ratio of the medians; `undefined` where one of the two is missing. */
function ratioOf({ values, baseline }: Row): number | undefined {
  return values === undefined || baseline === undefined ? undefined : median(values) / median(baseline);
}

/** Whether a ratio was measured and is above its limit. What could not be measured breaks nothing. */
export function breaksLimit(row: Row): boolean {
  const ratio = ratioOf(row);
  return ratio !== undefined && row.limit !== undefined && ratio > row.limit;
}

/** The sections as one table: medians, between which values half of the runs lie, ratios, and whether limits hold. */
export function formatTable(sections: readonly Section[]): string {
  const lines = sections.flatMap(({ title, digits, rows }) => [[title], ...rows.map((row) => cellsOf(row, digits))]);
  const table = [HEAD, ...lines];
  const widths = HEAD.map((_, column) => Math.max(...table.map((cells) => widthOf(cells, column))));
  return table.map((cells) =>
    cells.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))
      .join("  ").trimEnd()
  ).join("\n");
}

/** A line that says only that something is absent may run across the columns. */
function widthOf(cells: readonly string[], column: number): number {
  return column > 0 && cells.length < HEAD.length ? 0 : cells[column]?.length ?? 0;
}

function cellsOf(row: Row, digits: number): string[] {
  const { name, values, limit } = row;
  const ratio = ratioOf(row);
  if (values === undefined || ("baseline" in row && ratio === undefined)) return [`  ${name}`, ABSENT];
  const [from, to] = middleHalf(values).map((value) => value.toFixed(digits));
  return [
    `  ${name}`,
    median(values).toFixed(digits),
    `${from} .. ${to}`,
    ratio?.toFixed(3) ?? "",
    limit?.toFixed(2) ?? "",
    limit === undefined ? "" : breaksLimit(row) ? "FAIL" : "PASS",
  ];
}
