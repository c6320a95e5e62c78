/** One thing that is checked; small enough to be run alone, by a part of its name. */
export interface Check {
  readonly name: string;
  /** Throws a `Skipped` when it cannot be carried out here, any other error when something is not as it has to be. */
  run(): Promise<void>;
}

/** Checks that need the same things. */
export interface Group {
  readonly name: string;
  readonly checks: readonly Check[];
  /** Makes ready what the checks need. Throws a `Skipped` when that is not to be had. */
  open(): Promise<void>;
}

/** Why a check could not be carried out. */
export class Skipped extends Error {}

export interface Totals {
  readonly ok: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Runs the checks of a group, one after the other, and prints a line for each.
 *
 * @param wanted parts of names; a check runs when its name, with its group's before it, has one of them; none means all
 * @param print where the lines go
 */
export async function runGroup(
  group: Group,
  wanted: readonly string[],
  print: (line: string) => void,
): Promise<Totals> {
  const fullName = ({ name }: Check) => `${group.name}: ${name}`;
  const isWanted = (check: Check) => wanted.length === 0 || wanted.some((part) => fullName(check).includes(part));
  const checks = group.checks.filter(isWanted);
  const totals = { ok: 0, failed: 0, skipped: 0 };
  if (checks.length === 0) return totals;
  try {
    await group.open();
  } catch (error) {
    const isSkipped = error instanceof Skipped;
    print(`${isSkipped ? "skipped" : "FAILED "} ${group.name}, all of ${checks.length}: ${describe(error)}`);
    totals[isSkipped ? "skipped" : "failed"] += checks.length;
    return totals;
  }
  for (const check of checks) {
    try {
      await check.run();
      totals.ok++;
      print(`ok      ${fullName(check)}`);
    } catch (error) {
      const isSkipped = error instanceof Skipped;
      totals[isSkipped ? "skipped" : "failed"]++;
      print(`${isSkipped ? "skipped" : "FAILED "} ${fullName(check)}: ${describe(error)}`);
    }
  }
  return totals;
}

/** The message of an error; what follows its first line is indented. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().replaceAll("\n", "\n          ");
}
