import { ConfigError } from "../errors.ts";

/** Characters of a config, definition or envfile: hundreds of times those of a real one. */
export const LONGEST_TEXT = 1_000_000;

/**
 * Refuses a text that is too long: it is another file, named by mistake, and parsing takes many times its memory.
 *
 * @param forWhat follows "is too large"
 * @throws ConfigError, which says how large it is
 */
export function checkSize(text: string, file: string, forWhat: string): void {
  if (text.length <= LONGEST_TEXT) return;
  const [length, most] = [text.length, LONGEST_TEXT].map((count) => count.toLocaleString("en-US"));
  throw new ConfigError(`is too large ${forWhat}: ${length} characters, of at most ${most}`, { file });
}
