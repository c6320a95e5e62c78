import { dirname, isAbsolute, join } from "node:path";

/** A path that a file names: a relative one counts from the folder of that file. */
export function resolveBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}
