/** Where a text was found: the index of its first character, and the one behind its last. */
export type Span = readonly [start: number, end: number];

/** Every text that is searched for has this many characters at the least. */
export const SHORTEST_SEARCHED = 6;

const PAIRS = 65_536;

/**
 * Finds any of many texts in another. They are kept by their beginnings: a regular expression of thousands of texts takes
 * seconds to compile, and one of a few hundred kilobytes is refused, with all of the texts in the message.
 */
export class TextFinder {
  readonly #byBeginning = new Map<string, string[]>();
  /** By the first two characters, whether a text may begin there: at most places of what is searched none does. */
  readonly #mayBegin = new Uint8Array(PAIRS);

  /** Adds a text of `SHORTEST_SEARCHED` characters or more. */
  add(text: string): void {
    const beginning = text.slice(0, SHORTEST_SEARCHED);
    const alike = this.#byBeginning.get(beginning);
    this.#mayBegin[pairAt(text, 0)] = 1;
    if (alike === undefined) this.#byBeginning.set(beginning, [text]);
    else alike.push(text);
  }

  find(text: string): Span[] {
    const spans: Span[] = [];
    if (this.#byBeginning.size === 0) return spans;
    for (let start = 0; start + SHORTEST_SEARCHED <= text.length; start++) {
      if (this.#mayBegin[pairAt(text, start)] === 0) continue;
      const alike = this.#byBeginning.get(text.slice(start, start + SHORTEST_SEARCHED));
      if (alike === undefined) continue;
      const longest = alike.reduce((most, one) => text.startsWith(one, start) ? Math.max(most, one.length) : most, 0);
      if (longest > 0) spans.push([start, start + longest]);
    }
    return mergeSpans(spans);
  }
}

/** A number for two characters; few pairs share one. */
function pairAt(text: string, index: number): number {
  return (text.charCodeAt(index) * 251 + text.charCodeAt(index + 1)) % PAIRS;
}

/** Makes one of spans that overlap. They are in the order of their beginnings. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const [start, end] of spans) {
    const last = merged.at(-1);
    if (last !== undefined && start < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}
