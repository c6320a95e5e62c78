/**
 * What no output for people may hold, as ranges of code points, from Unicode's tables and not from what the program
 * has: controls but for the line feed, what turns the direction of a text, what takes no room, separators, halves of
 * pairs.
 */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x09],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** A text with one of each kind, and the first and the last of each range. */
export const INVISIBLE_TEXT = `a${
  RANGES.flat().map((codePoint) => codePoint >= 0xd800 && codePoint <= 0xdfff ? "" : String.fromCodePoint(codePoint))
    .join("")
}\u200d\u202eb\ud800c\udfffd\x1b[2J${"\u0301".repeat(40)}`;

/** The invisible characters of a text, in hexadecimal, each once. */
export function findInvisible(text: string): string[] {
  const found = new Set<string>();
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    if (RANGES.some(([first, last]) => codePoint >= first && codePoint <= last)) found.add(codePoint.toString(16));
  }
  return [...found];
}
