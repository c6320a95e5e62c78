import type { FilePosition } from "../../problems.ts";
import { onOneLine } from "../messages/log.ts";

/** GitHub shows 10 annotations of each kind per step; the last one says how many more there are. */
export const MAX_ANNOTATIONS = 9;

interface ExcerptLimits {
  /** How many of the first lines are kept, and how many of the last. */
  readonly first: number;
  readonly last: number;
  /** In characters. */
  readonly lineLength: number;
}

/** The first and the last of many lines: never keeps more than its limits allow. */
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

  /** The lines that are kept, and one that says how many are left out. */
  lines(): string[] {
    if (this.#leftOut === 0) return [...this.#kept];
    const { first } = this.limits;
    return [...this.#kept.slice(0, first), `... (${this.#leftOut} left out) ...`, ...this.#kept.slice(first)];
  }
}

/** The text, cut to `length` characters with an ellipsis at the end. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}

/**
 * Text of others in Markdown is always put in code: nothing in it can end the code, and GitHub makes no links, mentions
 * or images of it.
 */

/** Code within a line. */
export function codeSpan(text: string): string {
  const code = onOneLine(text);
  if (code.trim() === "") return "(empty)";
  const fence = "`".repeat(longestRun(code) + 1);
  // The renderer removes one space on either side.
  const padding = /^[` ]|[` ]$/.test(code) ? " " : "";
  return `${fence}${padding}${code}${padding}${fence}`;
}

/** Lines of code, as they are. `language` is for highlighting. */
export function codeBlock(lines: readonly string[], language: "text" | "sh" | "diff" | "mermaid"): string[] {
  const code = lines.map(onOneLine);
  const fence = "`".repeat(Math.max(3, ...code.map((line) => longestRun(line) + 1)));
  return [fence + language, ...code, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/**
 * Lines that GitHub's runner takes for commands, from stdout and stderr: `::name key=value,...::data`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */

/**
 * A message that GitHub shows at the step, in its log and on the run's page.
 *
 * @param lines its text
 * @param place a line of a file, where a pull request that changes it shows the message, too. The runner resolves a
 *   relative path from the root of the repository
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

/** Starts a group: the step's log folds what follows, up to `GROUP_END`. Groups cannot be nested. */
export function groupStart(title: string): string {
  return `::group::${escapeData(onOneLine(title))}`;
}

export const GROUP_END = "::endgroup::";

/** The runner shows a message line by line, so the old form of a command in it would be taken for another message. */
function escapeData(text: string): string {
  return breakOldForm(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Breaks `##[name key=value;...]data`, the old form of a command, which the runner still takes anywhere in a line. */
export function breakOldForm(text: string): string {
  return text.replaceAll("##[", "## [");
}
