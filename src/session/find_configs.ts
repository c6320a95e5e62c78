import { RefusedError } from "../errors.ts";
import type { Files } from "../host.ts";

/** Whether a path may stand for many. */
export function isPathPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * The paths of configs that one `--config` names: itself, or what matches it. Quoted, a pattern reaches the program as it is
 * typed.
 *
 * @throws RefusedError for a pattern that nothing matches
 */
export async function findConfigs(path: string, files: Pick<Files, "glob" | "kindOf">): Promise<readonly string[]> {
  // What is there under that very name is meant, whatever is in the name.
  if (!isPathPattern(path) || await files.kindOf(path) !== undefined) return [path];
  const found: string[] = [];
  for (const one of await files.glob(path)) if (await files.kindOf(one) === "file") found.push(one);
  if (found.length === 0) throw new RefusedError({ code: "noFileMatches", pattern: path });
  return found.toSorted();
}
