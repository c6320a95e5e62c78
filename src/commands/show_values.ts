import { FINDS_NOTHING, type ValueFinder } from "../definitions/hide_values.ts";
import type { Session } from "../session/session.ts";

/** How definitions are shown on stdout. */
export interface Showing {
  /** What is hidden in them. */
  readonly finder: ValueFinder | "shows all";
  /** Writes a text that has been shown so. */
  write(text: string): void;
}

/**
 * Shows definitions without the values that were looked up, or with all values where that is asked for and stdout is a
 * terminal: what is written elsewhere, such as the log of a CI job, is read by others and stays. Then a warning says so.
 */
export function chooseShowing(isAsked: boolean, { host, hidden, log, wholeStdout }: Session): Showing {
  if (isAsked && host.stdout.isTerminal) return { finder: "shows all", write: (text) => wholeStdout.write(text) };
  if (isAsked) {
    log.warn("--show-values: stdout is no terminal, so values stay hidden (render prints a definition whole)");
  }
  return { finder: hidden, write: (text) => host.stdout.write(text) };
}

/** The finder of a showing, for what is hidden in one definition only. */
export function finderOf({ finder }: Showing): ValueFinder {
  return finder === "shows all" ? FINDS_NOTHING : finder;
}
