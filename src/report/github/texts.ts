import type { FilePosition } from "../../problems.ts";
import { onOneLine } from "../log.ts";

/** GitHub shows 10 annotations of a kind for a step; the last one is for saying how many more there are. */
export const MOST_ANNOTATIONS = 9;

interface ExcerptLimits {
  /** How many of the first lines are kept, and how many of the last. */
  readonly first: number;
  readonly last: number;
  /** Characters of a line. */
  readonly lineLength: number;
}

/** The beginning and the end of many lines: what is kept of them never grows beyond its limits. */
export class Excerpt {
  readonly #kept: string[] = [];
  #leftOut = 0;

  constructor(private readonly limits: ExcerptLimits, lines: readonly string[] = []) {
    for (const line of lines) this.add(line);
  }

  add(line: string): void {
    const { first, last, lineLength } = this.limits;
    this.#kept.push(cut(line, lineLength));
    if (this.#kept.length <= first + last) return;
    this.#kept.splice(first, 1);
    this.#leftOut++;
  }

  /** What is kept, with a line for what is left out. */
  lines(): string[] {
    if (this.#leftOut === 0) return [...this.#kept];
    const { first } = this.limits;
    return [...this.#kept.slice(0, first), `... (${this.#leftOut} left out) ...`, ...this.#kept.slice(first)];
  }
}

/** The text, or as much of it as fits with an ellipsis behind it. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}

/**
 * Words of others in Markdown: they stand in code only, which cannot be left from within, where GitHub makes no links,
 * mentions or images of them either.
 */

/** A text within a line. */
export function codeSpan(text: string): string {
  const code = onOneLine(text);
  if (code.trim() === "") return "(empty)";
  const fence = "`".repeat(longestRun(code) + 1);
  // The renderer takes a space on either side off again.
  const padding = /^[` ]|[` ]$/.test(code) ? " " : "";
  return `${fence}${padding}${code}${padding}${fence}`;
}

/** Lines of text as they are. `language` is a word for colouring it. */
export function codeBlock(lines: readonly string[], language: "text" | "sh" | "diff" | "mermaid"): string[] {
  const code = lines.map(onOneLine);
  const fence = "`".repeat(Math.max(3, ...code.map((line) => longestRun(line) + 1)));
  return [fence + language, ...code, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/**
 * Lines that GitHub's runner takes as commands: `::name key=value,...::data`. It takes them from both outputs of a step.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */

/**
 * A message at the step, in its log and on the run's page, as one line of text.
 *
 * @param lines what it says
 * @param place where in a file of the repository; shown there, too, where a pull request changes it. The runner takes a
 * relative path for one from the root of the repository
 */
export function annotation(
  kind: "error" | "warning",
  title: string,
  lines: readonly string[],
  place?: FilePosition,
): string {
  const { file, line, column } = place ?? {};
  const properties = Object.entries({ file, line, col: column, title })
    .flatMap(([name, value]) => value === undefined ? [] : [`${name}=${escapeProperty(onOneLine(String(value)))}`]);
  return `::${kind} ${properties.join(",")}::${escapeData(lines.map(onOneLine).join("\n"))}`;
}

/** What follows, up to `GROUP_END`, is folded in the step's log. Groups cannot hold groups. */
export function groupStart(title: string): string {
  return `::group::${escapeData(onOneLine(title))}`;
}

export const GROUP_END = "::endgroup::";

/** The runner shows the lines of a message one by one, where one of the old form would look like a message of its own. */
function escapeData(text: string): string {
  return breakOldForm(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** `##[name key=value;...]data`: the runner still takes it, and does so anywhere in a line. */
export function breakOldForm(text: string): string {
  return text.replaceAll("##[", "## [");
}
