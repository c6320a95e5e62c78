import type { TypedAgain } from "../rollout/events.ts";

/** The options that say which services are meant, and how they are reached: a command on others of them has its own. */
const NAMING: ReadonlySet<string> = new Set([
  ...["--config", "--service", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--envfile", "--assume-role-arn", "--plan", "--plan-out"],
]);

/** What else those that are left are not to have: how long it may take, and what was true when it was typed. */
const OF_THEN: ReadonlySet<string> = new Set(["--timeout", "--if-deployed-within"]);

/** The other options with a value that may stand before the command's name, and the one whose value depends on now. */
const VALUED: ReadonlySet<string> = new Set([...NAMING, ...OF_THEN, "--ext-str", "--ext-code", "--log-format", "--at"]);

/**
 * A command line as it can be given again.
 *
 * @param atMs the moment that `--at` means: how long ago that was would soon mean another one
 */
export function typeAgain(args: readonly string[], atMs?: number): TypedAgain {
  const parts = splitArguments(args).filter(([name]) => name !== "--dry-run");
  const command = parts.find(([name = ""]) => !name.startsWith("-"));
  const fixed = parts.map((part) =>
    part[0] === "--at" && atMs !== undefined ? ["--at", new Date(atMs).toISOString()] : part
  );
  const isHow = ([name = ""]: readonly string[]) => !NAMING.has(name) && !OF_THEN.has(name);
  return {
    all: fixed.filter(([name]) => name !== "--plan-out").flat(),
    how: fixed.filter((part) => isHow(part) && part !== command).flat(),
    hasPlanFile: parts.some(([name]) => name === "--plan" || name === "--plan-out"),
    givesTimeout: parts.some(([name]) => name === "--timeout"),
  };
}

/** Each option with its value, where it stands in two arguments or may; everything else stands alone. */
function splitArguments(args: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [name = "", ...value] = arg.split("=");
    if (!VALUED.has(name)) parts.push([arg]);
    else if (value.length > 0) parts.push([name, value.join("=")]);
    else parts.push([arg, ...args.slice(++at, at + 1)]);
  }
  return parts;
}
