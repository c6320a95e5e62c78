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
  open(): Promise<unknown>;
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
  const totals = { ok: 0, failed: 0, skipped: 0 };
  const fullName = ({ name }: Check) => `${group.name}: ${name}`;
  const isWanted = (check: Check) => wanted.length === 0 || wanted.some((part) => fullName(check).includes(part));
  const attempt = async (name: string, act: () => Promise<unknown>, count: number) => {
    try {
      await act();
      return true;
    } catch (error) {
      const isSkipped = error instanceof Skipped;
      totals[isSkipped ? "skipped" : "failed"] += count;
      // What follows the first line of a message is indented.
      const message = messageOf(error).trim().replaceAll("\n", "\n          ");
      print(`${isSkipped ? "skipped" : "FAILED "} ${name}: ${message}`);
      return false;
    }
  };
  const checks = group.checks.filter(isWanted);
  if (checks.length === 0) return totals;
  if (!await attempt(`${group.name}, all of ${checks.length}`, group.open, checks.length)) return totals;
  for (const check of checks) {
    if (!await attempt(fullName(check), check.run, 1)) continue;
    totals.ok++;
    print(`ok      ${fullName(check)}`);
  }
  return totals;
}

/** Where the two programs differ on purpose. It is checked: an expectation that is not met any more is a failure. */
export interface Expectation {
  readonly name: string;
  /** What Kayac's ecspresso does. */
  readonly kayac: string;
  /** What ours does. */
  readonly ours: string;
  readonly why: string;
  /** Part of what each check says that meets the difference. */
  readonly seen: RegExp;
  /** The names of those checks. */
  readonly checks: readonly string[];
}

/**
 * The same checks, of which those that an expectation names succeed by failing as it says. Throws an Error where it names
 * a check that is not there.
 */
export function expecting(group: Group, expectations: readonly Expectation[]): Group {
  const names = group.checks.map(({ name }) => name);
  const unknown = expectations.flatMap(({ checks }) => checks).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${group.name} has no check "${unknown}", which an expectation names`);
  const checks = group.checks.map((check) => {
    const expected = expectations.filter(({ checks }) => checks.includes(check.name));
    return expected.length === 0 ? check : meeting(check, expected);
  });
  return { ...group, checks };
}

function meeting(check: Check, expected: readonly Expectation[]): Check {
  const names = expected.map(({ name }) => name).join("; ");
  return {
    name: `${check.name} (differs on purpose: ${names})`,
    async run() {
      const failure = await check.run().then(() => undefined, (error) => error);
      if (failure instanceof Skipped) throw failure;
      if (failure === undefined) throw new Error("there is no difference any more: take the expectation away");
      const unseen = expected.find(({ seen }) => !seen.test(messageOf(failure)));
      if (unseen) throw new Error(`not the difference that was expected (${unseen.name}): ${messageOf(failure)}`);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
