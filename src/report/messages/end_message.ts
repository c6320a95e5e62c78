/** How a plan ended: one line, and further lines. */
export interface EndMessage {
  /** An error or a refusal, without a full stop since it may end with a command; the sentences follow on the same line. */
  readonly line?: string;
  /** Each has its full stop, or is empty. */
  readonly sentences: readonly string[];
  readonly more?: readonly string[];
  /** Whether one of the sentences says what is live. */
  readonly mentionsLive?: boolean;
}

/** The lines of an error or a refusal. */
export function endMessageOf([line, ...more]: readonly string[]): EndMessage {
  return line === undefined ? { sentences: [] } : { line, sentences: [], more };
}

/** The message without `more`, as sentences. */
export function sentencesOf({ line, sentences }: EndMessage): readonly string[] {
  if (line === undefined) return sentences;
  // It may end with AWS's words, which may have a full stop.
  return [line.endsWith(".") ? line : `${line}.`, ...sentences];
}

/** The message without `more`, as text. */
export function joinMessage(said: EndMessage): string {
  const { line, sentences } = said;
  const isAlone = sentences.every((sentence) => sentence === "");
  return line !== undefined && isAlone ? line : sentencesOf(said).filter((sentence) => sentence !== "").join(" ");
}

/** Adds sentences: `next` right after the error or the first sentence, the others at the end. */
export function addSentences(said: EndMessage, next: string, ...last: readonly string[]): EndMessage {
  const { line, sentences } = said;
  const [first, rest] = line === undefined ? [sentences.slice(0, 1), sentences.slice(1)] : [[], sentences];
  return { ...said, sentences: [...first, next, ...rest, ...last] };
}
