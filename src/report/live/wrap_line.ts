import { displayWidth } from "./display_width.ts";

/**
 * Where a command begins that somebody may paste: the AWS CLI's, or this program's, with an option or at the end. From there
 * on a line is not broken, for a shell takes the end of a line for the end of the command.
 */
const COMMAND = String.raw`(?:aws (?:--region \S+ )?[a-z][a-z\d-]+ [a-z-]+|ecspresso [a-z]+(?: -|$))`;
/** What is to be typed stands behind a colon; other commands are mentioned. */
const TYPED = [new RegExp(String.raw`(?<=: )${COMMAND}`), new RegExp(String.raw`(?<=^|\s)\(?${COMMAND}`)];

/** What continues a line is indented by as much. */
const INDENT = "  ";

/**
 * One line of text in lines for a terminal, broken between words; words that are longer than a line, and commands, are left
 * to the terminal, which copies them as they are.
 *
 * @param columns of the terminal; 0: not known, and nothing is broken
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

/** The last column stays free: some terminals go to the next row as soon as it is written to. */
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
