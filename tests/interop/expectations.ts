/** Why something cannot be had on this machine. */
export class Skipped extends Error {}

/** One thing that is compared; `run` throws where the two programs differ. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
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
export function expecting(checks: readonly Check[], expectations: readonly Expectation[]): Check[] {
  const names = checks.map(({ name }) => name);
  const unknown = expectations.flatMap(({ checks }) => checks).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no check "${unknown}", which an expectation names`);
  return checks.map((check) => {
    const expected = expectations.filter(({ checks }) => checks.includes(check.name));
    return expected.length === 0 ? check : meeting(check, expected);
  });
}

function meeting(check: Check, expected: readonly Expectation[]): Check {
  const names = expected.map(({ name }) => name).join("; ");
  return {
    name: `${check.name} (differs on purpose: ${names})`,
    async run() {
      const failure = await check.run().then(() => undefined, (error) => error);
      if (failure === undefined) throw new Error("there is no difference any more: take the expectation away");
      const unseen = expected.find(({ seen }) => !seen.test(messageOf(failure)));
      if (unseen) throw new Error(`not the difference that was expected (${unseen.name}): ${messageOf(failure)}`);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
