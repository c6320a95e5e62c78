import { onOneLine } from "../log.ts";

/**
 * Words of others in Markdown: they stand in code only, which cannot be left from within, where GitHub makes no links,
 * mentions or images of them either.
 */

/** A text within a line. */
export function codeSpan(text: string): string {
  const code = onOneLine(text);
  if (code.trim() === "") return "(empty)";
  const fence = "`".repeat(longestRun(code) + 1);
  // A space on either side is taken off again by whoever renders it.
  const padding = /^[` ]|[` ]$/.test(code) ? " " : "";
  return `${fence}${padding}${code}${padding}${fence}`;
}

/** Lines of text as they are. `language` is a word for colouring it. */
export function codeBlock(lines: readonly string[], language: "text" | "sh" | "diff"): string[] {
  const code = lines.map(onOneLine);
  const fence = "`".repeat(Math.max(3, ...code.map((line) => longestRun(line) + 1)));
  return [fence + language, ...code, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
