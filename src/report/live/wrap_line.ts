import { displayWidth } from "../display_width.ts";

/**
 * Where a command starts that somebody may paste: of the AWS CLI, or of this program with an option or nothing behind
 * it. It stays on one line, since a shell would run the first part alone.
 */
const COMMAND = String.raw`(?:aws (?:--region \S+ )?[a-z][a-z\d-]+ [a-z-]+|ecspresso [a-z]+(?: -|$))`;
/** Commands to type follow a colon; other commands are only mentioned. */
const TYPED = [new RegExp(String.raw`(?<=: )${COMMAND}`), new RegExp(String.raw`(?<=^|\s)\(?${COMMAND}`)];

/** The indentation of continued lines. */
const INDENT = "  ";

/**
 * Breaks one line of text between words, for a terminal. Long words and commands are left to the terminal: it lets
 * people copy them in one piece.
 *
 * @param columns of the terminal; 0: unknown, so nothing is broken
 */
export function wrapLine(text: string, columns: number): string[] {
  if (columns === 0 || displayWidth(text) < columns) return [text];
  const start = TYPED.map((pattern) => text.search(pattern)).find((index) => index >= 0) ?? text.length;
  const lines = wrapProse(text.slice(0, start).trimEnd(), columns);
  const command = text.slice(start);
  if (command === "") return lines;
  const [last = "", ...before] = lines.toReversed();
  const together = last === "" ? command : `${last} ${command}`;
  return displayWidth(together) < columns ? [...before.toReversed(), together] : [...lines, command];
}

/** The last column stays free: some terminals wrap as soon as it is written to. */
function wrapProse(text: string, columns: number): string[] {
  const [indent = ""] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  for (const word of text.slice(indent.length).split(" ")) {
    const longer = isEmpty ? line + word : `${line} ${word}`;
    if (isEmpty || displayWidth(longer) < columns) {
      line = longer;
      isEmpty = false;
      continue;
    }
    lines.push(line.trimEnd());
    line = indent + INDENT + word;
  }
  return [...lines, line];
}
