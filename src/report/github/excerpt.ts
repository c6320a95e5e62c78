interface ExcerptLimits {
  /** How many of the first lines are kept, and how many of the last. */
  readonly first: number;
  readonly last: number;
  /** Characters of a line. */
  readonly lineLength: number;
}

/** The beginning and the end of many lines: what is kept of them never grows beyond its limits. */
export class Excerpt {
  readonly #limits: ExcerptLimits;
  readonly #kept: string[] = [];
  #leftOut = 0;

  constructor(limits: ExcerptLimits, lines: readonly string[] = []) {
    this.#limits = limits;
    for (const line of lines) this.add(line);
  }

  add(line: string): void {
    const { first, last, lineLength } = this.#limits;
    this.#kept.push(cut(line, lineLength));
    if (this.#kept.length <= first + last) return;
    this.#kept.splice(first, 1);
    this.#leftOut++;
  }

  /** What is kept, with a line for what is left out. */
  lines(): string[] {
    if (this.#leftOut === 0) return [...this.#kept];
    const { first } = this.#limits;
    return [...this.#kept.slice(0, first), `... (${this.#leftOut} left out) ...`, ...this.#kept.slice(first)];
  }
}

/** The text, or as much of it as fits with an ellipsis behind it. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
