/**
 * What a path leads to. `stream`: a pipe, a device, a socket; it may have no end, and opening it may wait for somebody.
 */
export type PathKind = "file" | "folder" | "stream";

/**
 * Looks without opening; `undefined` when there is nothing. Throws the system's error when it cannot be looked at.
 *
 * Deno keeps what is below /dev and /proc from a program that is not allowed everything: 2.9 does not look at it, either.
 */
export async function lookAt(path: string): Promise<PathKind | undefined> {
  if (standardStreamOf(path) !== undefined) return "stream";
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) return "folder";
    // Windows has kinds of its own, which open like files.
    if (Deno.build.os === "windows") return "file";
    return isFile && !/^\/(?:dev|proc)\//.test(path) ? "file" : "stream";
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return "stream";
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The same, but `undefined` also for what cannot be looked at. */
export async function kindOf(path: string): Promise<PathKind | undefined> {
  try {
    return await lookAt(path);
  } catch {
    return undefined;
  }
}

/** Where a path leads, absolute, once all links are followed; `undefined` when nothing is there. */
export async function realPath(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The number of the standard stream that a path stands for; `undefined` for any other. */
export function standardStreamOf(path: string): 0 | 1 | 2 | undefined {
  const found = STANDARD_STREAMS.findIndex((names) => names.includes(path));
  return found === -1 ? undefined : found as 0 | 1 | 2;
}

const STANDARD_STREAMS: readonly (readonly string[])[] = ["stdin", "stdout", "stderr"].map((name, number) => [
  `/dev/${name}`,
  `/dev/fd/${number}`,
  `/proc/self/fd/${number}`,
]);
