import type { FilePosition } from "../../errors.ts";
import { onOneLine } from "../log.ts";

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
