import { median, middleHalf } from "./measure.ts";

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
