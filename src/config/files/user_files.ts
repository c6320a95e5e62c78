import { dirname, isAbsolute, join } from "node:path";
import { ConfigError, reasonOf, StoppedError } from "../../errors.ts";
import type { FileReader } from "../../host.ts";
import type { FileKind, LargeText } from "../../problems.ts";

/** Characters of a config, definition or envfile: a real one has hundreds of times fewer. */
export const LONGEST_TEXT = 1_000_000;

/** Characters of a file with AWS profiles or certificates: several times what a large company's has. */
export const LONGEST_LIST = 4_000_000;

/**
 * Reads a file that the user named.
 *
 * @param setting the variable or key that names the file, if messages have to say it
 * @throws ConfigError when the file cannot be read (a folder, no permission), or is too large; StoppedError
 */
export async function readUserFile(path: string, files: FileReader, setting?: string): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    throw new ConfigError({ code: "cannotRead", reason: reasonOf(error), setting }, { file: path });
  }
}

/** The same for a file that has to exist. Also throws a ConfigError if it does not. */
export async function requireUserFile(path: string, kind: FileKind, files: FileReader): Promise<string> {
  const text = await readUserFile(path, files);
  if (text === undefined) throw new ConfigError({ code: "noSuchFile", kind }, { file: path });
  return text;
}

/**
 * Refuses a text that is too long: it comes from a file named by mistake, and parsing would take many times its memory.
 *
 * @throws ConfigError with the text's size
 */
export function checkSize(text: string, file: string, what: LargeText, most = LONGEST_TEXT): void {
  if (text.length > most) throw new ConfigError({ code: "tooLarge", text: what, length: text.length, most }, { file });
}

/** The text without the byte order mark of Windows editors, which would shift every column of line 1. */
export function stripByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** A path that a file names: a relative one counts from the folder of that file. */
export function resolveBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(folderOf(file), path);
}

/** The folder of a file. `/dev/stdin` and the like count from the working directory; `/dev/shm` is a folder. */
export function folderOf(file: string): string {
  return /^\/(?:dev\/(?!shm\/)|proc\/)/.test(file) ? "." : dirname(file);
}
