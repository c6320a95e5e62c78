import { dirname, isAbsolute, join } from "node:path";

/** A path that a file names: a relative one counts from the folder of that file. */
export function resolveBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(folderOf(file), path);
}

/** The folder of a file; the working directory for what is in none, such as `/dev/stdin`; `/dev/shm` is a folder. */
export function folderOf(file: string): string {
  return /^\/(?:dev\/(?!shm\/)|proc\/)/.test(file) ? "." : dirname(file);
}
