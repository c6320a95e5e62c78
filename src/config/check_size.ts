import { ConfigError } from "../errors.ts";

/** Characters of a config, definition or envfile: hundreds of times those of a real one. */
export const LONGEST_TEXT = 1_000_000;

/** Characters of a file with AWS profiles, or with certificates: several times those of a large company's. */
export const LONGEST_LIST = 4_000_000;

/**
 * Refuses a text that is too long: it is another file, named by mistake, and parsing takes many times its memory.
 *
 * @param forWhat follows "is too large"
 * @param longest in characters
 * @throws ConfigError, which says how large it is
 */
export function checkSize(text: string, file: string, forWhat: string, longest = LONGEST_TEXT): void {
  if (text.length <= longest) return;
  const [length, most] = [text.length, longest].map((count) => count.toLocaleString("en-US"));
  throw new ConfigError(`is too large ${forWhat}: ${length} characters, of at most ${most}`, { file });
}
