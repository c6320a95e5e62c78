import stringWidth from "string-width";

/** How many columns of a terminal a text takes, and where to cut it. Texts are one line without control characters. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a reader takes for one character, such as an emoji of several code points. */
function graphemesOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * The most columns that any terminal gives a character: one draws a family as one emoji, another draws its members side
 * by side, and a line must wrap on neither.
 */
function widthOf(grapheme: string): number {
  const apart = Array.from(grapheme, (codePoint) => stringWidth(codePoint)).reduce((sum, width) => sum + width, 0);
  return Math.max(stringWidth(grapheme), apart);
}

/** The beginning of `text` that fits into `columns`; no character is cut in two. */
export function cutToWidth(text: string, columns: number): string {
  let width = 0;
  let kept = "";
  for (const grapheme of graphemesOf(text)) {
    width += widthOf(grapheme);
    if (width > columns) break;
    kept += grapheme;
  }
  return kept;
}

/** Breaks `text` into lines of at most `columns`, between words; a longer word is broken where the line ends. */
export function wrapAtWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (displayWidth(line) > columns) {
      const start = cutToWidth(line, columns);
      // Not even one character fits.
      if (start === "") return lines;
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** How many columns `text` takes. */
export function displayWidth(text: string): number {
  return graphemesOf(text).reduce((sum, grapheme) => sum + widthOf(grapheme), 0);
}

/** How many rows a line takes, at least one: the terminal may have become narrower after the line was written. */
export function countRows(line: string, columns: number): number {
  let rows = 1;
  let column = 0;
  for (const grapheme of graphemesOf(line)) {
    const width = widthOf(grapheme);
    // A wide character moves to the next row as a whole.
    if (column > 0 && column + width > columns) {
      rows++;
      column = 0;
    }
    column += width;
  }
  return rows;
}
