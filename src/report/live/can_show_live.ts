import type { Environment, Output } from "../../host.ts";

/**
 * Whether `output` is a terminal on which lines can be drawn anew. `TERM` says so, or Windows Terminal, which does not set
 * it; without either nobody knows what an escape sequence would do.
 */
export function canShowLive({ isTerminal }: Pick<Output, "isTerminal">, env: Pick<Environment, "get">): boolean {
  const terminal = env.get("TERM") || env.get("WT_SESSION") || "dumb";
  return isTerminal && terminal !== "dumb";
}
