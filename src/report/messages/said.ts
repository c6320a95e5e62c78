/** How a plan ended: one line, and further lines. */
export interface Said {
  /** An error or a refusal, without a full stop, for a command may be its end; the sentences follow on the same line. */
  readonly line?: string;
  /** Each has its full stop, or is empty. */
  readonly sentences: readonly string[];
  readonly more?: readonly string[];
  /** Whether one of the sentences says what is live. */
  readonly saysLive?: boolean;
}

/** The lines of an error or a refusal. */
export function sayAll([line, ...more]: readonly string[]): Said {
  return line === undefined ? { sentences: [] } : { line, sentences: [], more };
}

/** What is said on one line, as sentences. */
export function sentencesOf({ line, sentences }: Said): readonly string[] {
  if (line === undefined) return sentences;
  // AWS's words, which may be the end of it, may have one.
  return [line.endsWith(".") ? line : `${line}.`, ...sentences];
}

/** The same as text. */
export function joinSaid(said: Said): string {
  const { line, sentences } = said;
  const isAlone = sentences.every((sentence) => sentence === "");
  return line !== undefined && isAlone ? line : sentencesOf(said).filter((sentence) => sentence !== "").join(" ");
}

/** Adds sentences, the first of them right after what is said first. */
export function sayNext(said: Said, next: string, ...last: readonly string[]): Said {
  const { line, sentences } = said;
  const [first, rest] = line === undefined ? [sentences.slice(0, 1), sentences.slice(1)] : [[], sentences];
  return { ...said, sentences: [...first, next, ...rest, ...last] };
}
