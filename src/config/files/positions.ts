import { ConfigError } from "../../errors.ts";
import type { ConfigProblem, FilePosition } from "../../problems.ts";

/** A place in a text; both count from 1, and a column is a UTF-16 code unit, as in most editors. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/**
 * Indexes the lines of `text` once, for many look-ups.
 *
 * @returns a function from an offset in `text` (clamped to its length) to its line and column; a line ends with `\n`
 */
export function indexLines(text: string): (offset: number) => LineColumn {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return (offset) => {
    const clamped = Math.max(0, Math.min(offset, text.length));
    const index = findLastAtOrBefore(starts, clamped);
    return { line: index + 1, column: clamped - starts[index]! + 1 };
  };
}

/** The index of the last of ascending numbers that is not above `limit`; 0 when all are above. A binary search. */
export function findLastAtOrBefore(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ascending[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Reports a problem at an offset of a text; does not return. */
export type FailAt = (problem: ConfigProblem, offset: number) => never;

/** Makes the function that turns a problem in a text into a ConfigError with its place. */
export function failIn(positionAt: (offset: number) => FilePosition): FailAt {
  return (problem, offset) => {
    throw new ConfigError(problem, positionAt(offset));
  };
}
