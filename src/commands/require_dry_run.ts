import { UsageError } from "../errors.ts";
import type { GlobalOptions } from "../session/global_options.ts";

/** Refuses a command that would change something at the word of files that may be anybody's. Throws a UsageError. */
export function requireDryRun(
  command: string,
  { untrusted }: Pick<GlobalOptions, "untrusted">,
  dryRun: boolean | undefined,
): void {
  if (!untrusted || dryRun) return;
  throw new UsageError(`--untrusted changes nothing: ${command} works with it as a dry run only`, "add --dry-run");
}
