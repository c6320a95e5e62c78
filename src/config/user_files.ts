import { dirname, isAbsolute, join } from "node:path";
import { ConfigError, firstLineOf, StoppedError } from "../errors.ts";
import type { FileReader } from "../host.ts";

/** Characters of a config, definition or envfile: hundreds of times those of a real one. */
export const LONGEST_TEXT = 1_000_000;

/** Characters of a file with AWS profiles, or with certificates: several times those of a large company's. */
export const LONGEST_LIST = 4_000_000;

/**
 * Reads a file that the user named.
 *
 * @throws ConfigError when the file cannot be read (a folder, no permission), or is too large; StoppedError
 */
export async function readUserFile(path: string, files: FileReader): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    throw new ConfigError(`cannot be read: ${firstLineOf(error)}`, { file: path });
  }
}

/**
 * Refuses a text that is too long: it is another file, named by mistake, and parsing takes many times its memory.
 *
 * @param forWhat follows "is too large"
 * @throws ConfigError with the text's size
 */
export function checkSize(text: string, file: string, forWhat: string, longest = LONGEST_TEXT): void {
  if (text.length <= longest) return;
  const [length, most] = [text.length, longest].map((count) => count.toLocaleString("en-US"));
  throw new ConfigError(`is too large ${forWhat}: ${length} characters, of at most ${most}`, { file });
}

/** The text without the byte order mark of Windows editors, which would shift every column of line 1. */
export function stripByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** A path that a file names: a relative one counts from the folder of that file. */
export function resolveBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(folderOf(file), path);
}

/** The folder of a file. What is in none, such as `/dev/stdin`, counts from the working directory; `/dev/shm` is a folder. */
export function folderOf(file: string): string {
  return /^\/(?:dev\/(?!shm\/)|proc\/)/.test(file) ? "." : dirname(file);
}
