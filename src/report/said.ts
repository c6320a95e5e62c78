/** What a plan has come to: sentences for one line, and what else there is to say, a line each. */
export interface Said {
  readonly sentences: readonly string[];
  readonly more?: readonly string[];
}

/** What an error or a refusal says, its first line as the sentence. */
export function sayAll([first = "", ...more]: readonly string[]): Said {
  return { sentences: [first], more };
}
