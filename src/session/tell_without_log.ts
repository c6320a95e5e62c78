import { formatJsonLine, onOneLine } from "../report/log.ts";
import type { Context } from "./context.ts";

const PREFIXES = { warn: "warning: ", error: "error: " } as const;

/** Tells lines that are about one thing, while nobody knows yet which service it is about. */
export function tellWithoutLog(
  level: keyof typeof PREFIXES,
  lines: readonly string[],
  { host: { clock }, audience: { stderr }, logFormat }: Context,
): void {
  const atMs = clock.now();
  const written = logFormat === "json"
    ? lines.map((message) => formatJsonLine({ atMs, level, subject: "", message }))
    : lines.map((line, index) => `${index === 0 ? PREFIXES[level] : "  "}${onOneLine(line)}`);
  stderr.write(written.map((line) => `${line}\n`).join(""));
}
