/** Something whose time is measured. */
export interface Subject {
  readonly name: string;
  /** Does it once and resolves to the milliseconds it took, or to those of the part that counts. */
  run(): Promise<number>;
}

export interface Measurement {
  readonly name: string;
  /** The milliseconds of each run. */
  readonly times: readonly number[];
}

/**
 * Measures the subjects side by side: A B C, A B C and so on. A machine that slows down for a while then slows all of
 * them, and the ratios hold.
 *
 * @param warmUps rounds that do not count; the first ones read the files from the disk
 */
export async function measure(subjects: readonly Subject[], rounds: number, warmUps: number): Promise<Measurement[]> {
  const times = subjects.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      const time = await subject.run();
      if (round >= 0) times[index]!.push(time);
    }
  }
  return subjects.map(({ name }, index) => ({ name, times: times[index]! }));
}

/** The middle value, or the mean of the two in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** A table of the medians, the fastest runs, and the medians' ratio to that of the first line. */
export function formatTable(measurements: readonly Measurement[]): string {
  const baseline = median(measurements[0]?.times ?? []);
  const rows = measurements.map(({ name, times }) => {
    const middle = median(times);
    return [name, middle.toFixed(1), Math.min(...times).toFixed(1), (middle / baseline).toFixed(2)];
  });
  const table = [["", "median ms", "fastest ms", "ratio"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) => {
    return row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)).join(
      "  ",
    );
  }).join("\n");
}
