import { UsageError } from "../errors.ts";
import type { Environment } from "../host.ts";
import { meaningOfSwitch } from "./global_options.ts";

/** An alarm's own reason may have 1,023 characters, and its end matters least. */
const LONGEST_REASON = 500;

/** A longer text is cut: a rollback must not fail because of its reason. */
export function parseReason(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  if (characters.length > LONGEST_REASON) return `${characters.slice(0, LONGEST_REASON - 3).join("")}...`;
  return line;
}

interface Reasoned {
  readonly reason?: string | undefined;
  readonly dryRun?: boolean;
}

/**
 * A value of the variable that cannot be read demands a reason, too: it was set for a purpose.
 *
 * @throws UsageError
 */
export function requireReason(command: string, { reason, dryRun }: Reasoned, env: Pick<Environment, "get">): void {
  const value = env.get("ECSPRESSO_REQUIRE_REASON");
  if (reason || dryRun || value === undefined || value === "" || meaningOfSwitch(value) === false) return;
  throw new UsageError(`${command} has to say why: ECSPRESSO_REQUIRE_REASON is set`, "add --reason TEXT");
}
