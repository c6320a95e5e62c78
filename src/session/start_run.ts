import type { LastWords } from "../report/last_words.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { type RunLimits, startLimits } from "./run_limits.ts";

/** A run before its files are read. */
export interface StartedRun {
  readonly limits: RunLimits;
  /** What is said when a second stop signal ends the program before it has tidied up. */
  readonly leaves: { lastWords: LastWords };
}

/** Starts to count the time and to listen for stop signals. */
export function startRun(context: Context, { timeoutMs }: GlobalOptions): StartedRun {
  const leaves: StartedRun["leaves"] = { lastWords: { order: [], scaling: [] } };
  const limits = startLimits(context.host, timeoutMs, (exitCode) => {
    for (const line of [...leaves.lastWords.order, ...leaves.lastWords.scaling]) context.log?.error(line);
    // What has to be written to files is lost: nothing is waited for any more.
    void context.audience.finish(exitCode);
  });
  return { limits, leaves };
}
