import { UsageError } from "../errors.ts";

/** ECS's revision numbers are positive 32-bit integers. Throws a UsageError for anything else. */
export function parseRevision(text: string): number {
  return parseCount("--revision", text);
}

/** A positive whole number of at most 32 bits. Throws a UsageError that names the option for anything else. */
export function parseCount(option: string, text: string, wanted = "a positive whole number"): number {
  const count = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : NaN;
  if (!(count <= 2_147_483_647)) {
    throw new UsageError(`${option} takes ${wanted}, not ${JSON.stringify(text.slice(0, 60))}`);
  }
  return count;
}

/**
 * A number of tasks: whole, and maybe 0; -1, the default of kayac/ecspresso, leaves it as it is. Throws a UsageError for
 * anything else.
 */
export function parseTasks(text: string): number | "unchanged" {
  if (text === "-1") return "unchanged";
  return text === "0" ? 0 : parseCount("--tasks", text, "a whole number (-1 leaves it as it is)");
}
