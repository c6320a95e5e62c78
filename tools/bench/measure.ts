/** Something that is measured. */
export interface Subject {
  readonly name: string;
  /** Does it once and resolves to what was measured. */
  run(): Promise<number>;
}

/**
 * Measures the subjects side by side: A B C, A B C and so on. A machine that slows down for a while then slows all of
 * them, and the ratios hold.
 *
 * @param warmUps rounds that do not count; the first ones read the files from the disk
 * @returns what was measured in each round, by the subjects' names
 */
export async function measure(
  subjects: readonly Subject[],
  rounds: number,
  warmUps: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const values = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const subject of subjects) {
      const value = await subject.run();
      if (round >= 0) values.get(subject.name)!.push(value);
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
