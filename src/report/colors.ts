/** The escape sequences (SGR) of the colours that are used, without their beginning and end. */
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

export type Color = keyof typeof CODES;

/** The text in a colour, for a terminal. */
export function paint(text: string, color: Color | undefined): string {
  return color === undefined || text === "" ? text : `\x1b[${CODES[color]}m${text}\x1b[0m`;
}
