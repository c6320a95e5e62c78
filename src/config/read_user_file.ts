import { ConfigError, firstLineOf, StoppedError } from "../errors.ts";
import type { FileReader } from "../host.ts";

/**
 * Reads a file that the user named.
 *
 * @returns its text, or `undefined` when there is no such file
 * @throws ConfigError when it is there and cannot be read (a directory, no permission), or is too large; one line, with the
 *   file's name; a StoppedError of the reader's
 */
export async function readUserFile(path: string, files: FileReader): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    throw new ConfigError(`cannot be read: ${firstLineOf(error)}`, { file: path });
  }
}
