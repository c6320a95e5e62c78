/** The options that say which services are meant, and how they are reached: a command on others of them has its own. */
const NAMING: ReadonlySet<string> = new Set([
  ...["--config", "--service", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--envfile", "--assume-role-arn", "--plan", "--plan-out"],
]);

/** A command line without the command's name, without what names its services, and without `--dry-run`. */
export function withoutNames(args: readonly string[]): string[] {
  const kept: string[] = [];
  let isCommandSeen = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [name = ""] = arg.split("=");
    if (NAMING.has(name)) {
      if (!arg.includes("=")) at++;
    } else if (!isCommandSeen && !arg.startsWith("-") && !isValue(args, at)) isCommandSeen = true;
    else if (arg !== "--dry-run") kept.push(arg);
  }
  return kept;
}

/** The only options that stand before a command and take a value of their own. */
const BEFORE_COMMAND: ReadonlySet<string> = new Set(["--ext-str", "--ext-code", "--timeout", "--log-format"]);

function isValue(args: readonly string[], at: number): boolean {
  return BEFORE_COMMAND.has(args[at - 1] ?? "");
}
