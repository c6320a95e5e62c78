const RESET = "\x1b[0m";

/** Colours the lines of a unified diff by what they begin with. */
export function colorDiff(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const color = colorOf(line);
    return color === "" ? line : color + line + RESET;
  });
}

function colorOf(line: string): string {
  if (line.startsWith("---") || line.startsWith("+++")) return "\x1b[1m";
  if (line.startsWith("@@")) return "\x1b[36m";
  if (line.startsWith("-")) return "\x1b[31m";
  return line.startsWith("+") ? "\x1b[32m" : "";
}
