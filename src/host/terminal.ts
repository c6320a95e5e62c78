import { abortOf } from "./sleep.ts";
import type { TerminalSize } from "../host.ts";
import { LONGEST_TYPED } from "./bounds.ts";

/** The next line that is typed, without its end; `undefined` when there is none, or `signal` is aborted first. */
export async function readLine(signal: AbortSignal): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let line = "";
  const aborted = abortOf(signal).then(() => null);
  // A terminal hands over a line at a time, so nothing behind its end is lost.
  for (const buffer = new Uint8Array(1_024);;) {
    // A job in the background, or one whose terminal is gone, may not read.
    const count = await Promise.race([Deno.stdin.read(buffer).catch(() => null), aborted]);
    if (count === null) return undefined;
    line += decoder.decode(buffer.subarray(0, count), { stream: true });
    const end = line.indexOf("\n");
    if (end >= 0) return line.slice(0, end).replace(/\r$/, "");
    // Nobody types that: it is no answer.
    if (line.length > LONGEST_TYPED) return undefined;
  }
}

/** Never throws. */
export function terminalSize(): TerminalSize {
  try {
    return Deno.consoleSize();
  } catch {
    return { columns: 0, rows: 0 };
  }
}
