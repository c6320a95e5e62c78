import type { Host } from "../host.ts";
import { meaningOfSwitch } from "../session/global_options.ts";

/** What has to be known of a command line before it is parsed, for it may turn out to be wrong. */
export interface Peeked {
  /** The command's name as typed. */
  readonly command: string | undefined;
  /** The value of the command's `--output`. */
  readonly output: string | undefined;
  readonly logFormat: string | undefined;
  readonly isForGithub: boolean;
  /** Whether colours are asked for, or declined; what cannot be read is neither. */
  readonly color: boolean | undefined;
}

/** Options that take a value: those of every command, and those that somebody may take for such and type in front. */
const WITH_VALUE = new Set([
  ...["--config", "--envfile", "--ext-str", "--ext-code", "--assume-role-arn", "--timeout", "--log-format"],
  ...[
    "--output",
    "--revision",
    "--from",
    "--tasks",
    "--wait-until",
    "--until",
    "--rollback-events",
    "--events",
    "--keeps",
  ],
]);

/**
 * Finds out how errors are to be told, also the ones in the command line itself: whoever reads NDJSON is not to find
 * nothing because an option was misspelt. Everything else waits for the real parser.
 */
export function peekArguments({ args, env }: Pick<Host, "args" | "env">): Peeked {
  return {
    command: args.find((arg, index) => !arg.startsWith("-") && !WITH_VALUE.has(args[index - 1] ?? "")),
    output: lastValue("--output", args),
    logFormat: lastValue("--log-format", args) ?? env.get("ECSPRESSO_LOG_FORMAT"),
    isForGithub: args.includes("--github") || env.get("GITHUB_ACTIONS") === "true",
    color: lastColorOption(args) ?? meaningOfSwitch(env.get("ECSPRESSO_COLOR") ?? ""),
  };
}

function lastColorOption(args: readonly string[]): boolean | undefined {
  const option = args.findLast((arg) => arg === "--color" || arg === "--no-color");
  return option === undefined ? undefined : option === "--color";
}

/** The last one counts, as for the parser. */
function lastValue(option: string, args: readonly string[]): string | undefined {
  const at = args.findLastIndex((arg) => arg === option || arg.startsWith(`${option}=`));
  if (at < 0) return undefined;
  return args[at] === option ? args[at + 1] : args[at]!.slice(option.length + 1);
}
