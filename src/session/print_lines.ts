import { formatJsonLine, onOneLine } from "../report/log.ts";
import type { Context } from "./context.ts";

const PREFIXES = { warn: "warning: ", error: "error: " } as const;

/** Prints lines that are about one thing: to the log, or while the config has not yet said what that is about, without. */
export function printLines(
  level: keyof typeof PREFIXES,
  lines: readonly string[],
  { host: { clock }, audience: { stderr }, log, logFormat }: Context,
): void {
  if (log !== undefined) return lines.forEach((line) => log[level](line));
  const atMs = clock.now();
  const written = logFormat === "json"
    ? lines.map((message) => formatJsonLine({ atMs, level, subject: "", message }))
    : lines.map((line, index) => `${index === 0 ? PREFIXES[level] : "  "}${onOneLine(line)}`);
  stderr.write(written.map((line) => `${line}\n`).join(""));
}
